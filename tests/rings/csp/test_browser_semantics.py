"""What a browser reads, keeps and allows: rows measured in Chromium or taken from the standard."""

from __future__ import annotations

import pytest

from ringfence.rings.csp.browser.ask import Address, Asked, blocked_by, matches
from ringfence.rings.csp.browser.enforce import Enforced, Level, read_list
from ringfence.rings.csp.browser.receive import LIMIT, Why, receive
from ringfence.rings.csp.browser.source import Kind, read_source
from ringfence.rings.csp.browser.together import combine

PAGE = "https://site.test/dir/page.html"


@pytest.mark.parametrize(
    ("text", "held", "why"),
    [
        ("script-src 'none';", {"script-src": ("'none'",)}, []),
        (" ; ; img-src a", {"img-src": ("a",)}, []),
        ("img-src\ta\x0cb", {"img-src": ("a", "b")}, []),
        ("img-src a; IMG-SRC b", {"img-src": ("a",)}, [Why.REPEATED]),
        ("img_src a", {}, [Why.NAME]),
        ("img-src: a", {}, [Why.NAME]),
        ("image-src a", {}, [Why.NAME]),
        ("img-src\x0ba", {}, [Why.NAME]),
        ("img-src \u00e9; img-src a", {}, [Why.CHARACTERS, Why.REPEATED]),
        ("img-src a \x01", {}, [Why.CHARACTERS]),
    ],
    ids=[
        "a semicolon at the end",
        "nothing between semicolons",
        "every ASCII whitespace",
        "a name twice",
        "an underscore",
        "a colon",
        "an unknown name",
        "a vertical tab is no whitespace",
        "outside ASCII, and the name is taken",
        "a control character",
    ],
)
def test_receive(text, held, why):
    (policy,) = receive(text)
    assert dict(policy.directives) == held
    assert [item.why for item in policy.dropped] == why


@pytest.mark.parametrize(
    ("fields", "count"),
    [("", 0), (" , ;,", 0), ("img-src a, img-src b", 2), (["img-src a", "img-src b, x"], 3)],
    ids=["empty", "commas alone", "a comma", "two fields"],
)
def test_receive_counts(fields, count):
    assert len(receive(fields)) == count


def test_what_is_too_long_is_cut():
    assert not receive("img-src a")[0].cut
    assert receive("img-src a, img-src " + "b " * LIMIT)[1].cut


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("*", Kind.ANY),
        ("'SELF'", Kind.SELF),
        ("'Unsafe-Inline'", Kind.KEYWORD),
        ("'trusted-types-eval'", Kind.KEYWORD),
        ("'none'", None),
        ("self", Kind.HOST),
        ('"self"', None),
        ("'bogus'", None),
        ("'", None),
        ("'nonce-a'", Kind.NONCE),
        ("'NONCE-a=='", Kind.NONCE),
        ("'nonce-'", None),
        ("'nonce-='", None),
        ("'nonce-a==='", None),
        ("'nonce-a=b'", None),
        ("'nonce-abc", None),
        ("nonce-abc", Kind.HOST),
        ("'sha256-ab'", Kind.HASH),
        ("'sha256-ab='", Kind.HASH),
        ("'sha256-ab=='", Kind.HASH),
        ("'sha256-abc='", Kind.HASH),
        ("'sha256-a_-d'", Kind.HASH),
        ("'SHA256-abcd'", Kind.HASH),
        ("'sha-512-abcd'", Kind.HASH),
        ("'sha256-x'", None),
        ("'sha256-xxxxx'", None),
        ("'sha256-abcd='", None),
        ("'sha256-a$cd'", None),
        ("'sha256-'", None),
        ("'sha1-abcd'", None),
        ("HTTPS:", Kind.SCHEME),
        ("https", Kind.HOST),
        ("https:a.test", None),
        ("https:/a.test", None),
        ("https://", None),
        ("//a.test", None),
        ("*.a.test", Kind.HOST),
        ("*.", None),
        ("**.a.test", None),
        ("a.*", None),
        ("a..test", None),
        (".a.test", None),
        ("a.test.", Kind.HOST),
        ("a_b.test", None),
        ("a.test:*", Kind.HOST),
        ("a.test:x", None),
        ("a.test:99999999", Kind.HOST),
        ("u@a.test", None),
        ("https://[::1]", None),
        ("a.test:/x", None),
        ("https://*/x/", Kind.HOST),
    ],
    ids=str,
)
def test_read_source(text, kind):
    source = read_source(text)
    assert (source and source.kind) == kind


