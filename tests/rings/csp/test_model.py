"""Policies compile to a header without a nonce and one with it; neither is the weaker one."""

from __future__ import annotations

import pytest

from ringfence.rings.csp.policy import (
    NONCE,
    PRESETS,
    CspPolicy,
    CspRing,
    compile_policies,
    is_nonce,
)

COMPILED = [
    (
        "no nonce",
        (("img-src", ("'self'", "data:")), ("sandbox", ())),
        "img-src 'self' data:; sandbox",
        "img-src 'self' data:; sandbox",
    ),
    (
        "nothing but the nonce becomes 'none'",
        (("default-src", ("'self'",)), ("script-src", (NONCE,))),
        "default-src 'self'; script-src 'none'",
        "default-src 'self'; script-src 'nonce-N'",
    ),
    (
        "the nonce in two directives",
        (("script-src", ("'self'", NONCE)), ("style-src", (NONCE, "a.example"))),
        "script-src 'self'; style-src a.example",
        "script-src 'self' 'nonce-N'; style-src 'nonce-N' a.example",
    ),
    (
        "unsafe-inline goes with the nonce that switched it off",
        (("script-src", (NONCE, "'unsafe-inline'", "https:")),),
        "script-src https:",
        "script-src 'nonce-N' 'unsafe-inline' https:",
    ),
    (
        "and leaves 'none' where nothing else stands",
        (("script-src", (NONCE, "'unsafe-inline'")),),
        "script-src 'none'",
        "script-src 'nonce-N' 'unsafe-inline'",
    ),
    (
        "unsafe-inline stays where strict-dynamic switches it off too",
        (("script-src", (NONCE, "'strict-dynamic'", "'unsafe-inline'")),),
        "script-src 'strict-dynamic' 'unsafe-inline'",
        "script-src 'nonce-N' 'strict-dynamic' 'unsafe-inline'",
    ),
    (
        "unsafe-inline without a nonce is as it was written",
        (("style-src", ("'unsafe-inline'",)),),
        "style-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
    ),
]


@pytest.mark.parametrize(
    ("directives", "plain", "with_nonce"),
    [row[1:] for row in COMPILED],
    ids=[row[0] for row in COMPILED],
)
def test_compile(directives, plain, with_nonce):
    compiled = CspPolicy(directives).compile()
    assert compiled.plain == compiled.render(None) == plain
    assert compiled.render("N") == "N".join(compiled.pieces) == with_nonce
    assert (len(compiled.pieces) > 1) is CspPolicy(directives).uses_nonce


def test_policies_of_other_packages_keep_unsafe_inline():
    policy = CspPolicy((("script-src", (NONCE, "'unsafe-inline'")),), keep_unsafe_inline=True)
    assert policy.compile().plain == "script-src 'unsafe-inline'"


PRESET_VALUES = {
    "base": ("object-src 'none'; base-uri 'self'; frame-ancestors 'self'",) * 2,
    "strict": (
        (
            "script-src 'strict-dynamic'; object-src 'none'; base-uri 'none'; "
            "frame-ancestors 'self'; form-action 'self'"
        ),
        (
            "script-src 'nonce-N' 'strict-dynamic'; object-src 'none'; base-uri 'none'; "
            "frame-ancestors 'self'; form-action 'self'"
        ),
    ),
    "self": (
        (
            "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; "
            "form-action 'self'"
        ),
    )
    * 2,
}


def test_the_presets_are_exactly_these():
    compiled = {name: policy.compile() for name, policy in PRESETS.items()}
    assert {
        name: (value.render(None), value.render("N")) for name, value in compiled.items()
    } == PRESET_VALUES
    assert not any(policy.frame_ancestors_explicit for policy in PRESETS.values())


def test_frame_ancestors_are_replaced_in_place_removed_and_added():
    base = PRESETS["base"]
    replaced = base.with_frame_ancestors(("'none'",))
    assert replaced.compile().plain == "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
    assert not replaced.frame_ancestors_explicit
    removed = base.with_frame_ancestors(None)
    assert removed.compile().plain == "object-src 'none'; base-uri 'self'"
    assert removed.with_frame_ancestors(("'self'",)) == base


def test_policies_of_one_header_are_joined_by_a_comma():
    compiled = compile_policies([PRESETS["strict"], CspPolicy(()), PRESETS["base"]])
    strict, base = PRESET_VALUES["strict"], PRESET_VALUES["base"]
    assert compiled.plain == f"{strict[0]}, {base[0]}"
    assert compiled.render("N") == f"{strict[1]}, {base[1]}"


def test_no_policy_is_an_empty_value():
    assert compile_policies([]).render(None) == compile_policies([]).render("N") == ""


def test_a_ring_uses_a_nonce_when_any_policy_does():
    assert CspRing(report_only=(PRESETS["strict"],)).uses_nonce
    assert not CspRing(enforce=(PRESETS["base"],)).uses_nonce


class Nonce:
    """In the shape of django-csp's placeholder."""

    def __repr__(self) -> str:
        return "csp.constants.NONCE"


class Other:
    def __repr__(self) -> str:
        return "csp.constants.NONCE"


PLACEHOLDERS = [
    ("ours", NONCE, True),
    ("django-csp's", Nonce(), True),
    ("another object of that repr", Other(), False),
    ("a string of that text", "csp.constants.NONCE", False),
    ("a source", "'self'", False),
    ("None", None, False),
]


@pytest.mark.parametrize(
    ("value", "expected"), [row[1:] for row in PLACEHOLDERS], ids=[row[0] for row in PLACEHOLDERS]
)
def test_placeholders(value, expected):
    assert is_nonce(value) is expected


def test_the_packages_own_placeholders_are_known():
    constants = pytest.importorskip("csp.constants")
    assert is_nonce(constants.NONCE)
    django_csp = pytest.importorskip("django.utils.csp")
    assert is_nonce(django_csp.CSP.NONCE)
