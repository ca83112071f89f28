"""What a policy answers: rows written from the Fetch standard's CORS protocol."""

from __future__ import annotations

import re

import pytest

from ringfence.finding import Findings
from ringfence.origin import OriginRules
from ringfence.rings.cors.fetch import MAX_HEADER_LIST, MAX_HEADER_NAMES
from ringfence.rings.cors.policy import CLOSED, CorsPolicy, parse_policy

A = "https://a.example"
ORIGIN, METHOD, HEADERS, PRIVATE = (
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network",
)


def policy(**config) -> CorsPolicy:
    findings = Findings()
    config.setdefault("origins", [A])
    compiled = parse_policy(config, findings)
    assert not findings.errors, [str(error) for error in findings.errors]
    assert compiled is not None
    return compiled


LISTED = policy(methods=["GET", "PUT", "PATCH"], headers=["X-Token", "Content-Type"])
WITH_CREDENTIALS = policy(credentials=True, expose_headers=["X-Total"])
ANYONE = policy(origins="*", headers="*")
ANYONE_AUTHORIZED = policy(origins="*", headers=["*", "Authorization"])

PASSES = {
    # policy, origin, method, request headers -> Allow-Methods, Allow-Headers
    "a listed method": (LISTED, A, "PUT", None, "PUT", None),
    "only the method asked": (LISTED, A, "PATCH", None, "PATCH", None),
    "a safelisted method that is listed": (LISTED, A, "GET", None, "GET", None),
    "a safelisted method that is not": (LISTED, A, "POST", None, "POST", None),
    "HEAD": (LISTED, A, "HEAD", None, "HEAD", None),
    "only the header asked": (LISTED, A, "PUT", "x-token", "PUT", "x-token"),
    "two headers": (LISTED, A, "PUT", "content-type,x-token", "PUT", "content-type,x-token"),
    "blanks between": (LISTED, A, "PUT", "content-type, x-token", "PUT", "content-type,x-token"),
    "tab between": (LISTED, A, "PUT", "x-token\t,content-type", "PUT", "x-token,content-type"),
    "empty elements": (LISTED, A, "PUT", ",x-token,,", "PUT", "x-token"),
    "header in capitals": (LISTED, A, "PUT", "X-TOKEN", "PUT", "x-token"),
    "header twice": (LISTED, A, "PUT", "x-token,x-token", "PUT", "x-token"),
    "empty header list": (LISTED, A, "PUT", "", "PUT", None),
    "any header": (ANYONE, A, "PUT", "x-whatever", "PUT", "x-whatever"),
    "Authorization beside any": (
        ANYONE_AUTHORIZED,
        A,
        "PUT",
        "authorization,x-y",
        "PUT",
        "authorization,x-y",
    ),
}

REFUSED = {
    "method not listed": (LISTED, A, "DELETE", None, "'DELETE'"),
    "method in lower case": (LISTED, A, "put", None, "compared by case"),
    "safelisted method in lower case": (LISTED, A, "get", None, "compared by case"),
    "empty method": (LISTED, A, "", None, "malformed"),
    "method with a blank": (LISTED, A, "PUT ", None, "malformed"),
    "method list": (LISTED, A, "PUT,GET", None, "malformed"),
    "method of star": (ANYONE, A, "*", None, "'*'"),
    "very long method": (LISTED, A, "X" * 100_000, None, "not allowed"),
    "header not listed": (LISTED, A, "PUT", "x-other", "'x-other'"),
    "one header of two not listed": (LISTED, A, "PUT", "x-token,x-other", "'x-other'"),
    "Accept not listed": (LISTED, A, "PUT", "accept", "'accept'"),
    "Authorization under any header": (ANYONE, A, "PUT", "authorization", "'authorization'"),
    "header with a blank in": (LISTED, A, "PUT", "x token", "malformed"),
    "header with a newline": (LISTED, A, "PUT", "x-token\n", "malformed"),
    "header outside ASCII": (ANYONE, A, "PUT", "x-tokén", "malformed"),
    "header list too long": (ANYONE, A, "PUT", "x" * (MAX_HEADER_LIST + 1), "too long"),
    "too many headers": (ANYONE, A, "PUT", "x," * MAX_HEADER_NAMES, "too long"),
}


@pytest.mark.parametrize(
    ("compiled", "origin", "method", "headers", "allow_methods", "allow_headers"),
    PASSES.values(),
    ids=PASSES,
)
def test_passes(compiled, origin, method, headers, allow_methods, allow_headers):
    answer = compiled.preflight(origin, method, headers, False, compiled.allows(origin))
    sent = dict(answer.headers)
    assert (answer.status, answer.refusal) == (204, None)
    assert sent.get("Access-Control-Allow-Methods") == allow_methods
    assert sent.get("Access-Control-Allow-Headers") == allow_headers
    assert sent["Access-Control-Allow-Origin"] == ("*" if compiled.any_origin else origin)
    assert sent["Access-Control-Max-Age"] == "7200"


@pytest.mark.parametrize(
    ("compiled", "origin", "method", "headers", "reason"), REFUSED.values(), ids=REFUSED
)
def test_refused(compiled, origin, method, headers, reason):
    answer = compiled.preflight(origin, method, headers, False, True)
    assert (answer.status, answer.headers) == (403, ())
    assert reason in answer.refusal
    assert len(answer.refusal) < 300


def test_a_foreign_origin_is_refused_whatever_it_asks():
    answer = LISTED.preflight("https://evil.example", "PUT", "x-token", False, False)
    assert (answer.status, answer.headers, answer.vary) == (403, (), (ORIGIN,))


