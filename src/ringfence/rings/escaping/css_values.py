"""Which text a variable may bring into a style sheet, and how it is written there.

Pure functions over strings. Standards: https://www.w3.org/TR/css-syntax-3/ for what a token is,
https://www.w3.org/TR/cssom-1/#serialize-an-identifier for escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = [
    "NotCssError",
    "escape_comment",
    "escape_identifier",
    "escape_string",
    "escape_unquoted_url",
    "harmless_declarations",
    "harmless_rules",
    "harmless_value",
    "is_harmless_property",
]


class NotCssError(ValueError):
    """The text is not of the harmless kind. Its argument is a clause that says what is wrong."""


# Functions that calculate, colour, draw or arrange. Those that load (`image`, `src`,
# `image-set`), run (`expression`) or read the page (`attr`, `element`) are left out.
_FUNCTIONS = frozenset(
    {"rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix"}
    | {"light-dark", "calc", "min", "max", "clamp", "round", "mod", "rem", "abs", "sign", "sin"}
    | {"cos", "tan", "asin", "acos", "atan", "atan2", "pow", "sqrt", "hypot", "log", "exp", "var"}
    | {"env", "linear-gradient", "radial-gradient", "conic-gradient", "repeating-linear-gradient"}
    | {"repeating-radial-gradient", "repeating-conic-gradient", "cubic-bezier", "steps", "linear"}
    | {"translate", "translatex", "translatey", "translatez", "translate3d", "scale", "scalex"}
    | {"scaley", "scalez", "scale3d", "rotate", "rotatex", "rotatey", "rotatez", "rotate3d"}
    | {"skew", "skewx", "skewy", "matrix", "matrix3d", "perspective", "blur", "brightness"}
    | {"contrast", "drop-shadow", "grayscale", "hue-rotate", "invert", "opacity", "saturate"}
    | {"sepia", "repeat", "minmax", "fit-content", "counter", "counters", "inset", "circle"}
    | {"ellipse", "polygon", "anchor", "anchor-size"}
)
# Binds scripts to elements in browsers of old; as a plain word nobody means anything else.
_WORDS = frozenset({"-moz-binding", "behavior", "-ms-behavior"})

_IDENT = r"-{0,2}[a-zA-Z_\x80-\U0010ffff][\w\x80-\U0010ffff-]*"
# A name runs on over digits, hyphens and non-ASCII; a number has its unit at once; neither can be
# read in two ways, so matching takes one pass.
_TOKEN = re.compile(
    rf"""
    (?P<blank>[ \t\n\r\f,]+)
    |(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?
        (?:%|[a-zA-Z_\x80-\U0010ffff][\w-]*)?)
    |(?P<function>{_IDENT}|--)\(
    |(?P<ident>{_IDENT})
    |(?P<hash>\#[0-9a-zA-Z_-]+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<string>"[^"\\\n\r\f]*"|'[^'\\\n\r\f]*')
    |(?P<important>![ \t]*important(?=[ \t\n\r\f]*$))
    |(?P<operator>[+-]|\*(?!/)|/(?![*/]))
    """,
    re.VERBOSE | re.ASCII,
)
# Most values by far are one number or colour.
_SIMPLE = re.compile(
    r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?(?:%|[a-z]{1,4})?|#[0-9a-fA-F]{3,8}", re.ASCII
)
_URL = re.compile(
    r"""[ \t\n\r\f]*+(?:"([^"\\\n\r\f]*+)"|'([^'\\\n\r\f]*+)'|([^"'()\\\x00-\x20\x7f]*+))"""
    r"[ \t\n\r\f]*+\)"
)
_MOST_PARENTHESES = 32
_BEFORE_GROUP = frozenset({"blank", "function", "open", "operator"})

