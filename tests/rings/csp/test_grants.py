"""What is added to a policy for what its templates' own text needs, and what is not."""

from __future__ import annotations

import pytest

from ringfence.rings.csp.grants import admits, with_attributes, with_elements
from ringfence.rings.csp.model import NONCE, CspPolicy
from ringfence.rings.csp.presets import PRESETS

H = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
OWN = "'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"
INLINE = "'unsafe-inline'"


def policy(keep=False, **directives):
    return CspPolicy(
        tuple((name.replace("_", "-"), tuple(value.split())) for name, value in directives.items()),
        keep_unsafe_inline=keep,
    )


ATTRIBUTES = [
    ("no limit", policy(object_src="'none'"), {}),
    ("strict", policy(script_src=f"{NONCE} 'strict-dynamic'"), {"script-src-attr": "H"}),
    ("by default-src", policy(default_src="'self'"), {"script-src-attr": "H"}),
    ("none", policy(script_src="'none'"), {"script-src-attr": "H"}),
    ("a directive of its own", policy(script_src_attr="'none'"), {"script-src-attr": "H"}),
    ("all inline allowed", policy(script_src=f"'self' {INLINE}"), {}),
    ("all inline allowed there", policy(script_src="x.test", script_src_attr=INLINE), {}),
    (
        "inline not allowed beside a nonce",
        policy(script_src=f"{NONCE} {INLINE}"),
        {"script-src-attr": "H"},
    ),
    (
        "inline not allowed beside strict-dynamic",
        policy(script_src=f"'strict-dynamic' {INLINE}"),
        {"script-src-attr": "H"},
    ),
    (
        "inline not allowed beside a hash",
        policy(script_src=f"{OWN} {INLINE}"),
        {"script-src-attr": "H"},
    ),
    (
        "a hash of an element allows no handler",
        policy(script_src=f"'self' {OWN}"),
        {"script-src-attr": "H"},
    ),
    (
        "hashes of handlers stay",
        policy(script_src=f"'unsafe-hashes' {OWN}"),
        {"script-src-attr": "OWN H"},
    ),
    (
        "samples stay",
        policy(script_src="'self' 'report-sample'"),
        {"script-src-attr": "'report-sample' H"},
    ),
]


@pytest.mark.parametrize(
    ("before", "expected"), [row[1:] for row in ATTRIBUTES], ids=[row[0] for row in ATTRIBUTES]
)
def test_handlers(before, expected):
    after = with_attributes(before, "script", [H], with_nonce=True)
    changed = {name: values for name, values in after.directives if before.get(name) != values}
    wanted = {
        name: tuple(f"'unsafe-hashes' {text}".replace("OWN", OWN).replace("H", H, 1).split())
        if "OWN" not in text
        else ("'unsafe-hashes'", OWN, H)
        for name, text in expected.items()
    }
    assert changed == wanted
    for name, values in before.directives:
        if name != "script-src-attr":
            assert after.get(name) == values


def test_a_handlers_hash_allows_no_element():
    for preset in PRESETS.values():
        after = with_attributes(preset, "script", [H], with_nonce=True)
        for name in ("default-src", "script-src", "script-src-elem"):
            assert H not in (after.get(name) or ())


def test_a_style_is_no_script():
    after = with_attributes(policy(default_src="'self'"), "style", [H], with_nonce=False)
    assert after.get("style-src-attr") == ("'unsafe-hashes'", H)
    assert after.get("script-src-attr") is None


def test_inline_styles_stay_allowed_beside_strict_dynamic():
    # CSP3, section 6.7.3.2: 'strict-dynamic' concerns scripts only.
    before = policy(default_src=f"'strict-dynamic' {INLINE}")
    assert with_attributes(before, "style", [H], with_nonce=False) is before
    assert with_attributes(before, "script", [H], with_nonce=False) is not before


@pytest.mark.parametrize(
    ("keep", "with_nonce", "changed"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_unsafe_inline_beside_a_nonce_that_is_not_sent(keep, with_nonce, changed):
    before = policy(keep, script_src=f"{NONCE} {INLINE}")
    after = with_attributes(before, "script", [H], with_nonce=with_nonce)
    assert (after is not before) is changed
    if not changed:
        assert INLINE in after.compile().plain


ELEMENTS = [
    ("no limit", policy(object_src="'none'"), {}),
    ("script-src", policy(script_src="'self'"), {"script-src": f"'self' {H}"}),
    ("none is replaced", policy(script_src="'none'"), {"script-src": H}),
    (
        "its own directive first",
        policy(script_src="'self'", script_src_elem="x.test"),
        {"script-src-elem": f"x.test {H}"},
    ),
    (
        "default-src is left alone",
        policy(default_src="'self'"),
        {"script-src-elem": f"'self' {H}"},
    ),
    (
        "an element's hash allows no handler",
        policy(script_src=f"'unsafe-hashes' {OWN}"),
        {"script-src-elem": f"'unsafe-hashes' {OWN} {H}"},
    ),
    ("all inline allowed", policy(script_src=f"'self' {INLINE}"), {}),
]


@pytest.mark.parametrize(
    ("before", "expected"), [row[1:] for row in ELEMENTS], ids=[row[0] for row in ELEMENTS]
)
def test_elements(before, expected):
    after = with_elements(before, "script", [H], with_nonce=False)
    changed = {
        name: " ".join(values) for name, values in after.directives if before.get(name) != values
    }
    assert changed == expected


def test_nothing_to_add_is_nothing_changed():
    before = policy(default_src="'none'")
    assert with_attributes(before, "script", [], with_nonce=True) is before
    assert with_elements(before, "style", [], with_nonce=True) is before


@pytest.mark.parametrize(
    ("sources", "url", "expected"),
    [
        ("'self'", "/a.js", True),
        ("'self'", "a.js", True),
        ("'self'", "https://own.test/a.js", True),
        ("'self'", "http://own.test/a.js", False),
        ("'self'", "//own.test/a.js", False),
        ("'self'", "\\\\evil.test/a.js", False),
        ("'self'", "/\t/evil.test/a.js", False),
        ("'self'", "javascript:1", False),
        ("'self'", "https://[", False),
        ("https://cdn.test", "https://CDN.test/a.js", True),
        ("https://cdn.test", "https://cdn.test:444/a.js", False),
        ("https://cdn.test/js/", "https://cdn.test/a.js", False),
        ("*.test", "https://cdn.test/a.js", False),
        ("*", "https://cdn.test/a.js", True),
        ("https:", "https://cdn.test/a.js", True),
        ("https:", "http://cdn.test/a.js", False),
        ("'self' 'strict-dynamic'", "/a.js", False),
        ("'none'", "/a.js", False),
    ],
)
def test_what_needs_no_nonce(sources, url, expected):
    one = policy(script_src=sources)
    assert admits(one, "script", url, own="https://own.test") is expected
    assert admits(policy(object_src="'none'"), "script", url)
