"""Values that come out as they are: told by one look at their characters.

For most places there is a set of characters that mean nothing there, and most values are made of
those alone. The place's own language is asked once what it does with such values; if it leaves
them as they are and always ends in the same state, it need not be asked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.js_reading import STRINGS, TEMPLATE
from ringfence.rings.escaping.language import Language, Refused, Value
from ringfence.rings.escaping.schemes import CODE_ROLES, DEFAULT_SCHEMES
from ringfence.rings.escaping.url import Url

__all__ = ["quick_of"]

_ROOTED = re.compile(r"/[\w~-][\w.~/ -]*+")
_WEB = re.compile(r"(?:https?://[a-z0-9][a-z0-9.-]*+)?+/[\w~-][\w.~/ -]*+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}+")
_PART = re.compile(r"[\w.~/ :,@!()*-]++")
_TEXT = re.compile(r"[\w .,:!?@#()*+~|^\[\]-]++")

_NUMBERS = ("5", "1200")

#: Whether a text is made of harmless characters alone.
Harmless = Callable[[str], object]


class _NoTrust:
    """Trusts nobody: what comes out of it unchanged needs no trust."""

    schemes = DEFAULT_SCHEMES

    def may_load(self, origin: str, destination: str) -> bool:
        """Return False."""
        del origin, destination
        return False


def quick_of(state: Language) -> tuple[Harmless, Language] | None:
    """Return which values come out as they are, and the state behind every one of them.

    None where there is no such set, or the language does not treat them alike.
    """
    if getattr(state, "volatile", False):
        return None
    inner: Language | None = state
    if isinstance(state, Markup):
        inner = state.value if state.value is not None else state.content
        if state.buffer or (state.value is not None and not state.at.startswith("attribute value")):
            return None
    pattern, samples = _harmless(inner)
    if pattern is None:
        return None
    ends = set()
    for sample in samples:
        try:
            text, after = state.write(Value(sample, sample), _NoTrust())
        except Refused:
            return None
        if text != sample:
            return None
        ends.add(after)
    return (pattern.fullmatch, ends.pop()) if len(ends) == 1 else None


def _harmless(inner: Language | None) -> tuple[re.Pattern[str] | None, tuple[str, ...]]:
    if isinstance(inner, Url):
        if inner.volatile or inner.inner is not None:
            return None, ()
        if inner.phase == "start":
            samples = ("/x", "/a.b/c d-e_f/")
            if inner.role in CODE_ROLES:
                return _ROOTED, samples
            return _WEB, (*samples, "http://a/b", "https://c.d-e.example/f/g.h")
        if inner.phase in ("path", "query", "param", "fragment"):
            return _PART, ("x", "1", "a.b/c d,e@f:g!", "/")
        return None, ()
    if isinstance(inner, JavaScript):
        if inner.inner is None and (inner.mode in STRINGS or inner.mode == TEMPLATE):
            return _TEXT, ("x", "1", "a.b c,d:e!(f)[g]*-+|^~#?@", "-", "!")
        return _NUMBER, _NUMBERS
    if isinstance(inner, Css):
        return _NUMBER, _NUMBERS
    return None, ()
