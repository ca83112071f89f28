"""Policies that are well-formed and stop little: each code must fire, and must not."""

from __future__ import annotations

import pytest

from ringfence.rings.csp.bypass import weaknesses
from ringfence.rings.csp.bypass_hosts import BYPASS_HOSTS
from ringfence.rings.csp.policy import NONCE, PRESETS, CspPolicy, parse_serialized

HASH = "'sha256-5jFwrAK0UV47oFbVg/iCCBbxD8X1w+QvoOUepu4C2YA='"
REST = "; object-src 'none'; base-uri 'none'"

FIRES = [
    ("inline", f"script-src 'unsafe-inline'{REST}", "CSP201"),
    ("inline by fallback", f"default-src 'self' 'unsafe-inline'{REST}", "CSP201"),
    ("inline in capitals", f"script-src 'UNSAFE-INLINE'{REST}", "CSP201"),
    ("inline elements only", f"script-src 'self'; script-src-elem 'unsafe-inline'{REST}", "CSP201"),
    ("inline beside a malformed nonce", f"script-src 'unsafe-inline' 'nonce-a$b'{REST}", "CSP201"),
    ("eval", f"script-src 'self' 'unsafe-eval'{REST}", "CSP202"),
    ("any host", f"script-src *{REST}", "CSP203"),
    ("any https host", f"script-src 'self' https:{REST}", "CSP203"),
    ("any http host", f"default-src http:{REST}", "CSP203"),
    ("data", f"script-src data:{REST}", "CSP203"),
    ("any host beside a nonce", f"script-src {NONCE} https:{REST}", "CSP203"),
    ("no scripts named", f"img-src 'self'{REST}", "CSP204"),
    ("no plugins named", "script-src 'self'", "CSP205"),
    ("plugins from anywhere", "script-src 'self'; object-src *", "CSP205"),
    ("plugins by fallback", "default-src https:; script-src 'self'", "CSP205"),
    ("no base beside a nonce", f"script-src {NONCE}; object-src 'none'", "CSP206"),
    ("no base beside strict-dynamic", f"script-src {HASH} 'strict-dynamic'", "CSP206"),
    ("plain http", f"script-src http://cdn.example.com{REST}", "CSP207"),
    ("plain websocket", f"script-src 'self'; connect-src ws://a.example.com{REST}", "CSP207"),
    ("a top-level domain", f"script-src *.com{REST}", "CSP208"),
    ("a shared suffix", f"script-src https://*.cloudfront.net{REST}", "CSP208"),
    ("a shared suffix among ancestors", "frame-ancestors *.github.io", "CSP208"),
    ("an IP address", f"script-src 192.168.1.1{REST}", "CSP209"),
    ("a package host", f"script-src https://unpkg.com{REST}", "CSP210"),
    ("a package host without a scheme", f"script-src cdn.jsdelivr.net{REST}", "CSP210"),
    ("a parent path", f"script-src https://ajax.googleapis.com/ajax/libs/{REST}", "CSP210"),
    ("a wildcard over one", f"script-src *.googleapis.com{REST}", "CSP210"),
    ("strict-dynamic alone", f"script-src 'strict-dynamic'{REST}", "CSP217"),
]


def codes(text, **options):
    return {problem.code for problem in weaknesses(CspPolicy(parse_serialized(text), **options))}


@pytest.mark.parametrize(
    ("text", "code"), [row[1:] for row in FIRES], ids=[row[0] for row in FIRES]
)
def test_fires(text, code):
    assert code in codes(text)


SILENT = [
    ("a nonce", f"script-src {NONCE}{REST}", "CSP201"),
    ("inline beside a nonce", f"script-src {NONCE} 'unsafe-inline'{REST}", "CSP201"),
    ("inline beside a hash", f"script-src {HASH} 'unsafe-inline'{REST}", "CSP201"),
    ("inline styles", f"script-src 'self'; style-src 'unsafe-inline'{REST}", "CSP201"),
    ("wasm", f"script-src 'self' 'wasm-unsafe-eval'{REST}", "CSP202"),
    ("https beside strict-dynamic", f"script-src {NONCE} 'strict-dynamic' https:{REST}", "CSP203"),
    ("images from anywhere", f"script-src 'self'; img-src * data:{REST}", "CSP203"),
    ("scripts by fallback", f"default-src 'self'{REST}", "CSP204"),
    ("trusted types", "require-trusted-types-for 'script'", "CSP204"),
    ("sandboxed", "sandbox", "CSP204"),
    ("plugins by fallback", "default-src 'self'", "CSP205"),
    ("plugins where scripts are free", "img-src 'self'", "CSP205"),
    ("no base with hosts only", "script-src 'self'; object-src 'none'", "CSP206"),
    ("http on this machine", f"script-src http://localhost:3000{REST}", "CSP207"),
    ("https", f"script-src https://cdn.example.com{REST}", "CSP207"),
    ("one's own wildcard", f"script-src *.example.com{REST}", "CSP208"),
    ("one's own distribution", f"script-src d111111abcdef8.cloudfront.net{REST}", "CSP208"),
    ("loopback", f"script-src 127.0.0.1:8000{REST}", "CSP209"),
    ("one file", f"script-src https://unpkg.com/react@18.3.1/umd/react.js{REST}", "CSP210"),
    ("another path", f"script-src https://cdnjs.cloudflare.com/ajax/libs/jquery/{REST}", "CSP210"),
    ("ignored hosts", f"script-src {NONCE} 'strict-dynamic' https://unpkg.com{REST}", "CSP210"),
    ("images", f"script-src 'self'; img-src https://unpkg.com{REST}", "CSP210"),
    ("strict-dynamic with a hash", f"script-src {HASH} 'strict-dynamic'{REST}", "CSP217"),
]


@pytest.mark.parametrize(
    ("text", "code"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT]
)
def test_is_silent(text, code):
    assert code not in codes(text)


def test_inline_without_the_nonce_is_named_where_the_other_package_leaves_it():
    text = f"script-src {NONCE} 'unsafe-inline'{REST}"
    assert "CSP216" in codes(text, keep_unsafe_inline=True)
    assert "CSP216" not in codes(text)
    assert "CSP216" not in codes(
        text.replace(NONCE, f"{NONCE} 'strict-dynamic'"), keep_unsafe_inline=True
    )


@pytest.mark.parametrize("name", ["strict", "self"])
def test_the_presets_that_restrict_scripts_are_not_bypassable(name):
    assert weaknesses(PRESETS[name]) == []


@pytest.mark.parametrize("host", sorted(BYPASS_HOSTS))
def test_every_listed_host_fires_as_it_is_listed(host):
    assert "CSP210" in codes(f"script-src https://{host}{REST}")


def test_each_weakness_is_named_once():
    found = weaknesses(CspPolicy(parse_serialized("default-src * 'unsafe-inline'")))
    assert len(found) == len(set(found))
    assert {problem.code for problem in found} == {"CSP201", "CSP203", "CSP205"}
