"""Which language an attribute is in, and which names a variable may bring."""

from __future__ import annotations

import pytest

from ringfence.rings.escaping.attributes import HARMLESS_ELEMENTS, harmless_name, language_of

LANGUAGES = [
    # element, attribute, known, language
    ("p", "title", {}, None),
    ("p", "class", {}, None),
    ("p", "data-id", {}, None),
    ("p", "aria-label", {}, None),
    ("input", "value", {}, None),
    ("option", "value", {}, None),
    ("a", "target", {}, None),
    ("p", "on", {}, None),
    ("p", "once", {}, "handler"),
    ("p", "onclick", {}, "handler"),
    ("svg", "onbegin", {}, "handler"),
    ("body", "onwhateverisnext", {}, "handler"),
    ("p", "@click", {}, "expression"),
    ("p", ":class", {}, "expression"),
    ("p", "x-on:click", {}, "expression"),
    ("p", "x-data", {}, "expression"),
    ("p", "x-cloak", {}, None),
    ("p", "v-html", {}, "expression"),
    ("p", "ng-click", {}, "expression"),
    ("p", "data-ng-click", {}, "expression"),
    ("p", "hx-on:click", {}, "expression"),
    ("p", "hx-on::after-request", {}, "expression"),
    ("p", "data-hx-on-click", {}, "expression"),
    ("p", "hx-vals", {}, "expression"),
    ("p", "hx-headers", {}, "expression"),
    ("p", "hx-target", {}, None),
    ("p", "hx-get", {}, "url:navigate"),
    ("p", "data-hx-post", {}, "url:navigate"),
    ("p", "data-href", {}, "url:navigate"),
    ("p", "data-action", {}, None),
    ("p", "style", {}, "style"),
    ("iframe", "srcdoc", {}, "srcdoc"),
    ("img", "srcset", {}, "srcset"),
    ("source", "srcset", {}, "srcset"),
    ("link", "imagesrcset", {}, "srcset"),
    ("a", "ping", {}, "ping"),
    ("a", "href", {}, "url:navigate"),
    ("area", "href", {}, "url:navigate"),
    ("a", "xlink:href", {}, "url:navigate"),
    ("form", "action", {}, "url:navigate"),
    ("button", "formaction", {}, "url:navigate"),
    ("q", "cite", {}, "url:navigate"),
    ("img", "longdesc", {}, "url:navigate"),
    ("img", "src", {}, "url:image"),
    ("input", "src", {}, "url:image"),
    ("video", "poster", {}, "url:image"),
    ("body", "background", {}, "url:image"),
    ("image", "href", {}, "url:image"),
    ("feimage", "xlink:href", {}, "url:image"),
    ("video", "src", {}, "url:media"),
    ("source", "src", {}, "url:media"),
    ("track", "src", {}, "url:media"),
    ("script", "src", {}, "url:script"),
    ("script", "href", {}, "url:script"),
    ("script", "xlink:href", {}, "url:script"),
    ("iframe", "src", {}, "url:frame"),
    ("frame", "src", {}, "url:frame"),
    ("embed", "src", {}, "url:object"),
    ("object", "data", {}, "url:object"),
    ("object", "codebase", {}, "url:object"),
    ("applet", "code", {}, "url:object"),
    ("p", "data", {}, None),
    ("param", "value", {}, "url:object"),
    ("param", "value", {"name": "movie"}, "url:object"),
    ("param", "value", {"name": "quality"}, None),
    ("base", "href", {}, "url:base"),
    ("use", "href", {}, "url:use"),
    ("use", "xlink:href", {}, "url:use"),
    ("animate", "to", {}, "animate"),
    ("set", "to", {"attributename": "opacity"}, "animate"),
    ("animate", "values", {}, "animate"),
    ("p", "values", {}, None),
    ("link", "href", {}, "url:link"),
    ("link", "href", {"rel": "stylesheet"}, "url:style"),
    ("link", "href", {"rel": "alternate StyleSheet"}, "url:style"),
    ("link", "href", {"rel": "modulepreload"}, "url:link"),
    ("link", "href", {"rel": "manifest"}, "url:link"),
    ("link", "href", {"rel": "icon preload"}, "url:link"),
    ("link", "href", {"rel": "shortcut icon"}, "url:image"),
    ("link", "href", {"rel": "canonical"}, "url:navigate"),
    ("link", "href", {"rel": "something-new"}, "url:link"),
    ("meta", "content", {}, "meta"),
    ("meta", "content", {"name": "description"}, "meta"),
    ("meta", "content", {"http-equiv": "Refresh "}, "refresh"),
    ("meta", "content", {"http-equiv": "content-type"}, None),
    ("svg:a", "svg:href", {}, "url:navigate"),
    ("p", "foo:style", {}, "style"),
    ("p", "xml:lang", {}, None),
    ("svg", "xml:base", {}, "url:base"),
]


@pytest.mark.parametrize(
    ("element", "attribute", "known", "language"),
    LANGUAGES,
    ids=[f"{row[0]}-{row[1]}-{'-'.join(row[2].values())}" for row in LANGUAGES],
)
def test_language(element, attribute, known, language):
    assert language_of(element, attribute, known=known) == language


@pytest.mark.parametrize(
    "name",
    [
        "data-id",
        "aria-label",
        "href",
        "src",
        "action",
        "class",
        "title",
        "value",
        "type",
        "rel",
        "placeholder",
        "xml:lang",
        "hx-target",
        "viewBox",
        "onion-less"[2:],
    ],
)
def test_a_variable_may_supply(name):
    assert harmless_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "onclick",
        "ONCLICK",
        "onanything",
        "style",
        "Style",
        "srcdoc",
        "@click",
        ":x",
        "x-on:click",
        "v-html",
        "ng-click",
        "hx-on:click",
        "http-equiv",
        "sandbox",
        "attributeName",
        "xml:base",
        "codebase",
        "svg:onclick",
        "x:style",
        "xmlns",
        "xmlns:xlink",
        "is",
        "manifest",
        "",
        " ",
        "a b",
        "a=b",
        "a>",
        "1a",
        "a/",
        "a\x00",
        "é",
        "a\n",
    ],
)
def test_a_variable_may_not_supply(name):
    assert not harmless_name(name)


@pytest.mark.parametrize("element", ["h1", "h6", "div", "p", "li", "td", "section", "strong"])
def test_elements_that_arrange_text(element):
    assert element in HARMLESS_ELEMENTS


@pytest.mark.parametrize(
    "element",
    [
        "a",
        "form",
        "input",
        "button",
        "img",
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "link",
        "meta",
        "base",
        "template",
        "textarea",
        "title",
        "select",
        "video",
        "slot",
        "plaintext",
        "xmp",
        "noscript",
        "frameset",
        "applet",
        "param",
        "html",
        "body",
        "my-element",
    ],
)
def test_elements_that_do_more(element):
    assert element not in HARMLESS_ELEMENTS
