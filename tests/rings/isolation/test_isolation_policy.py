from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.finding import Findings, Severity
from ringfence.rings.isolation.checks import findings as check
from ringfence.rings.isolation.policy import KEYS, IsolationPolicy, from_django, parse


def parsed(config, **settings):
    found = Findings()
    base = from_django(settings, found, overridden=frozenset(settings))
    return parse(config, found, base), found


def test_defaults():
    policy, found = parsed(None)
    assert policy == IsolationPolicy()
    assert dict(policy.fixed_headers()) == {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",
    }
    assert (policy.resources, policy.same_site) == ("enforce", False)
    assert list(found) == []
    assert check(policy) == []


@pytest.mark.parametrize(
    ("config", "headers"),
    [
        pytest.param(
            {"coop": None, "corp": False, "origin_agent_cluster": False}, {}, id="all off"
        ),
        pytest.param(
            {"coop": "same-origin-allow-popups", "corp": "cross-origin"},
            {
                "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "Origin-Agent-Cluster": "?1",
            },
            id="looser",
        ),
        pytest.param(
            {"coep": "require-corp"},
            {
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cross-Origin-Embedder-Policy": "require-corp",
                "Origin-Agent-Cluster": "?1",
            },
            id="cross-origin isolated",
        ),
    ],
)
def test_headers(config, headers):
    policy, found = parsed(config)
    assert dict(policy.fixed_headers()) == headers
    assert list(found) == []


def test_false_switches_the_ring_off():
    assert parsed(False)[0] is None


@pytest.mark.parametrize(
    ("config", "code", "fix"),
    [
        pytest.param("strict", "ISO002", "dict", id="a preset"),
        pytest.param({"resorces": "off"}, "ISO001", "resources", id="misspelt key"),
        pytest.param({3: 4}, "ISO001", "Known are", id="key of another type"),
        pytest.param({"coop": "sameorigin"}, "ISO101", "same-origin", id="misspelt coop"),
        pytest.param({"coop": True}, "ISO002", "same-origin", id="coop of another type"),
        pytest.param({"corp": "same_site"}, "ISO101", "same-site", id="misspelt corp"),
        pytest.param({"coep": "require-cors"}, "ISO101", "require-corp", id="misspelt coep"),
        pytest.param({"resources": "enforced"}, "ISO101", '"enforce"', id="misspelt resources"),
        pytest.param({"resources": ["off"]}, "ISO002", "enforce", id="resources of another type"),
        pytest.param({"same_site": "yes"}, "ISO002", "True", id="same_site of another type"),
        pytest.param({"coep": "require-corp", "coop": None}, "ISO301", "same-origin", id="no coop"),
        pytest.param(
            {"coep": "credentialless", "coop": "same-origin-allow-popups"},
            "ISO301",
            "same-origin",
            id="popups",
        ),
        pytest.param(
            {"same_site": True, "resources": "off"}, "ISO302", "enforce", id="option of nothing"
        ),
    ],
)
def test_refused(config, code, fix):
    _, found = parsed(config)
    assert [(f.code, f.severity) for f in found] == [(code, Severity.ERROR)]
    (finding,) = found
    assert finding.setting.startswith("RINGFENCE['isolation']")
    assert fix in finding.fix
    assert finding.reason


def test_every_error_is_reported_at_once():
    _, found = parsed({"cop": 1, "coop": "x", "resources": 3})
    assert [f.code for f in found] == ["ISO001", "ISO101", "ISO002"]


@pytest.mark.parametrize(
    ("settings", "coop", "codes"),
    [
        pytest.param({}, "same-origin", [], id="default"),
        pytest.param({"SECURE_CROSS_ORIGIN_OPENER_POLICY": None}, None, [], id="none"),
        pytest.param(
            {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"}, "unsafe-none", [], id="unsafe"
        ),
        pytest.param(
            {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "sameorigin"},
            "sameorigin",
            ["ISO101"],
            id="unknown keeps its meaning",
        ),
        pytest.param(
            {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "a\nb"}, None, ["ISO101"], id="no header value"
        ),
        pytest.param({"SECURE_CROSS_ORIGIN_OPENER_POLICY": 3}, None, ["ISO101"], id="another type"),
    ],
)
def test_django_opener_policy(settings, coop, codes):
    policy, found = parsed(None, **settings)
    assert policy.coop == coop
    assert [(f.code, f.severity) for f in found] == [(c, Severity.DEPLOY_ERROR) for c in codes]


@pytest.mark.parametrize(
    ("value", "kept", "codes"),
    [
        ("DENY", "DENY", []),
        ("sameorigin", "SAMEORIGIN", []),
        ("ALLOW-FROM https://a.example", "ALLOW-FROM HTTPS://A.EXAMPLE", ["ISO102"]),
        ("", "", ["ISO102"]),
        (None, "", ["ISO102"]),
        ("DENY\r\nX: y", "", ["ISO102"]),
    ],
)
def test_django_x_frame_options(value, kept, codes):
    policy, found = parsed(None, X_FRAME_OPTIONS=value)
    assert policy.x_frame_options == kept
    assert [(f.code, f.severity) for f in found] == [(c, Severity.DEPLOY_ERROR) for c in codes]


def test_x_frame_options_at_the_default_is_no_word_of_the_site():
    policy = from_django({"X_FRAME_OPTIONS": "DENY"}, Findings(), overridden=frozenset())
    assert policy.x_frame_options == ""


@pytest.mark.parametrize(
    ("ours", "django", "named"),
    [
        ("same-origin", "unsafe-none", True),
        ("same-origin", "same-origin", False),
    ],
)
def test_overruled_setting_is_named(ours, django, named):
    policy, found = parsed({"coop": ours}, SECURE_CROSS_ORIGIN_OPENER_POLICY=django)
    assert policy.coop == ours
    expected = [("ISO304", "SECURE_CROSS_ORIGIN_OPENER_POLICY")] if named else []
    assert [(f.code, f.setting) for f in found] == expected


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        (IsolationPolicy(coop=None), ["ISO201"]),
        (IsolationPolicy(coop="unsafe-none"), ["ISO201"]),
        (IsolationPolicy(coop="same-origin-allow-popups"), []),
        (IsolationPolicy(resources="off"), ["ISO202"]),
        (IsolationPolicy(resources="report"), ["ISO203"]),
        (IsolationPolicy(corp="cross-origin"), []),
    ],
)
def test_best_practice(policy, codes):
    assert [finding.code for finding in check(policy)] == codes


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=4),
    st.sampled_from(["same-origin", "require-corp", "off", "unsafe-none", "DENY", "a\r\nb"]),
    st.builds(object),
)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), scalars), inner, max_size=5),
    ),
    max_leaves=8,
)


@given(
    config=st.one_of(junk, st.dictionaries(st.sampled_from(KEYS), scalars)),
    coop=junk,
    x_frame_options=junk,
)
def test_anything_is_answered_with_findings(config, coop, x_frame_options):
    policy, found = parsed(
        config, SECURE_CROSS_ORIGIN_OPENER_POLICY=coop, X_FRAME_OPTIONS=x_frame_options
    )
    if policy is None:
        assert config is False
        return
    assert policy.resources in ("enforce", "report", "off")
    for _, value in policy.fixed_headers():
        assert value.isascii()
        assert value.isprintable()
    assert policy.x_frame_options.isprintable()
    assert all(finding.reason and finding.fix for finding in found)