VARY = {
    "an origin of a list": (LISTED, "PUT", None, (ORIGIN, METHOD, HEADERS)),
    "refused by its method": (LISTED, "DELETE", None, (ORIGIN, METHOD)),
    "refused by its headers": (LISTED, "PUT", "x-other", (ORIGIN, METHOD, HEADERS)),
    "any origin": (ANYONE, "PUT", None, (METHOD, HEADERS)),
    "private network": (
        policy(private_network=True),
        "PUT",
        None,
        (ORIGIN, METHOD, HEADERS, PRIVATE),
    ),
}


@pytest.mark.parametrize(("compiled", "method", "headers", "vary"), VARY.values(), ids=VARY)
def test_vary_names_what_was_decided_from(compiled, method, headers, vary):
    assert compiled.preflight(A, method, headers, False, True).vary == vary


@pytest.mark.parametrize(
    ("opened", "asked", "sent"),
    [(True, True, "true"), (True, False, None), (False, True, None)],
)
def test_private_network(opened, asked, sent):
    answer = policy(private_network=opened).preflight(A, "PUT", None, asked, True)
    assert dict(answer.headers).get("Access-Control-Allow-Private-Network") == sent


@pytest.mark.parametrize(("max_age", "sent"), [(None, None), (0, "0"), (600, "600")])
def test_max_age(max_age, sent):
    answer = policy(max_age=max_age).preflight(A, "PUT", None, False, True)
    assert dict(answer.headers).get("Access-Control-Max-Age") == sent


def test_credentialed_answers_name_the_origin():
    assert WITH_CREDENTIALS.actual_headers(A) == (
        ("Access-Control-Allow-Origin", A),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "X-Total"),
    )
    reflecting = policy(origins="*", credentials=True, dangerously_any_origin_with_credentials=True)
    assert ("Access-Control-Allow-Origin", A) in reflecting.actual_headers(A)
    assert ("Access-Control-Allow-Credentials", "true") in reflecting.preflight(
        A, "PUT", None, False, True
    ).headers


def test_any_origin_without_credentials_is_a_star():
    assert ANYONE.actual_headers(A) == (("Access-Control-Allow-Origin", "*"),)


VARIES = {
    "listed": (LISTED, True),
    "a wildcard": (policy(origins=["https://*.a.example"]), True),
    "a regex": (policy(origins=[], origin_regexes=[r"^https://a\.example$"]), True),
    "null": (policy(origins=["null"], dangerously_null_origin=True), True),
    "a callable": (policy(origins="shop.cors.allowed"), True),
    "any origin": (ANYONE, False),
    "any origin with credentials": (
        policy(origins="*", credentials=True, dangerously_any_origin_with_credentials=True),
        True,
    ),
    "none": (policy(origins=[]), False),
    "closed": (CLOSED, False),
}


@pytest.mark.parametrize(("compiled", "varies"), VARIES.values(), ids=VARIES)
def test_varies(compiled, varies):
    assert compiled.varies is varies


MIXED = policy(
    origins=["https://a.example", "https://*.b.example", "http://localhost:3000"],
    origin_regexes=[r"^https://c\d+\.c\.example$"],
    credentials=True,
)
ALLOWS = {
    "listed": ("https://a.example", True),
    "another scheme": ("http://a.example", False),
    "another port": ("https://a.example:8443", False),
    "a subdomain of it": ("https://x.a.example", False),
    "look-alike letters": ("https://\u0430.example", False),
    "a name that ends in it": ("https://evila.example", False),
    "a name that begins with it": ("https://a.example.evil.example", False),
    "below the wildcard": ("https://x.b.example", True),
    "far below the wildcard": ("https://x.y.b.example", True),
    "the wildcard's own domain": ("https://b.example", False),
    "ends in the wildcard's domain": ("https://evilb.example", False),
    "port on loopback": ("http://localhost:3000", True),
    "another port on loopback": ("http://localhost:3001", False),
    "the regex": ("https://c12.c.example", True),
    "the regex and more": ("https://c12.c.example.evil", False),
    "the regex and a newline": ("https://c12.c.example\n", False),
    "null": ("null", False),
    "empty": ("", False),
    "a path": ("https://a.example/", False),
    "user information": ("https://a.example@evil.example", False),
    "two origins": ("https://a.example https://a.example", False),
    "a control character": ("https://a.example\x00", False),
    "outside latin-1": ("https://a.example\u2603", False),
    "a lone surrogate": ("https://a.example\udc80", False),
    "a megabyte": ("https://" + "a" * 1_000_000, False),
}


@pytest.mark.parametrize(("origin", "allowed"), ALLOWS.values(), ids=ALLOWS)
def test_allows(origin, allowed):
    assert MIXED.allows(origin) is allowed


def test_null_is_none_of_any_origin_with_credentials():
    reflecting = policy(origins="*", credentials=True, dangerously_any_origin_with_credentials=True)
    assert reflecting.allows("https://whoever.example")
    assert not reflecting.allows("null")
    assert not reflecting.allows("garbage")


def test_legacy_patterns_match_a_prefix_and_others_the_whole():
    pattern = re.compile(r"^https://\w+\.example")
    legacy, strict = CorsPolicy(legacy_patterns=(pattern,)), CorsPolicy(patterns=(pattern,))
    assert legacy.allows("https://a.example.evil.com")
    assert not strict.allows("https://a.example.evil.com")
    assert strict.allows("https://a.example")


def test_a_policy_is_frozen():
    with pytest.raises(AttributeError):
        MIXED.credentials = False
    assert CorsPolicy(rules=OriginRules.compile([A])) == CorsPolicy(rules=OriginRules.compile([A]))
