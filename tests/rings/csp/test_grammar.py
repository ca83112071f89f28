"""The grammar of CSP level 3: what each directive takes, and what is said of the rest."""

from __future__ import annotations

import pytest

from ringfence.rings.csp.grammar import DIRECTIVES, check_directive, check_name
from ringfence.rings.csp.policy import NONCE
from ringfence.rings.csp.words import KEYWORDS, SANDBOX

SHA256 = "'sha256-5jFwrAK0UV47oFbVg/iCCBbxD8X1w+QvoOUepu4C2YA='"

ACCEPTED = [
    ("self", "script-src", ["'self'"]),
    ("self in capitals", "script-src", ["'SELF'"]),
    ("none alone", "object-src", ["'none'"]),
    ("nonce", "script-src", [NONCE]),
    ("hash", "script-src", [SHA256]),
    ("hash without padding", "script-src", [SHA256.replace("=", "")]),
    ("hash in the URL-safe alphabet", "style-src", [SHA256.replace("+", "-").replace("/", "_")]),
    ("sha384", "script-src", [f"'sha384-{'a' * 64}'"]),
    ("sha512", "script-src", [f"'sha512-{'a' * 86}=='"]),
    ("any host", "img-src", ["*"]),
    ("scheme", "img-src", ["data:"]),
    ("scheme with plus", "img-src", ["git+ssh:"]),
    ("host", "connect-src", ["cdn.example.com"]),
    ("host of one label", "connect-src", ["localhost"]),
    ("host with a port", "connect-src", ["localhost:8000"]),
    ("host with any port", "connect-src", ["https://cdn.example.com:*"]),
    ("wildcard host", "img-src", ["https://*.example.com"]),
    ("any host of a scheme", "img-src", ["https://*"]),
    ("host with a root dot", "img-src", ["example.com."]),
    ("path", "script-src", ["https://cdn.example.com/js/"]),
    ("path with an encoded semicolon", "script-src", ["https://cdn.example.com/a%3Bb.js"]),
    ("websocket", "connect-src", ["wss://sock.example.com:8443/live"]),
    ("unsafe-allow-redirects", "navigate-to", ["'unsafe-allow-redirects'"]),
    ("ancestors", "frame-ancestors", ["'self'", "https://portal.example.com", "https:"]),
    ("no ancestors", "frame-ancestors", ["'none'"]),
    ("sandbox without flags", "sandbox", []),
    ("sandbox flags", "sandbox", ["allow-scripts", "allow-forms"]),
    ("trusted type names", "trusted-types", ["default", "my-policy", "'allow-duplicates'"]),
    ("any trusted type", "trusted-types", ["*"]),
    ("no trusted types", "trusted-types", ["'none'"]),
    ("no value at all", "trusted-types", []),
    ("trusted types required", "require-trusted-types-for", ["'script'"]),
    ("report-to", "report-to", ["main-endpoint"]),
    ("report-uri", "report-uri", ["/csp/?a=b", "https://reports.example.com/r/1"]),
    ("upgrade", "upgrade-insecure-requests", []),
    ("plugin types", "plugin-types", ["application/pdf"]),
    ("webrtc", "webrtc", ["'block'"]),
]


@pytest.mark.parametrize(
    ("name", "values"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED]
)
def test_what_the_grammar_has_is_accepted(name, values):
    assert check_directive(name, values) == []


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_every_keyword_is_accepted_in_quotes_and_refused_without(keyword):
    assert check_directive("script-src", [keyword]) == []
    bare = keyword.strip("'")
    (problem,) = check_directive("script-src", [bare])
    assert (problem.code, problem.fix) == ("CSP102", f'Write "{keyword}".')


@pytest.mark.parametrize("flag", sorted(SANDBOX))
def test_every_sandbox_flag_is_accepted(flag):
    assert check_directive("sandbox", [flag]) == []


