"""Values that are told at a glance: by one look at their characters.

For most places there is a set of characters that decide nothing there, and most values are made
of those alone. What the place's own language does with such values is found out once, by asking
it: if it encodes them in the way that is known here and always ends in the same state, it need not
be asked again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.js_tokens import MAPS, STRINGS, TEMPLATE
from ringfence.rings.escaping.js_values import escape as escape_js
from ringfence.rings.escaping.language import Language, Refused, Value
from ringfence.rings.escaping.schemes import CODE_ROLES, DEFAULT_SCHEMES
from ringfence.rings.escaping.url import Url

__all__ = ["Class", "classes_of"]

#: Whether a text is of the class.
Match = Callable[[str], object]
#: How a text of the class is written; None for as it is.
Encode = Callable[[str], str]


class Class(NamedTuple):
    """Texts that a place writes alike: which they are, how, and the state behind them."""

    match: Match
    encode: Encode | None
    after: Language


class _Kind(NamedTuple):
    pattern: str
    samples: tuple[str, ...]
    encode: Encode | None = None


_NUMBER = _Kind(r"0|[1-9][0-9]{0,14}+", ("5", "1200"))
_TEXT = _Kind(r"[\w .,:!?@#()*+~|^\[\]-]++", ("x", "1", "a.b c,d:e!(f)[g]*-+|^~#?@", "-", "!"))
_SCRIPT_TEXT = _Kind(
    r"(?s:.++)",
    ("x", "a'b\"c\\d`e", "${f}<g>&</script>", "%0a=;\n\u2028/", "-->", "[a]"),
    escape_js,
)


def _literal(text: str) -> str:
    return f'"{escape_js(text)}"'


def _encoded_literal(text: str) -> str:
    return f"&quot;{escape_js(text)}&quot;"


# Strings that read like no other literal: as values they are written in quotes.
_WORDS = r"(?!(?:true|false|null|__proto__)\Z)(?s:[A-Za-z_ /<\[{('\"].*+)"
_WORD_SAMPLES = ("x", "truth", "a'b\"c\\d`e", "[1]", '{"a": 1}', "</script>", "/x\n", "nullify")
_STRING = _Kind(_WORDS, _WORD_SAMPLES, _literal)
_ENCODED_STRING = _Kind(_WORDS, _WORD_SAMPLES, _encoded_literal)

# URLs by phase. Control characters never are of a class: browsers drop some of them.
_HOST = r"(?:https?://[a-z0-9][a-z0-9.-]*+)?+"
_SEGMENTS = r"/[\w~-][\w.~/ :,@!()*-]*+"
_QUERY = r"\?[^#\x00-\x1f\x7f]*+(?<!=)"
_PATHS = ("/x", "/a.b/c d-e_f/")
_WEB = ("http://a/b", "https://c.d-e.example/f/g.h")
_QUERIES = ("?a", "?a=b", "?a=1&b=2/", "?next=/x/?y='\"<>%20+\\")


def _joined(heads: tuple[str, ...], tails: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(head + tail for head in heads for tail in tails)


_URLS: dict[str, tuple[_Kind, ...]] = {
    "start": (
        _Kind(_HOST + _SEGMENTS, (*_PATHS, *_WEB)),
        _Kind(_HOST + _SEGMENTS + _QUERY, _joined((*_PATHS, *_WEB), _QUERIES), html.escape),
        _Kind(_QUERY, _QUERIES, html.escape),
        _Kind(r"\?[^#\x00-\x1f\x7f]*+(?<==)", ("?a=", "?a=1&b=", "?a='\"<>%20+/="), html.escape),
        _Kind("/", ("/",)),
    ),
    "start of code": (
        _Kind(_SEGMENTS, _PATHS),
        _Kind(_SEGMENTS + _QUERY, _joined(_PATHS, _QUERIES), html.escape),
    ),
    "path": (
        _Kind(
            r"[^?#\x00-\x1f\x7f]++",
            ("x", "1", "a.b/c d,e@f:g!", "/", "R&D <b> 'c' \"d\"", "a=", "\\"),
            html.escape,
        ),
        _Kind(r"[^?#\x00-\x1f\x7f]*+" + _QUERY, _joined(("", "x", "/a/"), _QUERIES), html.escape),
    ),
    "query": (
        _Kind(r"[^#\x00-\x1f\x7f]++", ("x", "1", "&a=b", "a=", "R&D '<b>'", "%20+?"), html.escape),
    ),
    "param": (_Kind(r"[^&#+%\x00-\x1f\x7f]++", ("x", "1", "a=", "/b/?c", "'<b>'"), html.escape),),
    "fragment": (_Kind(r"[^\x00-\x1f\x7f]++", ("x", "1", "#", "R&D '<b>'", "a=?"), html.escape),),
}
# The value of an attribute that is text, and yet decides something: `type`, `name`, `rel`.
_VALUE = _Kind(r"(?s:.*+)", ("", "x", "a&b<c>'\"\n"), html.escape)
_QUOTED = frozenset(("attribute value (double-quoted)", "attribute value (single-quoted)"))
# Without quotes around it a value may only hold what needs no encoding there.
_UNQUOTED = _Kind(r"[\w.~/:,@!()*-]++", ("x", "1", "a.b/c,d@e:f!", "/", "-"))


class _NoTrust:
    """Trusts nobody: what is written alike without trust is written alike with it."""

    schemes = DEFAULT_SCHEMES

    def may_load(self, origin: str, destination: str) -> bool:
        """Return False."""
        del origin, destination
        return False


def classes_of(state: Language) -> tuple[Class, ...]:
    """Return the classes of texts that ``state`` writes alike, those most often met first."""
    if getattr(state, "volatile", False):
        return ()
    inner: Language | None = state
    quoted = True
    if isinstance(state, Markup):
        if state.at in _QUOTED and state.value is None:
            after = _tried(state, _VALUE)
            return () if after is None else (_class(_VALUE, after),)
        inner = state.value if state.value is not None else state.content
        if state.content is not None and state.buffer:
            return ()
        if state.value is not None:
            if state.buffer or not state.at.startswith("attribute value"):
                return ()
            quoted = "unquoted" not in state.at
    found = []
    for kind in _kinds(inner, quoted=quoted):
        after = _tried(state, kind)
        if after is not None:
            found.append(_class(kind, after))
    return tuple(found)


def _class(kind: _Kind, after: Language) -> Class:
    return Class(re.compile(kind.pattern).fullmatch, kind.encode, after)


def _tried(state: Language, kind: _Kind) -> Language | None:
    """Return the state behind every sample, None if they are not all written as ``kind`` says."""
    ends = set()
    for sample in kind.samples:
        try:
            text, after = state.write(Value(sample, sample), _NoTrust())
        except Refused:
            return None
        if text != (sample if kind.encode is None else kind.encode(sample)):
            return None
        ends.add(after)
    return ends.pop() if len(ends) == 1 else None


def _kinds(inner: Language | None, *, quoted: bool) -> tuple[_Kind, ...]:
    if isinstance(inner, Url):
        if inner.volatile or inner.inner is not None:
            return ()
        if inner.phase == "start":
            return _URLS["start of code" if inner.role in CODE_ROLES else "start"] if quoted else ()
        kinds = _URLS.get(inner.phase, ())
        return kinds if quoted or not kinds else (_UNQUOTED,)
    if isinstance(inner, JavaScript):
        if inner.inner is None and (inner.mode in STRINGS or inner.mode == TEMPLATE):
            return (_TEXT, _SCRIPT_TEXT) if quoted else ()
        top = inner.frames[-1]
        plain = top.chain is None and not top.sink and inner.kind not in MAPS
        if quoted and plain and inner.prev != "key":
            return (_NUMBER, _STRING, _ENCODED_STRING)
        return (_NUMBER,)
    return (_NUMBER,) if isinstance(inner, Css) else ()
