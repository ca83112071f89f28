"""JavaScript as tokens: enough of it to see what is a string, a regular expression, a comment.

What cannot be told (a slash behind a bracket, mostly) is taken for what it nearly always is. No
text is read twice, and nothing is ever refused: a character that is not known is a token.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ringfence.audit.collect.templates.expressions import listed

__all__ = ["DATA", "MOST", "NAME", "NUMBER", "PUNCT", "REGEX", "STRING", "Token", "tokens"]

NAME: Final = "name"
NUMBER: Final = "number"
STRING: Final = "string"
REGEX: Final = "regex"
PUNCT: Final = "punct"
#: What the language of a template renders outside of a string: see ``elements.blanked``.
DATA: Final = "data"

#: More tokens of one script are not read.
MOST: Final = 150_000

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ue001]++)
    |(?P<comment>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+|<!--[^\n]*+)
    |(?P<name>[^\W\d][\w$]*+|[$\#@][\w$]*+)
    |(?P<number>\.?\d[\w.]*+)
    |(?P<string>"(?:[^"\\\n]++|\\[\s\S])*+"?+|'(?:[^'\\\n]++|\\[\s\S])*+'?+)
    |(?P<data>\ue000++)
    |(?P<punct>===|!==|>>>=?|\*\*=?|\.\.\.|=>|\?\.(?!\d)|&&=?|\|\|=?|\?\?=?|[-+*/%&|^!=<>]=
      |\+\+|--|[\s\S])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?![*/])(?:[^/\\\[\n]++|\\.|\[(?:[^\]\\\n]++|\\.)*+\])++/[a-z]*+")
_CHUNK = re.compile(r"(?:[^`\\$]++|\\[\s\S]|\$(?!\{))*+")
_LONGEST_REGEX = 2_000
#: So many slashes that might begin a regular expression, and do not, are looked behind.
_MOST_FAILED = 1_000
#: Behind these a value begins, so that a slash begins a regular expression.
_BEGINS = listed("return typeof case in of delete void throw new else do instanceof yield await")
_ENDS = frozenset((")", "]", "}", "`)", "++", "--"))


class Token(NamedTuple):
    """A token: what it is, its text, where it starts, and whether a line ended before it.

    A template literal is "`(", strings and ``${ … }$`` in turn, and "`)".
    """

    kind: str
    text: str
    start: int
    new_line: bool


def tokens(text: str) -> list[Token]:
    r"""Return the tokens of ``text``, without blanks and comments; at most :data:`MOST`.

    >>> [token.text for token in tokens("a = `x${b}` // c")]
    ['a', '=', '`(', 'x', '${', 'b', '}$', '`)']
    >>> [token.kind for token in tokens("x = /['\"]/.test(y) / 2")][2]
    'regex'
    """
    found: list[Token] = []
    #: For each open ``${`` how many brackets are open in it.
    inner: list[int] = []
    at, end, new_line, failed = 0, len(text), False, 0
    while at < end and len(found) < MOST:
        match = _TOKEN.match(text, at)
        assert match is not None
        kind, piece = match.lastgroup, match[0]
        if kind in ("blank", "comment"):
            new_line = new_line or "\n" in piece
            at = match.end()
            continue
        if piece in ("/", "/=") and failed < _MOST_FAILED and _value_begins(found):
            regex = _REGEX.match(text, at, at + _LONGEST_REGEX)
            failed += regex is None
            if regex is not None:
                found.append(Token(REGEX, regex[0], at, new_line))
                at, new_line = regex.end(), False
                continue
        if piece == "`":
            found.append(Token(PUNCT, "`(", at, new_line))
            at, new_line = _chunk(text, at + 1, found, inner), False
            continue
        if inner and piece in "{}":
            if piece == "}" and inner[-1] == 0:
                inner.pop()
                found.append(Token(PUNCT, "}$", at, new_line))
                at, new_line = _chunk(text, at + 1, found, inner), False
                continue
            inner[-1] += 1 if piece == "{" else -1
        found.append(Token(kind or PUNCT, piece, at, new_line))
        at, new_line = match.end(), False
    return found


def _chunk(text: str, at: int, found: list[Token], inner: list[int]) -> int:
    """Read text of a template literal, up to its end or to what is put in."""
    match = _CHUNK.match(text, at)
    assert match is not None
    if match.end() > at:
        found.append(Token(STRING, match[0], at, new_line=False))
    at = match.end()
    if text.startswith("${", at):
        inner.append(0)
        found.append(Token(PUNCT, "${", at, new_line=False))
        return at + 2
    found.append(Token(PUNCT, "`)", at, new_line=False))
    return at + 1


def _value_begins(found: list[Token]) -> bool:
    if not found:
        return True
    last = found[-1]
    if last.kind == NAME:
        return last.text in _BEGINS
    return last.kind == PUNCT and last.text not in _ENDS
