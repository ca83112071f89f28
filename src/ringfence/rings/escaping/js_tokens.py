"""What JavaScript's text is made of, as far as it is told apart: modes, words, brackets.

ECMAScript 2025, section 12 (lexical grammar).
"""

from __future__ import annotations

from typing import NamedTuple

from ringfence.rings.escaping.language import Language

__all__ = [
    "BASE",
    "BEGIN",
    "BLOCK",
    "CODE",
    "CONDITION_WORDS",
    "ENDED",
    "JSON_KINDS",
    "KEYWORD",
    "KEYWORDS",
    "LINE",
    "LINES",
    "LONGEST_WORD",
    "MAPS",
    "OPERAND",
    "REGEX",
    "SLASH",
    "SOFT",
    "SOFT_WORDS",
    "STATEMENT_WORDS",
    "STRINGS",
    "TEMPLATE",
    "UNKNOWN",
    "VALUE",
    "VALUE_WORDS",
    "Frame",
    "is_value_keyword",
    "spelt",
]

# Modes. BEGIN is the very first character, where a hashbang may stand; SLASH is behind a "/" that
# may begin a comment, a regular expression or a division.
BEGIN, CODE, SLASH, LINE, BLOCK, REGEX, UNKNOWN = (
    "begin",
    "code",
    "slash",
    "line",
    "block",
    "regex",
    "unknown",
)
TEMPLATE = "`"
STRINGS = frozenset({"'", '"', TEMPLATE})

# The previous token, where it is not punctuation that stands for itself.
OPERAND = "operand"  # complete: a name, number, string, or what closed with ) or ]
VALUE = "value keyword"  # an expression follows
SOFT = "soft keyword"  # as VALUE, or a name
KEYWORD = "keyword"  # something else follows
ENDED = frozenset({OPERAND, "}", "++"})

VALUE_WORDS = frozenset(
    {"return", "typeof", "case", "in", "instanceof", "void", "throw", "default"}
)
SOFT_WORDS = frozenset({"of", "yield", "await", "from"})
KEYWORDS = frozenset(
    [
        "break",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "let",
        "new",
        "switch",
        "try",
        "var",
        "while",
        "with",
    ]
)
STATEMENT_WORDS = frozenset(
    [
        "var",
        "let",
        "const",
        "if",
        "for",
        "while",
        "do",
        "else",
        "return",
        "function",
        "class",
        "switch",
        "try",
        "throw",
        "case",
        "default",
    ]
)
CONDITION_WORDS = frozenset({"if", "while", "for", "with"})

JSON_KINDS = frozenset({"json", "importmap", "speculationrules"})
MAPS = frozenset({"importmap", "speculationrules"})

LONGEST_WORD = 24

LINES = "\n\r\u2028\u2029"


class Frame(NamedTuple):
    """An open bracket: ``(``, ``[``, ``{``, or ``$`` for ``${`` of a template literal.

    ``k`` is the parenthesis of ``if (`` and its like, ``j`` that of a call of jQuery's.
    ``sink`` is what the strings in it are handed to; ``chain`` the state, in the language they are
    written in, behind the last string of a sum; ``hole`` says that something unknown was added
    since. In a ``$`` frame, ``chain`` and ``hole`` are those of the template literal around it.
    """

    opener: str
    sink: str
    chain: Language | None
    hole: bool


BASE = Frame("", "", chain=None, hole=False)


def spelt(word: str, more: str) -> str:
    """Return ``word`` with ``more`` behind it, bounded: its beginning and its last character."""
    word += more
    return word if len(word) <= LONGEST_WORD else word[: LONGEST_WORD - 1] + word[-1]


def is_value_keyword(word: str) -> bool:
    """Whether an expression follows ``word``, even without a space."""
    return word in VALUE_WORDS or word in {"of", "yield", "await"}
