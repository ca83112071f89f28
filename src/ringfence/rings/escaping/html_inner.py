"""The languages inside of HTML: of attributes' values, and of what scripts and styles hold."""

from __future__ import annotations

from ringfence.rings.escaping import css, js, url
from ringfence.rings.escaping.html_tags import Tag, kind_of, script_kind
from ringfence.rings.escaping.language import Language

__all__ = ["content_language", "expression", "language"]

#: How deep a document may stand in the attribute of another one.
_NESTED_DOCUMENTS = 3

#: Attributes of libraries whose expression's result becomes markup.
_HTML_RESULTS = frozenset(
    {"x-html", "v-html", "ng-bind-html", "data-ng-bind-html", "[innerhtml]", ".innerhtml"}
    | {":inner-html", ":innerhtml", "v-bind:inner-html", "v-bind:innerhtml", "x-bind:innerhtml"}
)
_BINDINGS = (":", "x-bind:", "v-bind:", "data-ng-attr-", "ng-attr-")


def language(kind: str | None, depth: int = 0) -> Language | None:
    """Return the state at the start of an attribute's value of that kind.

    ``depth`` is how many documents the attribute stands in.
    """
    if kind is None:
        return None
    if kind in ("handler", "expression"):
        return js.start(kind)
    if kind == "style":
        return css.start("declarations")
    if kind == "srcdoc":
        return _document(depth)
    return url.start(kind.removeprefix("url:"))


def _document(depth: int) -> Language:
    # HTML contains itself: an import above would go in a circle.
    from ringfence.rings.escaping.html import fragment  # noqa: PLC0415

    return fragment(depth + 1) if depth < _NESTED_DOCUMENTS else js.start("unknown")


def expression(tag: Tag, name: str) -> Language:
    """Return the state at the start of a library's attribute, by what its result becomes."""
    if name in _HTML_RESULTS:
        return js.start("expression", sink="html")
    for prefix in _BINDINGS:
        bound = name.removeprefix(prefix)
        if bound != name:
            # Modifiers stand behind a dot: `:href.camel`.
            kind = kind_of(tag, bound.partition(".")[0])
            if kind == "handler":
                return js.start("unknown")
            if kind == "srcdoc":
                return js.start("expression", sink="html")
            if kind is not None and kind not in ("style", "expression"):
                return js.start("expression", sink="navigate")
    return js.start("expression")


def content_language(tag: Tag, depth: int) -> Language:
    """Return the state at the start of what a ``script`` or ``style`` element holds."""
    if tag.name == "style":
        return css.start("sheet")
    kind = script_kind(tag)
    return _document(depth) if kind == "markup" else js.start(kind)
