"""What is done to a variable in each place, in a few words: for people, not for the renderer."""

from __future__ import annotations

from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.js_tokens import STRINGS, TEMPLATE
from ringfence.rings.escaping.language import Language
from ringfence.rings.escaping.plain import Plain
from ringfence.rings.escaping.url import Url

__all__ = ["escaper_of"]

_HTML = "HTML-escaped"
_CSS = {
    "selector": "CSS identifier escapes",
    "property": "judged as declarations of harmless properties",
    "value": "judged as a harmless CSS value",
    "prelude": "judged as a harmless CSS value",
}


def escaper_of(state: Language, *, vouched: bool = False) -> str:
    """Return how a variable is written in ``state``; ``vouched`` for markup (``|safe``).

    >>> from ringfence.rings.escaping.html import fragment
    >>> escaper_of(fragment().feed("<a href='"))
    'URL judged, then HTML-escaped'
    >>> escaper_of(fragment().feed("<script>let name = '"))
    'JavaScript string escapes'
    >>> escaper_of(fragment(), vouched=True)
    'written as it is: markup that is vouched for'
    """
    if isinstance(state, Markup):
        return _markup(state, vouched=vouched)
    if isinstance(state, JavaScript):
        return _javascript(state)
    if isinstance(state, Css):
        return _css(state)
    if isinstance(state, Plain):
        return "written as it is" if vouched else _HTML
    if isinstance(state, Url):
        return _url(state)
    item = getattr(state, "item", None)
    return escaper_of(item) if item is not None else "URL judged"


def _markup(state: Markup, *, vouched: bool) -> str:
    inner = state.value if state.value is not None else state.content
    if state.at == "tag name" or state.at.endswith("tag open"):
        return "judged as the name of a harmless element"
    if state.at == "attribute name":
        return "judged as a part of a harmless attribute's name"
    if state.at == "before attribute value" or state.at.startswith("attribute value"):
        if inner is None:
            return f"{_HTML}, existing entities kept" if vouched else _HTML
        return f"{escaper_of(inner, vouched=vouched)}, then {_HTML}"
    if state.value is None and "attribute" in state.at:
        return "judged as complete, harmless attributes"
    if "comment" in state.at:
        return f"{_HTML}, dashes parted"
    if inner is not None:
        written = escaper_of(inner, vouched=vouched)
        return f"{written}, then {_HTML}" if state.foreign else written
    if vouched and state.at == "data":
        return "written as it is: markup that is vouched for"
    return _HTML


def _javascript(state: JavaScript) -> str:
    if state.mode in STRINGS or state.mode == TEMPLATE:
        if state.inner is None:
            return "JavaScript string escapes"
        return f"{escaper_of(state.inner)}, then JavaScript string escapes"
    if state.context.endswith("comment"):
        return "JavaScript string escapes, asterisks too"
    if state.word and state.prev != ".":
        return "judged as digits, or letters behind an underscore"
    return "written as JSON" if state.context.startswith("JSON") else "written as a literal"


def _css(state: Css) -> str:
    if state.lexeme in {"comment", "star"}:
        return "CSS escapes"
    if state.inner is not None:
        return f"{_url(state.inner)}, then CSS escapes"
    if state.lexeme in {'"', "'"}:
        return "CSS string escapes"
    return _CSS.get(state.where, "judged as harmless CSS")


def _url(state: Url) -> str:
    if state.inner is not None:
        return escaper_of(state.inner)
    if state.phase in {"start", "scheme", "authority"}:
        return "URL judged"
    if state.phase == "param":
        return "percent-encoded where it would end the parameter"
    return "no change as a URL"