REFUSED = [
    ("self without quotes", "script-src", ["self"], "CSP102", "Write \"'self'\"."),
    ("none without quotes", "script-src", ["none"], "CSP102", "Write \"'none'\"."),
    ("double quotes", "script-src", ['"self"'], "CSP102", "Write \"'self'\"."),
    ("one quote missing", "script-src", ["'self"], "CSP102", "Write \"'self'\"."),
    ("quoted host", "script-src", ["'https://a.example'"], "CSP102", '"https://a.example"'),
    ("hash without quotes", "script-src", [SHA256.strip("'")], "CSP102", SHA256),
    ("misspelt keyword", "script-src", ["'unsafe-inlin'"], "CSP107", "'unsafe-inline'"),
    ("keyword of nobody", "script-src", ["'qqqqqqqq'"], "CSP107", "The keywords are"),
    ("fixed nonce", "script-src", ["'nonce-c2VjcmV0'"], "CSP105", "CSP.NONCE"),
    ("fixed nonce without quotes", "script-src", ["nonce-c2VjcmV0"], "CSP105", "CSP.NONCE"),
    ("placeholder in quotes", "script-src", [f"'nonce-{NONCE}'"], "CSP105", "CSP.NONCE"),
    ("short hash", "script-src", ["'sha256-abc123'"], "CSP108", "openssl"),
    ("hash of another length", "script-src", [f"'sha512-{'a' * 43}='"], "CSP108", "openssl"),
    ("hash outside base64", "script-src", [f"'sha256-{'!' * 43}='"], "CSP108", "openssl"),
    ("unknown hash", "script-src", ["'sha1-abc'"], "CSP107", "keywords"),
    ("none beside another", "script-src", ["'none'", "'self'"], "CSP106", "'none' alone"),
    ("none among ancestors", "frame-ancestors", ["'none'", "https:"], "CSP106", "'none' alone"),
    ("semicolon", "script-src", ["a.example; img-src *"], "CSP103", "%3B"),
    ("comma", "script-src", ["a.example,b.example"], "CSP103", "%2C"),
    ("space", "script-src", ["'self' a.example"], "CSP103", "[\"'self'\", 'a.example']"),
    ("newline", "script-src", ["a.example\nSet-Cookie: a=b"], "CSP104", "Remove"),
    ("nul", "script-src", ["a\0b"], "CSP104", "Remove"),
    ("delete", "script-src", ["a\x7fb"], "CSP104", "Remove"),
    ("tab", "script-src", ["a\tb"], "CSP104", "Remove"),
    ("curly quotes", "script-src", ["\u2018self\u2019"], "CSP109", "straight quotes"),
    ("IDN host", "script-src", ["b\u00fccher.example"], "CSP109", "xn--"),
    ("empty", "script-src", [""], "CSP101", "Remove"),
    ("wildcard in a label", "img-src", ["a*.example.com"], "CSP101", "*.host"),
    ("wildcard in the middle", "img-src", ["a.*.example.com"], "CSP101", "*.host"),
    ("wildcard label and host", "img-src", ["**.example.com"], "CSP101", "*.host"),
    ("port of letters", "img-src", ["a.example:http"], "CSP101", "port"),
    ("port too high", "img-src", ["a.example:65536"], "CSP101", "port"),
    ("port zero", "img-src", ["a.example:0"], "CSP101", "port"),
    ("user information", "img-src", ["https://me@a.example"], "CSP101", "host"),
    ("query", "img-src", ["https://a.example/?x"], "CSP101", "host"),
    ("fragment", "img-src", ["https://a.example/#x"], "CSP101", "host"),
    ("IPv6", "img-src", ["http://[::1]:8000"], "CSP101", "host"),
    ("empty label", "img-src", ["a..example"], "CSP101", "host"),
    ("no host", "img-src", ["https://"], "CSP101", "host"),
    ("stray percent", "img-src", ["https://a.example/%zz"], "CSP101", "path"),
    ("backslashes", "img-src", ["https:\\/\\/a.example"], "CSP101", "host"),
    ("data without its colon", "img-src", ["data"], "CSP214", '"data:"'),
    ("nonce for images", "img-src", [NONCE], "CSP215", "Remove"),
    ("nonce for handlers", "script-src-attr", [NONCE], "CSP215", "Remove"),
    ("nonce among ancestors", "frame-ancestors", [NONCE], "CSP101", "Remove"),
    ("keyword among ancestors", "frame-ancestors", ["'unsafe-inline'"], "CSP101", "Remove"),
    ("self among ancestors", "frame-ancestors", ["self"], "CSP102", "'self'"),
    ("source in sandbox", "sandbox", ["'self'"], "CSP101", "flags"),
    ("misspelt flag", "sandbox", ["allow-script"], "CSP101", "allow-scripts"),
    ("quoted policy name", "trusted-types", ["'default'"], "CSP101", "without quotes"),
    ("none as a name", "trusted-types", ["none"], "CSP102", "'none'"),
    ("types for styles", "require-trusted-types-for", ["'style'"], "CSP101", "'script'"),
    ("types for nothing", "require-trusted-types-for", [], "CSP101", "'script'"),
    ("URL as an endpoint", "report-to", ["https://a.example/r"], "CSP101", "report_to"),
    ("two endpoints", "report-to", ["a", "b"], "CSP101", "report_to"),
    ("report-uri of quotes", "report-uri", ['"/r"'], "CSP101", "/csp-report/"),
    ("upgrade with a value", "upgrade-insecure-requests", ["1"], "CSP101", "True"),
    ("extension as plugin type", "plugin-types", ["pdf"], "CSP101", "type/subtype"),
    ("webrtc without quotes", "webrtc", ["block"], "CSP101", "'block'"),
]


@pytest.mark.parametrize(
    ("name", "values", "code", "fix"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_what_the_grammar_lacks_is_named_with_its_fix(name, values, code, fix):
    problems = {problem.code: problem for problem in check_directive(name, values)}
    assert code in problems
    assert fix in problems[code].fix


NAMES = [
    ("script-src", ""),
    ("Script-Src", ""),
    ("scrpt-src", "script-src"),
    ("script_src", "script-src"),
    ("frame-ancestor", "frame-ancestors"),
    ("upgrade-insecure-request", "upgrade-insecure-requests"),
    ("zzzzzzzzzz", "as script-src"),
    ("x" * 10_000, "as script-src"),
]


@pytest.mark.parametrize(("name", "fix"), NAMES, ids=[name[:30] for name, _ in NAMES])
def test_names(name, fix):
    problem = check_name(name)
    assert (problem is None) is (fix == "")
    assert problem is None or fix in problem.fix


def test_a_name_with_a_line_break_is_a_control_character():
    problem = check_name("script-src\r\nX: y")
    assert problem is not None
    assert problem.code == "CSP104"


def test_every_directive_has_a_lower_case_name():
    assert all(name == name.lower() and check_name(name) is None for name in DIRECTIVES)