ALLOWED = [
    ("*", "https://o.test/a", True),
    ("*", "wss://o.test/a", True),
    ("*", "data:,", False),
    ("*", "blob:https://site.test/1", False),
    ("data:", "data:,", True),
    ("http:", "https://o.test/a", True),
    ("https:", "http://o.test/a", False),
    ("'self'", "https://site.test/x", True),
    ("'self'", "https://site.test:8443/x", False),
    ("'self'", "http://site.test/x", False),
    ("o.test", "https://o.test/a", True),
    ("o.test", "http://o.test/a", False),
    ("http://o.test", "https://o.test/a", True),
    ("http://o.test:80", "https://o.test/a", True),
    ("https://o.test:8443", "https://o.test/a", False),
    ("o.test:*", "https://o.test:8443/a", True),
    ("*:8443", "https://o.test:8443/a", True),
    ("*.o.test", "https://o.test/a", False),
    ("*.o.test", "https://s.o.test/a", True),
    ("*.o.test", "https://evilo.test/a", False),
    ("https://O.TEST", "https://o.test/a", True),
    ("o.test.", "https://o.test/a", False),
    ("https://o.test/js/", "https://o.test/js/a", True),
    ("https://o.test/js/", "https://o.test/js", False),
    ("https://o.test/js", "https://o.test/js/a", False),
    ("https://o.test/%61", "https://o.test/a", True),
    ("https://o.test/a?x", "https://o.test/a?y", True),
    ("https://o.test/*", "https://o.test/a", False),
    ("https://*/js/", "https://o.test/js/a", True),
    ("https://10.0.0.1", "https://10.0.0.1/a", True),
    ("wss://o.test", "https://o.test/a", False),
]


@pytest.mark.parametrize(
    ("text", "url", "allowed"), ALLOWED, ids=[f"{row[0]} {row[1]}" for row in ALLOWED]
)
def test_matches(text, url, allowed):
    source = read_source(text)
    assert source is not None
    assert matches(source, Address.parse(url), Address.parse(PAGE)) is allowed


@pytest.mark.parametrize(
    ("name", "policy", "directive"),
    [
        ("script-src-elem", "default-src a; script-src b", "script-src"),
        ("script-src-elem", "script-src-attr a; default-src b", "default-src"),
        ("worker-src", "script-src a; child-src b; default-src c", "child-src"),
        ("worker-src", "script-src a; default-src c", "script-src"),
        ("frame-src", "child-src a; default-src c", "child-src"),
        ("fenced-frame-src", "frame-src a; child-src b", "frame-src"),
        ("style-src-attr", "style-src a; default-src c", "style-src"),
        ("manifest-src", "default-src c", "default-src"),
        ("base-uri", "default-src c", None),
        ("form-action", "default-src c", None),
        ("frame-ancestors", "default-src c", None),
    ],
    ids=str,
)
def test_fallback(name, policy, directive):
    found = Enforced(*receive(policy)).governing(name)
    assert (found and found.directive) == directive


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        (Level.CSP1, ["'self'", "'unsafe-inline'", "https:"]),
        (Level.CSP2, ["'self'", "'unsafe-inline'", "'nonce-abc'", "https:"]),
        (Level.CSP3, ["'self'", "'unsafe-inline'", "'nonce-abc'", "'strict-dynamic'", "https:"]),
    ],
    ids=["CSP1", "CSP2", "CSP3"],
)
def test_levels_know_more_and_more(level, kept):
    values = ("'self'", "'unsafe-inline'", "'nonce-abc'", "'strict-dynamic'", "https:")
    assert [source.text for source in read_list(values, level)[0]] == kept


