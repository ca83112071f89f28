"""No value of any type makes the parsers raise, or a header that is no header."""

from __future__ import annotations

import datetime as dt
from http.cookies import SimpleCookie

from hypothesis import given
from hypothesis import strategies as st

from ringfence.finding import Findings
from ringfence.rings.transport.policy import DJANGO_NAMES, KEYS, from_django, parse
from ringfence.rings.transport.values import PERMISSIONS_FEATURES, REFERRER_POLICIES

words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(sorted(REFERRER_POLICIES)),
    st.sampled_from(["self", "*", "none", "https://a.example", "ramp", "https", "a\r\nb", 'a"b']),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(max_size=5),
    st.dates(),
    st.datetimes(),
    words,
    st.builds(object),
)
keys = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(
        ["seconds", "since", "preload", "include_subdomains", "sessionid", "host_prefix"]
    ),
    st.sampled_from(["samesite", "httponly", "secure", "dangerously_readable"]),
    st.sampled_from(sorted(PERMISSIONS_FEATURES)),
    st.text(max_size=5),
    st.integers(),
)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(keys, inner, max_size=5),
        st.frozensets(words, max_size=3),
    ),
    max_leaves=12,
)
settings = st.dictionaries(
    st.sampled_from(
        [
            *DJANGO_NAMES.values(),
            "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            "SECURE_HSTS_PRELOAD",
            "SESSION_COOKIE_NAME",
            "SESSION_COOKIE_SAMESITE",
            "SESSION_COOKIE_DOMAIN",
            "CSRF_COOKIE_NAME",
            "CSRF_COOKIE_PATH",
        ]
    ),
    junk,
    max_size=6,
)
config = st.one_of(junk, st.dictionaries(st.sampled_from(KEYS), junk, max_size=6))


@given(settings=settings, config=config, today=st.dates())
def test_anything_is_answered_with_findings(settings, config, today):
    found = Findings()
    base = from_django(settings, found, overridden=frozenset(settings))
    policy = parse(config, found, base, today=today)
    if policy is None:
        assert config is False
        return
    for name, value in policy.fixed_headers() + policy.https_headers():
        assert name.isascii()
        assert value
        assert value.isascii()
        assert value.isprintable()
    assert policy.redirect_host.isprintable()
    for finding in found:
        assert finding.reason
        assert finding.fix
        assert str(finding).isprintable()


@given(value=st.dictionaries(st.sampled_from(sorted(PERMISSIONS_FEATURES)), st.lists(words)))
def test_an_allow_list_stays_one_structured_field(value):
    found = Findings()
    policy = parse({"permissions_policy": value}, found, today=dt.date(2026, 1, 1))
    members = policy.permissions_policy.split(", ") if policy.permissions_policy else []
    assert [member.partition("=")[0] for member in members] == sorted(value)
    assert all(member.partition("=")[2].startswith("(") for member in members)
    assert policy.permissions_policy.count('"') % 2 == 0


@given(
    # Patched Pythons let no control character into a morsel in the first place.
    samesite=st.one_of(
        st.none(),
        st.booleans(),
        st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8),
    ),
    secure=st.booleans(),
    attribute=st.sampled_from(["secure", "httponly", "path", "domain"]),
    value=st.one_of(st.none(), st.booleans(), st.just("")),
)
def test_the_floor_holds_whatever_a_morsel_has(samesite, secure, attribute, value):
    floor = from_django({}, Findings()).cookies
    morsel = SimpleCookie({"sessionid": "x"})["sessionid"]
    morsel["samesite"] = samesite
    morsel[attribute] = value
    floor.apply(morsel, "sessionid", secure)
    assert morsel["samesite"] in ("Lax", samesite)
    assert str(morsel["samesite"]).lower() in ("lax", "strict")
    assert morsel["httponly"]
    assert morsel["secure"] or not secure
