"""What a variable of a template stands in, by the escaping ring's reading of the page.

The ring reads every character, for it has to answer for every value. Here only the places of
variables are wanted, so whole elements between them are passed over at once: what the ring
itself calls complete leaves its state as it is.
"""

from __future__ import annotations

import functools
import re

from ringfence.audit.collect.templates.expressions import listed
from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.html_vouched import PLAINLY_COMPLETE
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.language import Language
from ringfence.rings.escaping.place import start_of
from ringfence.rings.escaping.plain import Plain

__all__ = ["after_variable", "is_plain", "language_of", "opened_by", "read", "start_for"]

_QUOTED = frozenset(("attribute value (double-quoted)", "attribute value (single-quoted)"))
_UNQUOTED = frozenset(("before attribute value", "attribute value (unquoted)"))
_TEXTS = frozenset(("data", "RCDATA", "RAWTEXT", "PLAINTEXT"))
_COMMENTS = ("comment", "bogus comment")
_RAW_START = re.compile(r"<(script|style)(?![\w-])", re.IGNORECASE)
_RAW_END = {
    "script": re.compile(r"</script\s*+>", re.IGNORECASE),
    "style": re.compile(r"</style\s*+>", re.IGNORECASE),
}
_PLAIN_SUFFIXES = listed(
    "conf cfg ini toml yml yaml sh py tex rst ics vcf sql env service po nginx log"
)
_LANGUAGES = frozenset(("j2", "jinja", "jinja2", "django", "dj", "dtl", "tmpl", "tpl"))


def start_for(path: str, opens: str = "") -> Language:
    """Return the state that a template begins in: by its name, behind the text ``opens``.

    >>> start_for("nginx.conf.j2").context, start_for("part.html", "<script>").context
    ('plain text', 'JavaScript value')
    """
    parts = path.lower().rpartition("/")[2].split(".")
    while len(parts) > 2 and parts[-1] in _LANGUAGES:
        parts.pop()
    if parts[-1] in _PLAIN_SUFFIXES and len(parts) > 1:
        return Plain()
    state = start_of(".".join(parts)).state
    return state.feed(opens) if opens and not isinstance(state, Plain) else state


def is_plain(state: Language) -> bool:
    """Whether there is no markup in the template at all."""
    return isinstance(state, Plain)


def read(state: Language, text: str) -> Language:
    """Return the state behind the literal ``text``.

    >>> read(start_for("a.html"), "<p>x</p><script>let x = '").context
    'JavaScript string'
    """
    # By offsets: to cut off what was read takes as long as the rest is, each time.
    at, end = 0, len(text)
    while at < end:
        if not isinstance(state, Markup):
            return state.feed(text[at:])
        if state.at == "data" and state.content is None and not state.foreign:
            match = PLAINLY_COMPLETE.match(text, at)
            at = match.end() if match is not None else at
            raw = None if state.xml else _RAW_START.match(text, at)
            if raw is not None:
                # A whole script is passed over: no variable stands in it.
                closed = _RAW_END[raw[1].lower()].search(text, raw.end())
                if closed is not None:
                    at = closed.end()
                    continue
        elif state.tag is None:
            return state.feed(text[at:])
        close = text.find(">", at) + 1 or end
        state = _fed(state, text[at:close])
        at = close
    return state


@functools.lru_cache(maxsize=8192)
def _fed(state: Markup, text: str) -> Markup:
    # The pieces between two variables of a tag are few, and come again on every page.
    return state.feed(text)


def after_variable(state: Language) -> Language:
    """Return the state behind a variable: that of a word in its stead."""
    if not isinstance(state, Markup):
        return state.feed("x")
    if state.at == "data" and state.content is None:
        return state
    return _fed(state, "x")


def language_of(state: Language) -> str:
    r"""Return what kind of place it is, in the words of ``TemplateVariable.language``.

    >>> language_of(start_for("a.html", "<p onclick=\"f('"))
    'handler'
    """
    if isinstance(state, Plain):
        return "plain"
    if isinstance(state, JavaScript):
        if state.kind == "unknown":
            # A data block of who knows what: no script, and no markup that ends in it.
            return "text"
        return "string" if state.mode in ("'", '"') else "script"
    if isinstance(state, Css):
        return "style"
    if not isinstance(state, Markup):
        return "text"
    if state.at in _QUOTED or state.at in _UNQUOTED:
        return _in_value(state)
    if state.content is not None and not state.at.startswith(_COMMENTS):
        return language_of(state.content)
    if state.at in _TEXTS:
        return "text"
    if state.at.startswith(_COMMENTS):
        return "comment"
    return "name"


def _in_value(state: Markup) -> str:
    inner = state.value
    if isinstance(inner, JavaScript):
        return "handler"
    if isinstance(inner, Css):
        return "style"
    if isinstance(inner, Markup):
        return "srcdoc"
    if inner is not None and getattr(inner, "inner", None) is not None:
        # A javascript: link holds a script.
        return "handler"
    if state.at in _UNQUOTED:
        return "unquoted"
    return "attribute" if inner is None else "url"


def opened_by(state: Language) -> str:
    """Return text that leads to such a place, "" for text and what cannot be told.

    What another template begins in, where it is included or fills a block, is told by it.

    >>> opened_by(start_for("a.html", "<script>f('"))
    "<script>'"
    """
    if not isinstance(state, Markup) or state.depth:
        return ""
    if state.content is not None:
        inner = state.content
        if isinstance(inner, Css):
            return "<style>"
        if not isinstance(inner, JavaScript) or inner.kind not in ("script", "module"):
            return ""
        quote = inner.mode if inner.mode in ("'", '"', "`") else ""
        return "<script>" + quote
    if state.at in _QUOTED and isinstance(state.value, JavaScript):
        return '<p onclick="' if "double" in state.at else "<p onclick='"
    return ""
