"""What an expression of a template is made of: its filters, its arguments, what escapes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ringfence.patterns import later

__all__ = [
    "arguments",
    "brings_data",
    "django_filters",
    "is_escaped",
    "is_literal",
    "jinja_filters",
    "listed",
    "words",
]


def listed(text: str) -> frozenset[str]:
    """Return the words of ``text`` as a set: how long lists of names are written."""
    return frozenset(text.split())


_WORD = later(r"""(?:[^\s"']++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')++|["']""")
_PIECE = later(r"""[^|"']++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\||["']""")
_NAMED = later(r"(\w++)=(?!=)(.++)", re.DOTALL)


def words(text: str) -> list[str]:
    """Split a tag's text at blanks outside of quotes.

    >>> words('url "a b" x|default:"c d" as y')
    ['url', '"a b"', 'x|default:"c d"', 'as', 'y']
    """
    return _WORD.findall(text) if '"' in text or "'" in text else text.split()


def django_filters(expression: str) -> tuple[str, tuple[str, ...]]:
    """Return the variable of a filter expression, and its filters' names.

    >>> django_filters('a.b|default:"x|y"|safe')
    ('a.b', ('default', 'safe'))
    """
    if "|" not in expression:
        return expression.strip(), ()
    if '"' in expression or "'" in expression:
        parts = [""]
        for piece in _PIECE.findall(expression):
            if piece == "|":
                parts.append("")
            else:
                parts[-1] += piece
    else:
        parts = expression.split("|")
    names = tuple(part.partition(":")[0].strip() for part in parts[1:])
    return parts[0].strip(), names


_JINJA = later(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')|(?P<filter>\|\s*+(?P<name>[\w.]++))"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<word>[\w.]++)|(?P<other>[^\s\w])""",
    re.DOTALL,
)
_TEXT_CALLS = frozenset(("_", "gettext", "ngettext", "pgettext", "url", "static", "super"))


def jinja_filters(expression: str) -> tuple[str, tuple[str, ...]]:
    """Return an expression of Jinja2's without its last filters, and their names.

    A filter inside of a call's arguments counts only if it is ``safe`` of something that is no
    literal: what it lets pass may be part of the result.

    >>> jinja_filters('_("x")|f(a=name|safe)|upper')[1]
    ('safe', 'f', 'upper')
    >>> jinja_filters('user.name|e')
    ('user.name', ('e',))
    """
    if "|" not in expression:
        return expression.strip(), ()
    depth = 0
    begin = -1
    names: list[str] = []
    inner: list[str] = []
    literal = False
    for match in _JINJA.finditer(expression):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            literal = False
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "filter":
            if depth == 0:
                begin = match.start() if begin < 0 else begin
                names.append(match["name"])
            elif match["name"] == "safe" and not literal:
                inner.append("safe")
        elif kind == "string":
            literal = True
        elif kind == "word":
            # `x|safe if y else z`: the filters before it are the value's all the same.
            literal = False
    base = expression if begin < 0 or inner else expression[:begin]
    return base.strip(), (*dict.fromkeys(inner), *names)


def arguments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the arguments of a tag, each with its name ("" where it has none).

    >>> list(arguments('with a=b|safe only'))[1]
    ('a', 'b|safe')
    """
    for word in words(text):
        match = _NAMED.fullmatch(word)
        yield (match[1], match[2]) if match else ("", word)


_LITERAL = later(
    r"""_?\(?(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')\)?|-?[\d.]++|(?i:true|false|none)|"""
)
_CALL = later(r"""(?:_|u?n?p?gettext)\(\s*+(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')\s*+\)""")


def is_literal(base: str) -> bool:
    """Whether an expression without its filters is a constant of the template's own.

    >>> is_literal('"x"'), is_literal("_('x')"), is_literal("3"), is_literal("x")
    (True, True, True, False)
    """
    return bool(_LITERAL.fullmatch(base) or _CALL.fullmatch(base))


_STRINGS = later(r"""\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'""", re.DOTALL)
_NAMES = later(r"(?<![\w.|])(?<!\|\s)[A-Za-z_][\w.]*+(?!\s*+=(?!=))")
_WORDLESS = listed(
    "_ gettext ngettext pgettext url static true false none True False None and or if"
)


def brings_data(expression: str) -> bool:
    """Whether a constant's filters are given something that is none.

    >>> brings_data("_('by {who}')|f(who=user.name)|safe"), brings_data("'x'|add:'y'|safe")
    (True, False)
    """
    found = _NAMES.findall(_STRINGS.sub("''", expression))
    return any(name not in _WORDLESS for name in found)


#: What is left of a value behind these has no markup in it, or none that is a visitor's.
_CLEAN = listed(
    "force_escape escapejs json_script urlencode iriencode slugify length length_is date time"
    " timesince timeuntil floatformat filesizeformat intcomma intword apnumber ordinal"
    " naturaltime naturalday pluralize yesno divisibleby wordcount get_digit stringformat_d"
    " unlocalize_number tojson forceescape int float round count wordcount filesizeformat"
    " urlencode_plus quote bleach bleach_value sanitize sanitize_html clean clean_html nh3"
    " safe_html html_sanitize sanitized escape_html html_escape purify xss_clean htmlsafe_json"
    " escapejson json_escape unique_id crc32 md5 sha1 hash currency money intspace attr_escape"
    " escape_json"
)
_SANITIZING = later(r"sanit|bleach|purif|nh3|scrub|(?:^|_)clean(?:ed|_html)?$")
#: These escape what is not marked as safe: in Django only where autoescaping is on.
_ESCAPING = listed("escape e conditional_escape")
_ESCAPING_WHEN_ON = listed("linebreaks linebreaksbr urlize urlizetrunc linenumbers unordered_list")
_MARKING = listed("safe safeseq mark_safe safe_join_marked")


def is_escaped(filters: Sequence[str], *, autoescape: bool) -> bool:
    """Whether a value that comes through ``filters`` can bring no markup of its own.

    >>> is_escaped(["safe"], autoescape=True), is_escaped(["escape", "safe"], autoescape=True)
    (False, True)
    >>> is_escaped(["safe", "escape"], autoescape=True), is_escaped([], autoescape=False)
    (False, False)
    """
    marked = False
    for name in filters:
        if name in _CLEAN or _SANITIZING.search(name):
            return True
        if name in _MARKING:
            marked = True
        elif not marked and (name in _ESCAPING or (autoescape and name in _ESCAPING_WHEN_ON)):
            return True
    return autoescape and not marked