def test_what_is_switched_off_is_said():
    found = Enforced(
        *receive("script-src 'strict-dynamic' 'nonce-abc' 'unsafe-inline' https: 'bogus'")
    ).governing("script-src-elem")
    assert [source.text for source in found.sources if source.has_url] == []
    assert {ignored.text for ignored in found.ignored} == {"'unsafe-inline'", "https:", "'bogus'"}
    assert not found.allows_inline


@pytest.mark.parametrize(
    ("fields", "directives"),
    [
        ("img-src 'self' https:, img-src *", {"img-src": {"'self'", "https:"}}),
        ("img-src http:, img-src https:", {"img-src": {"https:"}}),
        ("img-src a.test, img-src b.test", {"img-src": {"'none'"}}),
        ("img-src *.a.test, img-src https:", {"img-src": {"https://*.a.test"}}),
        ("img-src *.a.test, img-src x.a.test:*", {"img-src": {"x.a.test"}}),
        ("img-src a.test/x/, img-src a.test/x/y", {"img-src": {"a.test/x/y"}}),
        ("img-src a.test:1, img-src a.test:2", {"img-src": {"'none'"}}),
        ("img-src data:, img-src *", {"img-src": {"'none'"}}),
        (
            "default-src 'self', img-src *",
            {"img-src": {"'self'"}, "default-src": {"'self'"}},
        ),
        (
            "script-src 'unsafe-inline', script-src 'nonce-a'",
            {"script-src": {"'nonce-a'"}},
        ),
        ("script-src 'unsafe-eval', script-src 'self'", {"script-src": {"'none'"}}),
        (
            "sandbox allow-scripts allow-forms, sandbox allow-scripts",
            {"sandbox": {"allow-scripts"}},
        ),
        ("img-src a, base-uri 'none'", {"img-src": {"a"}, "base-uri": {"'none'"}}),
    ],
    ids=str,
)
def test_together(fields, directives):
    policy = combine([Enforced(each) for each in receive(fields)])
    assert {name: set(values) for name, values in policy.directives} == directives


@pytest.mark.parametrize(
    ("text", "asked", "allowed"),
    [
        ("script-src 'sha256-abcd'", Asked("script-src-elem", digest="sha256-abcd"), True),
        ("script-src 'sha256-abcd'", Asked("script-src-attr", digest="sha256-abcd"), False),
        (
            "script-src 'unsafe-hashes' 'sha256-abcd'",
            Asked("script-src-attr", digest="sha256-abcd"),
            True,
        ),
        ("script-src 'self'", Asked("script-src"), False),
        ("script-src-elem 'self'", Asked("script-src"), True),
        ("script-src 'unsafe-eval'", Asked("script-src"), True),
        (
            "script-src 'trusted-types-eval'; require-trusted-types-for 'script'",
            Asked("script-src"),
            True,
        ),
        (
            "script-src 'unsafe-eval'; require-trusted-types-for 'script'",
            Asked("script-src"),
            False,
        ),
        ("style-src 'strict-dynamic' 'unsafe-inline'", Asked("style-src-elem"), True),
        ("default-src 'strict-dynamic' 'unsafe-inline'", Asked("style-src-elem"), False),
        ("sandbox", Asked("script-src-elem"), False),
        ("sandbox allow-scripts", Asked("script-src-elem"), True),
    ],
    ids=str,
)
def test_asked(text, asked, allowed):
    policies = [Enforced(policy) for policy in receive(text)]
    assert (blocked_by(policies, PAGE, asked) == []) is allowed
