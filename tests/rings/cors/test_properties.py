"""Whatever is written into the settings or sent by a client: an answer, never an exception."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ringfence.finding import Findings, Severity
from ringfence.rings.cors.corsheaders import SETTINGS
from ringfence.rings.cors.explain import explain
from ringfence.rings.cors.options import SITE_KEYS
from ringfence.rings.cors.policy import CorsPolicy, from_corsheaders, parse

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.binary(max_size=4)
    | st.sampled_from(
        [
            "*",
            "null",
            "https://a.com",
            "https://*.com",
            "http://a.com",
            "^https://(",
            "file://",
            "https://[",
            "https://a.com:443",
            "x-token",
            "a.b",
            object(),
            len,
            re.compile(b"x"),
            re.compile("^https://.*$"),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=6) | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=12,
)
CONFIGS = JUNK | st.dictionaries(st.sampled_from(sorted(SITE_KEYS)), JUNK, max_size=8)
LEGACY = st.dictionaries(
    st.sampled_from(sorted({*SETTINGS, *filter(None, SETTINGS.values())})), JUNK, max_size=8
)
HEADER = st.text(max_size=60) | st.sampled_from(["", "null", "https://a.com", "x-token", "*"])


def answers(policy: CorsPolicy, origin: str, method: str, headers: str | None) -> None:
    allowed = policy.allows(origin)
    assert isinstance(allowed, bool)
    preflight = policy.preflight(origin, method, headers, True, allowed)
    assert (preflight.status == 204) is (preflight.refusal is None)
    assert allowed or preflight.status == 403
    assert preflight.status == 204 or not preflight.headers
    sent = (*preflight.headers, *(policy.actual_headers(origin) if allowed else ()))
    for name, value in sent:
        assert (value.isascii() and value.isprintable()) or value == "*", (name, value)
        if policy.credentials and name == "Access-Control-Allow-Origin":
            assert value == origin != "*"
    for line in explain("x", policy, origin, method, headers):
        assert all(char.isprintable() for char in line)


@given(CONFIGS, HEADER, HEADER, st.none() | HEADER)
def test_any_configuration(config, origin, method, headers):
    findings = Findings()
    site = parse(config, findings)
    for finding in findings:
        assert str(finding).isprintable()
    if site is not None and site.default is not None:
        answers(site.default, origin, method, headers)
    if site is not None and not findings.errors and site.default is not None:
        assert (
            not (site.default.any_origin and site.default.credentials)
            or "dangerously_any_origin_with_credentials" in config
        )


@given(LEGACY, HEADER, HEADER, st.none() | HEADER)
def test_any_legacy_settings(settings, origin, method, headers):
    findings = Findings()
    site = from_corsheaders(settings, findings)
    assert (site is None) is (not settings)
    # Moving in breaks no site: nothing in a setting of another package is refused.
    assert all(finding.severity < Severity.ERROR for finding in findings)
    if site is not None:
        answers(site.default, origin, method, headers)


LABEL = st.sampled_from(["a", "b", "evil", "x-y"])
HOST = st.lists(LABEL, min_size=1, max_size=3).map(".".join)
WRITTEN = st.tuples(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "*."]),
    st.lists(LABEL, min_size=2, max_size=3).map(".".join),
    st.sampled_from(["", ":8000"]),
)
SENT = st.tuples(st.sampled_from(["http", "https", "ftp"]), HOST, st.sampled_from(["", ":8000"]))


@given(st.lists(WRITTEN, max_size=5), SENT)
def test_allows_agrees_with_a_naive_reading(written, sent):
    findings = Findings()
    site = parse({"origins": [f"{s}://{w}{h}{p}" for s, w, h, p in written]}, findings)
    assert not findings.errors
    scheme, host, port = sent
    expected = any(
        scheme == s and port == p and (host.endswith("." + h) if w else host == h)
        for s, w, h, p in written
    )
    assert site.default.allows(f"{scheme}://{host}{port}") is expected
