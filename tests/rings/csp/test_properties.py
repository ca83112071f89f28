"""Whatever a settings file holds: nothing raises, and no header comes out broken."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from ringfence.finding import Findings
from ringfence.rings.csp.grammar import DIRECTIVES, check_directive
from ringfence.rings.csp.policy import (
    NONCE,
    PRESETS,
    CspPolicy,
    compile_policies,
    from_django,
    from_django_csp,
    from_response_config,
    parse,
    parse_serialized,
    replace,
    update,
)
from ringfence.rings.csp.words import KEYWORDS, SOURCE_LISTS

SOURCES = st.one_of(
    st.sampled_from([*sorted(KEYWORDS), NONCE, "'none'", "*", "https:", "self", f"x{NONCE}y"]),
    st.sampled_from(["https://a.example:443/p/", "*.a.example", "'nonce-abc'", "'sha256-abc'"]),
    st.text(st.sampled_from("ab*.:/'\"-;, \t\n\0%?#@[]\u00e9<>"), max_size=12),
    st.text(max_size=8),
)
NAMES = st.one_of(st.sampled_from([*sorted(DIRECTIVES), "preset", "Script-Src"]), SOURCES)
SCALARS = st.one_of(
    SOURCES, st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=4)
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SOURCES, max_size=4),
    st.frozensets(SOURCES, max_size=3),
    st.tuples(SCALARS, SCALARS),
)
POLICIES = st.dictionaries(st.one_of(NAMES, st.integers()), VALUES, max_size=5)
CONFIGS = st.one_of(
    SCALARS,
    st.sampled_from(sorted(PRESETS)),
    POLICIES,
    st.dictionaries(
        st.one_of(st.sampled_from(["enforce", "report_only", "report_to"]), NAMES),
        st.one_of(POLICIES, st.lists(POLICIES, max_size=3), VALUES),
        max_size=3,
    ),
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6),
)


def is_sound(policy: CspPolicy) -> None:
    compiled = policy.compile()
    for text in (compiled.render(None), compiled.render("abc")):
        assert text.isascii()
        assert text.isprintable()
        assert NONCE not in text
        # Only another package's value can hold a comma, which it always could.
        assert all(part.strip() for part in text.split(";")) or not text
    assert compile_policies([policy]).plain == compiled.plain


@given(CONFIGS)
def test_parse_never_raises_and_what_it_accepts_is_sound(config):
    findings = Findings()
    ring = parse(config, findings)
    assert ring is not None or config is False or findings.errors
    if ring is None:
        return
    assert not findings.errors
    for policy in (*ring.enforce, *ring.report_only):
        is_sound(policy)
        assert "," not in policy.compile().plain
        for name, values in policy.directives:
            problems = check_directive(name, values)
            assert all(problem.code.startswith("CSP2") for problem in problems)
            if name in SOURCE_LISTS:
                assert not any("nonce-" in value for value in values)


@given(CONFIGS)
def test_existing_settings_never_raise_and_stay_sound(config):
    for policy in (
        from_django(config, Findings(), "SECURE_CSP"),
        from_django_csp(config, Findings(), "CONTENT_SECURITY_POLICY")[0],
        from_django_csp({"DIRECTIVES": config}, Findings(), "CONTENT_SECURITY_POLICY")[0],
    ):
        if policy is not None:
            is_sound(policy)


@given(POLICIES, POLICIES)
def test_response_configs_raise_nothing_but_value_errors(config, change):
    with suppress(ValueError):
        policy = from_response_config(config)
        is_sound(policy)
        is_sound(update(policy, change))
        is_sound(replace(policy, change))


@given(st.text(max_size=60))
def test_serialized_policies_are_read_the_same_again(text):
    directives = parse_serialized(text)
    again = "; ".join(" ".join((name, *values)) for name, values in directives)
    assert parse_serialized(again) == directives


@given(st.sampled_from(sorted(DIRECTIVES)), st.lists(SOURCES, max_size=4))
def test_checks_never_raise_and_always_say_why(name, values):
    for problem in check_directive(name, values):
        assert problem.reason
        assert problem.fix