_PROPERTIES = frozenset(
    {"color", "opacity", "width", "height", "display", "float", "clear", "direction", "hyphens"}
    | {"vertical-align", "line-height", "letter-spacing", "word-spacing", "white-space", "gap"}
    | {"word-break", "word-wrap", "overflow-wrap", "tab-size", "row-gap", "column-gap", "order"}
    | {"table-layout", "caption-side", "empty-cells", "box-sizing", "box-shadow", "visibility"}
    | {"object-fit", "object-position", "aspect-ratio", "accent-color", "caret-color", "quotes"}
    | {"inline-size", "block-size", "min-inline-size", "max-inline-size", "min-block-size"}
    | {"max-block-size", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width"}
    | {"stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stop-color"}
    | {"stop-opacity", "columns", "column-count", "column-width", "unicode-bidi", "writing-mode"}
)
_PROPERTY = re.compile(
    r"(?:background|border|margin|padding|font|text|list-style|outline|flex|align|justify|min"
    r"|max|place|column-rule|grid)(?:-[a-z-]+)?",
)
# Not properties at all, or such as reach beyond the looks of one element.
_NOT_PROPERTIES = frozenset({"min", "max", "place", "align", "justify", "background-attachment"})
_DECLARATION = re.compile(r"([ \t\n\r\f]*)([a-zA-Z-]+)([ \t\n\r\f]*:)(.*)", re.DOTALL)
_SPACE = " \t\n\r\f"

_KEPT_IN_IDENTIFIER = r"a-zA-Z0-9_\x80-\U0010ffff-"
_NOT_IDENTIFIER = re.compile(rf"[^{_KEPT_IN_IDENTIFIER}]")
_NOT_STRING = re.compile(r"""[\x00-\x1f\x7f"'\\<>&;{}()]""")
_NOT_URL = re.compile(r"""[\x00-\x20\x7f"'()\\<>]""")
_NOT_COMMENT = re.compile(r"[\x00*/<>&]")


def _escape(match: re.Match[str]) -> str:
    # The space ends the escape whatever follows; NUL is U+FFFD to every parser anyway.
    return f"\\{ord(match[0]) or 0xFFFD:x} "


def escape_string(text: str) -> str:
    r"""Return ``text`` as the content of a string, whichever its quote.

    >>> escape_string('say "hi"')
    'say \\22 hi\\22 '
    """
    return _NOT_STRING.sub(_escape, text)


def escape_comment(text: str) -> str:
    r"""Return ``text`` so that it can neither end nor begin a comment.

    >>> escape_comment("a*/b")
    'a\\2a \\2f b'
    """
    return _NOT_COMMENT.sub(_escape, text)


def escape_identifier(text: str, *, before: str) -> str:
    r"""Return ``text`` as a part of an identifier of which ``before`` is already written.

    >>> escape_identifier("1", before=""), escape_identifier("1.5", before="item-")
    ('\\31 ', '1\\2e 5')
    """
    escaped = _NOT_IDENTIFIER.sub(_escape, text)
    if (before + text).endswith("--"):
        # With a ">" behind it this would be the end of an SGML comment.
        escaped = escaped[:-1] + "\\2d "
    if not before and text.startswith("--"):
        # And behind "<!" the beginning of one.
        return "\\2d " + escaped[1:]
    if before in {"", "-"} and text[:1].isascii():
        if text[:1].isdigit():
            return f"\\{ord(text[0]):x} {escaped[1:]}"
        if not before and (text == "-" or (text.startswith("-") and text[1:2].isdigit())):
            return f"\\2d {escaped[1:]}"
    return escaped


def escape_unquoted_url(text: str) -> str:
    r"""Return ``text`` as the content of ``url()`` without quotes, percent-encoded.

    >>> escape_unquoted_url("/a (1).png"), escape_unquoted_url("?a&b")
    ('/a%20%281%29.png', '?a\\26 b')
    """
    text = _NOT_URL.sub(lambda match: f"%{ord(match[0]):02X}", text)
    # A style sheet in SVG has character references.
    return text.replace("&", "\\26 ")


def harmless_value(
    text: str, judge_url: Callable[[str], str], *, strings: bool = True, before: str = ""
) -> str:
    """Return ``text``, values of a declaration, with its strings and URLs written safely.

    ``judge_url`` returns an address as it may be written, or raises; ``strings`` says whether a
    string may stand here (in ``image-set()`` it would be an address); ``before`` is the word that
    ``text`` would go on with.

    :raises NotCssError: where it is more than words, numbers, colours, strings and known functions.

    >>> harmless_value("1px solid rgb(1, 2, 3)", str)
    '1px solid rgb(1, 2, 3)'
    """
    if before[:1] == "#" and _NOT_IDENTIFIER.search(text):
        raise NotCssError("it would be more than the end of the colour or name behind the '#'")
    if (before + text).endswith("--"):
        raise NotCssError("with a '>' behind it, its dashes would be a comment's end")
    if _SIMPLE.fullmatch(text):
        return text
    return _by_token(text, judge_url, strings=strings, before=before)


def _by_token(  # noqa: C901 -- one row for every kind of token
    text: str, judge_url: Callable[[str], str], *, strings: bool, before: str
) -> str:
    written: list[str] = []
    position, depth = 0, 0
    # Behind a word, a number or a colour a parenthesis would make a function of it.
    groups = not before or before in _FUNCTIONS
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotCssError(f"the character {text[position]!r} has no place in it")
        kind, token = match.lastgroup, match[0]
        position = match.end()
        match kind:
            case "function" if match["function"].lower() == "url":
                token, position = _url(text, token, position, judge_url)
            case "function" if match["function"].lower() not in _FUNCTIONS:
                raise NotCssError(f"the function {token[:40]!r}) is not one of the harmless ones")
            case "open" if not groups:
                raise NotCssError("a parenthesis follows what is no harmless function's name")
            case "function" | "open":
                depth += 1
            case "close":
                depth -= 1
            case "string" if not strings:
                raise NotCssError("a string is an address here")
            case "string":
                token = token[0] + escape_string(token[1:-1]) + token[0]
            case "ident" if token.lower() in _WORDS:
                raise NotCssError(f"the word {token!r} once bound scripts")
        if not 0 <= depth <= _MOST_PARENTHESES:
            raise NotCssError("its parentheses are not balanced")
        groups = kind in _BEFORE_GROUP and not token.endswith(")")
        written.append(token)
    if depth:
        raise NotCssError("its parentheses are not balanced")
    return "".join(written)


def _url(text: str, token: str, position: int, judge_url: Callable[[str], str]) -> tuple[str, int]:
    match = _URL.match(text, position)
    if match is None:
        raise NotCssError("it has an address that does not end, or escapes in one")
    kind = match.lastindex or 3
    address = judge_url(match[kind])
    if kind == 3:
        return f"{token}{escape_unquoted_url(address)})", match.end()
    quote = '"' if kind == 1 else "'"
    return f"{token}{quote}{escape_string(address)}{quote})", match.end()


def is_harmless_property(name: str) -> bool:
    """Whether a variable may set the property ``name``: it styles the element it stands on.

    What takes an element out of its place (``position``, ``z-index``, ``transform``), writes text
    (``content``) or catches clicks (``pointer-events``) is left out: with it a value could cover
    the page with a form of its own.

    >>> is_harmless_property("margin-left"), is_harmless_property("position")
    (True, False)
    """
    name = name.lower()
    if name in _NOT_PROPERTIES:
        return False
    return name in _PROPERTIES or _PROPERTY.fullmatch(name) is not None


def harmless_declarations(text: str, judge_url: Callable[[str], str]) -> str:
    """Return ``text``, a list of declarations, with its values written safely.

    :raises NotCssError: where a property or a value is none of the harmless ones.

    >>> harmless_declarations("color: red; width: 10%", str)
    'color: red; width: 10%'
    """
    return ";".join(_declaration(each, judge_url) for each in text.split(";"))


def _declaration(text: str, judge_url: Callable[[str], str]) -> str:
    if not text.strip(_SPACE):
        return text
    match = _DECLARATION.fullmatch(text)
    if match is None:
        raise NotCssError("it is no list of declarations")
    before, name, colon, value = match.groups()
    if not is_harmless_property(name):
        raise NotCssError(f"the property {name[:40]!r} is not one of the harmless ones")
    return before + name + colon + harmless_value(value, judge_url)


# A comment, or a rule without nesting; what is in a rule is looked at by itself.
_BLANKS = re.compile(r"[ \t\n\r\f]*+")
_RULE = re.compile(r"/\*[^*<>]*+\*/|([^{}]*+)\{([^{}]*+)\}")
# No brackets: what is open in a selector takes the rules behind it, and what asks for the values
# of attributes reads the page.
_SELECTOR = re.compile(r"[a-zA-Z0-9_.#:,~+ \t\n\r\f-]++")


def harmless_rules(text: str) -> str:
    """Return the rules of ``text`` if all of them are harmless: see ``harmless_declarations``.

    Selectors are plain, nothing nests, and nothing is loaded: a rule reaches the whole page, and
    a request for each element that it meets would tell what is in it. Comments are kept.

    :raises NotCssError: otherwise.

    >>> harmless_rules(".k { color: #008000 } /* Keyword */")
    '.k { color: #008000 } /* Keyword */'
    """
    written = []
    at = 0
    while at < len(text):
        blanks = _BLANKS.match(text, at)
        assert blanks is not None
        written.append(blanks[0])
        at = blanks.end()
        if at == len(text):
            break
        match = _RULE.match(text, at)
        if match is None:
            raise NotCssError("a style sheet from a variable has rules and comments only")
        selector, declarations = match.groups()
        if selector is None:
            written.append(match[0])
        elif _SELECTOR.fullmatch(selector):
            written.append(f"{selector}{{{harmless_declarations(declarations, _no_address)}}}")
        else:
            raise NotCssError(f"the selector {selector.strip()[:40]!r} is not a plain one")
        at = match.end()
    return "".join(written)


def _no_address(address: str) -> str:
    raise NotCssError(f"the address {address[:40]!r} would be loaded for whatever a rule selects")
