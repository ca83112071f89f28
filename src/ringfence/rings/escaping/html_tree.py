"""Tree construction, as far as it decides about the tokenizer's states (section 13.2.6).

Which elements hold raw text, and where a tag stands in SVG or MathML. The table of open elements
is not kept: only those of other namespaces, and the integration points in them.
"""

from __future__ import annotations

from typing import NamedTuple

from ringfence.rings.escaping import js
from ringfence.rings.escaping.html_foreign import FOREIGN_ELEMENTS
from ringfence.rings.escaping.html_inner import content_language
from ringfence.rings.escaping.html_tags import Tag
from ringfence.rings.escaping.language import Language

__all__ = ["Inside", "closed", "namespace", "opened"]

_DEEPEST = 16

#: Elements with raw text, and the tokenizer's state in them.
_RAW_TEXT = {
    "script": "script data",
    "style": "RAWTEXT",
    "textarea": "RCDATA",
    "title": "RCDATA",
    "xmp": "RAWTEXT",
    "iframe": "RAWTEXT",
    "noembed": "RAWTEXT",
    "noframes": "RAWTEXT",
}
#: Where tokens of an HTML namespace live again (WHATWG HTML, "integration point").
_SVG_INTEGRATION = frozenset(("foreignobject", "desc", "title"))
_MATHML_INTEGRATION = frozenset(("mi", "mo", "mn", "ms", "mtext"))
#: Elements that hold code, of MathML too: an end tag may have led out of it.
_FOREIGN_TEXTS = frozenset(("svg script", "svg style", "math script", "math style"))
#: Start tags that end foreign content (WHATWG HTML, section 13.2.6.5).
_BREAKOUT = frozenset(
    {"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em"}
    | {"embed", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing"}
    | {"menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike"}
    | {"sub", "sup", "table", "tt", "u", "ul", "var"}
)


class Inside(NamedTuple):
    """What a piece of text stands in.

    ``foreign`` are the open elements of other namespaces: ``svg`` and ``math``, in them those that
    HTML has too (``svg script``, ``svg a``), and integration points as ``svg:title``. ``content``
    is the language of the text and ``element`` the element whose end tag ends it, if it is raw
    text.
    """

    foreign: tuple[str, ...]
    content: Language | None
    element: str


def namespace(foreign: tuple[str, ...]) -> str:
    """Return whose namespace the next tag is in: ``html``, ``svg`` or ``math``.

    >>> namespace(("svg",)), namespace(("svg", "svg:title"))
    ('svg', 'html')
    """
    if not foreign:
        return "html"
    last = foreign[-1]
    return "html" if ":" in last else last.partition(" ")[0]


def opened(inside: Inside, tag: Tag, *, xml: bool, depth: int) -> tuple[Inside, str]:
    """Return what the text behind a start tag is inside of, and the state of raw text ("": none).

    >>> opened(Inside((), None, ""), Tag("title"), xml=False, depth=0)
    (Inside(foreign=(), content=None, element='title'), 'RCDATA')
    >>> opened(Inside(("svg",), None, ""), Tag("title"), xml=False, depth=0)
    (Inside(foreign=('svg', 'svg:title'), content=None, element=''), '')
    """
    if _is_foreign_text(inside.foreign) and not tag.self_closing:
        # Only the text that is no child's belongs to the script: which that is, is not followed.
        inside = inside._replace(content=js.start("unknown"))
    if xml:
        with_text = tag.name in ("script", "style") and not tag.self_closing
        return _foreign_text(inside, tag, depth) if with_text else inside, ""
    space = namespace(inside.foreign)
    if space != "html" and tag.name in _BREAKOUT:
        inside, space = _left(inside), "html"
    if space == "html" and tag.name not in ("svg", "math"):
        return _raw_text(inside, tag, depth)
    if tag.self_closing:
        return inside, ""
    if tag.name in ("script", "style"):
        return _foreign_text(inside, tag, depth, space), ""
    if space == "svg" and tag.name in _SVG_INTEGRATION:
        return _pushed(inside, "svg:" + tag.name), ""
    if space == "math" and _is_math_integration(tag):
        return _pushed(inside, "math:" + tag.name), ""
    if tag.name in ("svg", "math"):
        return _pushed(inside, tag.name), ""
    known = tag.name in FOREIGN_ELEMENTS
    return inside if known else _pushed(inside, f"{space} {tag.name}", inside.content), ""


def closed(inside: Inside, name: str, *, xml: bool) -> Inside:
    """Return what the text behind the end tag is inside of.

    An end tag of HTML's ends the foreign elements in the element that it ends, too.

    >>> closed(Inside(("svg",), None, ""), "div", xml=False)
    Inside(foreign=(), content=None, element='')
    """
    if name == inside.element:
        inside = Inside(inside.foreign, None, "")
    names = (name, "svg " + name, "math " + name, "svg:" + name, "math:" + name)
    for index in range(len(inside.foreign) - 1, -1, -1):
        if inside.foreign[index] in names:
            foreign = inside.foreign[:index]
            lost = _is_foreign_text(foreign)
            return Inside(foreign, js.start("unknown") if lost else None, inside.element)
    if not xml and name not in FOREIGN_ELEMENTS and namespace(inside.foreign) != "html":
        return _left(inside)
    return inside


def _is_foreign_text(foreign: tuple[str, ...]) -> bool:
    return bool(foreign) and foreign[-1] in _FOREIGN_TEXTS


def _raw_text(inside: Inside, tag: Tag, depth: int) -> tuple[Inside, str]:
    name = tag.name
    if name == "plaintext":
        return inside, "PLAINTEXT"
    state = _RAW_TEXT.get(name)
    if state is None:
        return inside, ""
    holds_code = name in ("script", "style")
    content = content_language(tag, depth) if holds_code else inside.content
    return Inside(inside.foreign, content, name), state


def _foreign_text(inside: Inside, tag: Tag, depth: int, space: str = "svg") -> Inside:
    return _pushed(inside, f"{space} {tag.name}", content_language(tag, depth))


def _pushed(inside: Inside, name: str, content: Language | None = None) -> Inside:
    if len(inside.foreign) >= _DEEPEST:
        return inside._replace(content=js.start("unknown"))
    return Inside((*inside.foreign, name), content, inside.element)


def _left(inside: Inside) -> Inside:
    """Return ``inside`` without the foreign elements down to an integration point."""
    foreign = inside.foreign
    while foreign and ":" not in foreign[-1]:
        foreign = foreign[:-1]
    return Inside(foreign, None, inside.element)


def _is_math_integration(tag: Tag) -> bool:
    if tag.name == "annotation-xml":
        encoding = (tag.get("encoding") or "").lower()
        return encoding in ("text/html", "application/xhtml+xml")
    return tag.name in _MATHML_INTEGRATION
