"""A template's text as tokens, by Django's syntax or by Jinja2's, whatever tags it has.

Both readers go over the text once: where a tag is not closed, it is text, as Django has it. The
next end of each kind is looked for only from behind the last one, so that no text is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["BLOCK", "COMMENT", "TEXT", "VARIABLE", "Token", "tokens"]

TEXT: Final = "text"
VARIABLE: Final = "variable"
BLOCK: Final = "block"
COMMENT: Final = "comment"

_OPEN = re.compile(r"\{[{%#]")
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_KINDS = {"{{": VARIABLE, "{%": BLOCK, "{#": COMMENT}
_NEVER = 1 << 60
#: How often a quoted ``}}`` is passed over within one tag of Jinja2's.
_MOST_QUOTED_ENDS = 4
#: So many texts without an end are looked through.
_MOST_MISSING = 20
_RAW = re.compile(r"\{%[-+]?\s*+endraw\s*+[-+]?%\}")


class Token(NamedTuple):
    """A piece of a template: ``text`` is what stands between its marks, stripped.

    ``start`` and ``end`` are offsets of the file's text, marks included. Of literal text,
    ``text`` is the text itself. ``name`` is a tag's first word.
    """

    kind: str
    start: int
    end: int
    text: str
    name: str = ""


def tokens(text: str, *, jinja: bool) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order; together they cover all of it.

    >>> [token.kind for token in tokens("<p>{{ x }}{# no #}{% if %}", jinja=False)]
    ['text', 'variable', 'comment', 'block']
    """
    ends = _Ends(text, jinja=jinja)
    position = done = 0
    while match := _OPEN.search(text, position):
        start = match.start()
        mark = match[0]
        close = ends.behind(mark, start)
        if close < 0:
            position = start + 2
            continue
        if start > done:
            yield Token(TEXT, done, start, text[done:start])
        content = text[start + 2 : close].strip()
        if jinja:
            content = content.strip("+-").strip()
        kind = _KINDS[mark]
        name = content.split(None, 1)[0] if kind == BLOCK and content else ""
        done = position = close + 2
        yield Token(kind, start, done, content, name)
        if name in _LITERAL[jinja]:
            found = ends.literal(done, content, name)
            if found is None:
                continue
            at, position = found
            if name != "comment":
                yield Token(TEXT, done, at, text[done:at])
                yield Token(BLOCK, at, position, "end" + name, "end" + name)
            else:
                yield Token(COMMENT, done, position, text[done:at])
            done = position
    if done < len(text):
        yield Token(TEXT, done, len(text), text[done:])


_LITERAL = {False: frozenset(("comment", "verbatim")), True: frozenset(("raw",))}
_COMMENT_END = re.compile(r"\{%[ \t]*+endcomment[ \t]*+%\}")


class _Ends:
    """Where the next end of each kind of tag is."""

    def __init__(self, text: str, *, jinja: bool) -> None:
        self.text = text
        self.jinja = jinja
        self.missing = 0
        self.next = {"}}": -1, "%}": -1, "#}": -1, "\n": -1}

    def _from(self, what: str, at: int) -> int:
        known = self.next[what]
        if known < at:
            known = self.text.find(what, at)
            self.next[what] = known = _NEVER if known < 0 else known
        return known

    def literal(self, at: int, content: str, name: str) -> tuple[int, int] | None:
        """Return where the text of ``verbatim``, ``raw`` or ``comment`` ends, and its end tag."""
        if self.missing > _MOST_MISSING:
            return None
        if name == "verbatim":
            # {% verbatim name %} ends with {% endverbatim name %}.
            pattern = re.compile(r"\{%[ \t]*+" + re.escape("end" + content) + r"[ \t]*+%\}")
        else:
            pattern = _RAW if name == "raw" else _COMMENT_END
        match = pattern.search(self.text, at)
        if match is None:
            self.missing += 1
            return None
        return match.span()

    def behind(self, mark: str, start: int) -> int:
        """Return where the end of the tag at ``start`` is, -1 if it is not closed."""
        end = _ENDS[mark]
        close = self._from(end, start + 2)
        if not self.jinja:
            # A tag of Django's ends on its own line, whatever is quoted in it.
            return close if close < self._from("\n", start) else -1
        if mark != "{#":
            for _ in range(_MOST_QUOTED_ENDS):
                if close >= _NEVER or not _is_quoted(self.text, start + 2, close):
                    break
                close = self._from(end, close + 2)
        return close if close < _NEVER else -1


_QUOTED = re.compile(r"""[^"']++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'""", re.DOTALL)
_LONGEST_TAG = 20_000


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether ``end`` stands in a string that began behind ``start``."""
    if end - start > _LONGEST_TAG:
        return False
    at = start
    while at < end:
        match = _QUOTED.match(text, at, end)
        if match is None:
            return True
        at = match.end()
    return False
