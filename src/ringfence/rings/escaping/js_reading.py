"""Reading literal JavaScript: as much of its lexical grammar as tells what a variable stands in.

Not a lexer, on purpose. Complete values, strings, the text of template literals and comments are
told apart exactly; where the grammar needs the parser's help (a slash behind ``}``), the state
says that it does not know. ECMAScript 2025, sections 12 (lexical grammar) and B.1.1 (HTML-like
comments).

Every token is handled a character, or a run of characters whose parts would be handled alike, at a
time, and what is unfinished is kept: so the state does not depend on how the text was split.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ringfence.rings.escaping import js_sinks
from ringfence.rings.escaping.language import Language

if TYPE_CHECKING:
    from ringfence.rings.escaping.js import JavaScript

__all__ = [
    "BASE",
    "BEGIN",
    "BLOCK",
    "CODE",
    "ENDED",
    "JSON_KINDS",
    "KEYWORD",
    "LINE",
    "MAPS",
    "OPERAND",
    "REGEX",
    "SLASH",
    "SOFT",
    "STRINGS",
    "TEMPLATE",
    "UNKNOWN",
    "VALUE",
    "Frame",
    "Reader",
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

_VALUE_WORDS = frozenset(
    {"return", "typeof", "case", "in", "instanceof", "void", "throw", "default"}
)
_SOFT_WORDS = frozenset({"of", "yield", "await", "from"})
_KEYWORDS = frozenset(
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
_STATEMENT_WORDS = frozenset(
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
_CONDITION_WORDS = frozenset({"if", "while", "for", "with"})

JSON_KINDS = frozenset({"json", "importmap", "speculationrules"})
MAPS = frozenset({"importmap", "speculationrules"})

_LONGEST_WORD = 24
_DEEPEST_BRACKET = 48
_DEEPEST_TEMPLATE = 8

_LINES = "\n\r\u2028\u2029"
_SPACES = " \t\v\f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(
    rf"(?P<word>(?:[0-9A-Za-z_$]|[^\x00-\x7f{_LINES}{_SPACES}])+)"
    rf"|(?P<space>[{_SPACES}]+)|(?P<line>[{_LINES}]+)|(?P<mark>.)",
    re.DOTALL,
)
_PUNCTUATION = frozenset("{}()[].;,<>=!+-*%&|^~?:/'\"`#@")
_JSON_PUNCTUATION = frozenset('{}[],:.-+"')
_LINE_END = re.compile(f"[{_LINES}]")
_BLOCK_STOP = re.compile(rf"[*{_LINES}]")
_PLAIN = {
    "'": re.compile(r"[^'\\\n\r]+"),
    '"': re.compile(r'[^"\\\n\r]+'),
    TEMPLATE: re.compile(r"[^`\\$]+"),
}
_REGEX_PLAIN = re.compile(rf"[^\\/\[\]{_LINES}]+")
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


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
    return word if len(word) <= _LONGEST_WORD else word[: _LONGEST_WORD - 1] + word[-1]


def is_value_keyword(word: str) -> bool:
    """Whether an expression follows ``word``, even without a space."""
    return word in _VALUE_WORDS or word in {"of", "yield", "await"}


class Reader:
    """A state being moved over literal text."""

    __slots__ = (
        "angle",
        "buffer",
        "data",
        "depth",
        "esc",
        "frames",
        "inner",
        "kind",
        "marked",
        "mode",
        "newline",
        "over",
        "path",
        "prev",
        "slash",
        "tail",
        "watching",
        "word",
    )

    def __init__(self, state: JavaScript, *, watching: bool = False) -> None:
        self.kind: str = state.kind
        self.mode: str = state.mode
        self.prev: str = state.prev
        self.word: str = state.word
        self.tail: str = state.tail
        self.path: str = state.path
        self.newline: bool = state.newline
        self.slash: bool = state.slash
        self.frames: tuple[Frame, ...] = state.frames
        self.inner: Language | None = state.inner
        self.angle: bool = state.angle
        self.esc: str = state.esc
        self.data: bool = state.data
        self.buffer: list[str] = []
        # For JavaScript.expecting: whether this sum of strings turns out to hold markup.
        self.watching = watching
        self.marked = False
        self.over = False
        self.depth = len(self.frames)

    def state(self, start: JavaScript) -> JavaScript:
        """Return what has been reached, as an immutable state of the kind of ``start``."""
        self.flush()
        if self.mode == UNKNOWN:
            return type(start)(kind=self.kind, mode=UNKNOWN)
        return type(start)(
            self.kind,
            self.mode,
            self.prev,
            self.word,
            self.tail,
            self.path,
            self.newline,
            self.slash,
            self.frames,
            self.inner,
            self.angle,
            self.esc,
            self.data and self._has_data(),
        )

    def _has_data(self) -> bool:
        """Whether anything is left of the names and strings that a variable brought."""
        return (
            bool(self.word)
            or self.path not in {"", "'"}
            or self.inner is not None
            or any(frame.chain is not None for frame in self.frames)
        )

    def read(self, text: str) -> None:
        """Move over ``text``."""
        at, end = 0, len(text)
        while at < end:
            mode = self.mode
            if mode == CODE:
                at = self._read_code(text, at)
            elif mode in STRINGS:
                at = self._read_string(text, at)
            elif mode == LINE:
                found = _LINE_END.search(text, at)
                if found is None:
                    return
                self.mode = CODE
                at = found.start()
            elif mode == BLOCK:
                at = self._read_block(text, at)
            elif mode == REGEX:
                at = self._read_regex(text, at)
            elif mode == SLASH:
                at = self._read_slash(text, at)
            elif mode == BEGIN:
                at = self._read_begin(text, at)
            else:
                return
            if self.watching and (self.marked or self.over):
                return

    # Code

    def _read_begin(self, text: str, at: int) -> int:
        # ECMAScript 12.5: a hashbang stands at the very start or nowhere.
        if self.tail == "#":
            self.mode = LINE if text[at] == "!" else UNKNOWN
            self.tail = ""
            return at + 1
        if text[at] == "#":
            self.tail = "#"
            return at + 1
        self.mode = CODE
        return at

    def _read_code(self, text: str, at: int) -> int:
        found = _TOKEN.match(text, at)
        assert found is not None
        group, run = found.lastgroup, found[0]
        if group == "word":
            if not self.word:
                self.settle()
                self.begin_operand()
            self.word = spelt(self.word, run)
        elif group == "mark":
            self._mark(run)
        else:
            self.end_word()
            self.settle()
            if group == "line":
                self.newline = True
                self.slash = False
        return found.end()

    def end_word(self) -> None:
        """Finish the word before this place, if there is one."""
        word = self.word
        if not word:
            return
        self.word = ""
        dotted = self.prev == "."
        if word[0].isdigit():
            self.prev, self.path = OPERAND, ""
        elif dotted or self.prev == "#":
            self.path = self.path.rpartition(".")[2] + "." + word
            self.prev = OPERAND
        else:
            self.path = word
            if word in _VALUE_WORDS:
                self.prev = VALUE
            elif word in _SOFT_WORDS:
                self.prev = SOFT
            elif word in _KEYWORDS:
                self.prev = KEYWORD
            else:
                self.prev = OPERAND
            if word in _STATEMENT_WORDS:
                self.end_statement()
            elif self.prev == VALUE:
                self.clear_chain()
            if word in {"import", "from"}:
                # A module's name is a URL that loads code, also without parentheses.
                self._set_top(sink="script", chain=js_sinks.fresh("script"), hole=False)
                return
        top = self.frames[-1]
        if top.chain is not None and not top.hole and self.prev == OPERAND:
            self._set_top(hole=True)

    def settle(self) -> None:
        """Let what the punctuation before this place means take effect."""
        tail = self.tail.lstrip("\n")
        self.tail = ""
        # Behind el["innerHTML"] the bracket is still there.
        sign = tail.lstrip("])")
        if sign.endswith("=") and sign[:-1] in {"", "+", "??", "||", "&&"} and self.path:
            sink = js_sinks.assigned(self.path)
            if sink:
                self._set_top(sink=sink, chain=js_sinks.fresh(sink), hole=False)
        # The path was that assignment's; what is assigned has none yet.
        if tail:
            self.path = self.path if tail[-1:] in ".#)]" else ""

    def begin_operand(self) -> None:
        """Begin a name, a string or a value: behind a complete one, that is a new statement."""
        if self.newline and self.prev in ENDED:
            self.end_statement()
        self.newline = False

    def end_statement(self) -> None:
        """Forget what the statement's strings are handed to."""
        self.over = True
        if self.frames[-1].opener in {"", "{"}:
            self._set_top(sink="", chain=None, hole=False)
        else:
            self.clear_chain()

    def clear_chain(self) -> None:
        """Begin another sum of strings."""
        if len(self.frames) <= self.depth:
            self.over = True
        top = self.frames[-1]
        if top.opener == "$":
            return
        if top.chain is not None or top.sink:
            self._set_top(chain=js_sinks.fresh(top.sink), hole=False)

    def _set_top(self, **changes: Any) -> None:
        if self.frames[-1].opener != "$":
            self.frames = (*self.frames[:-1], self.frames[-1]._replace(**changes))

    def _mark(self, char: str) -> None:  # noqa: C901, PLR0912 -- one row for every mark
        strict = self.kind in JSON_KINDS
        if char not in (_JSON_PUNCTUATION if strict else _PUNCTUATION):
            self.mode = UNKNOWN
            return
        if char == "." and self.word[:1].isdigit():
            self.word = spelt(self.word, char)
            return
        self.end_word()
        if char in "'\"`":
            self._open_string(char)
            return
        if char == "/":
            if self.slash:
                self.mode = UNKNOWN
            else:
                self.mode = SLASH
            return
        if self.tail.endswith("=") and char not in "=>":
            self.settle()
        if self.path in {"import", "from"} and self.prev in {KEYWORD, SOFT}:
            # Only a string directly behind is a module's name.
            self._set_top(sink="", chain=None, hole=False)
        tail = self.tail or ("\n" if self.newline else "")
        if not strict and self._is_html_comment(tail, char):
            return
        self.newline = False
        self.tail = (tail + char)[-4:]
        if char in "([{":
            self._open_bracket(char)
        elif char in ")]}":
            self._close_bracket(char)
        elif char == ";":
            self.prev, self.path = ";", ""
            self.data = self.data and self._has_data()
            if self.frames[-1].opener in {"", "{"}:
                self.end_statement()
            else:
                self.clear_chain()
        elif char == ".":
            self.prev = "..." if tail.endswith("..") else "."
            if self.prev == "...":
                self.path = ""
        elif char in "+-":
            self.prev = "++" if tail.endswith(char) else char
            if char == "-":
                self.clear_chain()
        elif char == ",":
            self.prev = ","
            self._next_argument()
            self.path = ""
        else:
            self.prev = "=>" if char == ">" and tail.endswith("=") else char
            if self.prev == "=>":
                self._enter_arrow()
            self.clear_chain()

    def _is_html_comment(self, tail: str, char: str) -> bool:
        # ECMAScript B.1.1; a module has no such comments and reads the same text as operators.
        opens = char == "-" and tail.endswith("<!-")
        closes = char == ">" and tail == "\n--"
        if not opens and not closes:
            return False
        if self.kind == "module" or self.slash or tail == "<<!-":
            self.mode = UNKNOWN
        else:
            self.mode = LINE
            self.tail = ""
            # What stood before the comment is forgotten: "}" is the token that permits least.
            self.prev = "}"
        return True

    def _enter_arrow(self) -> None:
        if self.frames[-1].sink not in {"", "html"}:
            self._set_top(sink="", chain=None, hole=False)

    def _next_argument(self) -> None:
        top = self.frames[-1]
        name = self.path[1:] if self.path.startswith("'") else ""
        if top.sink == "attribute":
            self._set_top(sink=js_sinks.attribute(name))
        elif top.sink == "command":
            self._set_top(sink="html" if name.lower() == "inserthtml" else "")
        elif top.sink == "attribute-ns":
            self._set_top(sink="attribute")
        elif top.sink in {"timer", "navigate", "script", "selector"}:
            self._set_top(sink="", chain=None, hole=False)
        elif top.sink == "html":
            # document.write(a, b) writes one text.
            return
        self.clear_chain()

    # Brackets

    def _open_bracket(self, char: str) -> None:
        called = self.prev in ENDED or self.prev in {KEYWORD, SOFT, "]"}
        opener, sink = char, ""
        top = self.frames[-1]
        chain, hole = top.chain, top.hole
        if top.opener == "$":
            chain, hole = None, False
        if char == "{":
            chain, hole = None, False
        elif char == "(" and called:
            sink = js_sinks.called(self.path)
            if self.prev == SOFT or (self.prev == KEYWORD and self.path in _CONDITION_WORDS):
                opener = "k"
            elif js_sinks.is_jquery(self.path.rpartition(".")[0] or self.path):
                opener = "j"
            if sink:
                chain, hole = js_sinks.fresh(sink), False
            elif top.sink in {"html", "code"}:
                sink = top.sink
            elif top.sink:
                chain, hole = None, False
        elif top.sink and top.sink not in {"html", "code"} and char == "[":
            chain, hole = None, False
        else:
            sink = top.sink
        self._push(Frame(opener, sink, chain, hole))
        self.prev, self.path = char, ""

    def _push(self, frame: Frame) -> None:
        self.frames = (*self.frames, frame)
        templates = sum(each.opener == "$" for each in self.frames)
        if len(self.frames) > _DEEPEST_BRACKET or templates > _DEEPEST_TEMPLATE:
            self.mode = UNKNOWN

    def _close_bracket(self, char: str) -> None:
        top, name = self.frames[-1], self.path
        self.path = ""
        if top.opener == "":
            self.end_statement()
            self.prev = OPERAND if char == "]" else "}"
            return
        if char not in {"(": ")", "j": ")", "k": ")", "[": "]", "{": "}", "$": "}"}[top.opener]:
            self.mode = UNKNOWN
            return
        self.frames = self.frames[:-1]
        if len(self.frames) < self.depth:
            self.over = True
        if top.opener == "$":
            self._resume_template(top)
            return
        self.prev = "}" if top.opener in "{k" else OPERAND
        if top.opener == "j":
            # What jQuery's methods answer is jQuery again.
            self.path = "$"
        elif top.opener == "[" and name.startswith("'"):
            self.path = "." + name[1:]
        below = self.frames[-1]
        if char == "}" and below.opener in {"", "{"}:
            self.end_statement()
        elif below.chain is not None and below.opener != "$":
            self._set_top(hole=True)

    def _resume_template(self, frame: Frame) -> None:
        if self.slash:
            self.mode = UNKNOWN
            return
        self.mode, self.tail, self.path = TEMPLATE, "", "'"
        self.inner, self.angle = frame.chain, frame.hole
        # What the expression brings is unknown; a letter stands for it.
        if self.inner is None and self.angle:
            self._begin_markup("<")
        if self.inner is not None:
            self.buffer.append("x")

    # Slashes

    def _read_slash(self, text: str, at: int) -> int:
        if text[at] in "/*":
            self.settle()
            self.mode = LINE if text[at] == "/" else BLOCK
            return at + 1
        self.decide_slash()
        return at

    def decide_slash(self) -> None:
        """Take the slash before this place for a division, a regular expression or neither."""
        self.settle()
        ended = self.newline and self.frames[-1].opener in {"", "{"}
        if self.prev == OPERAND and not ended:
            self.mode, self.tail = CODE, "/"
        elif self.prev in {OPERAND, "}", "++", SOFT, KEYWORD, "#", "@", "."}:
            # On a new line, what ended need not be an expression: `let a` ends there, `b` does not.
            self.mode, self.tail, self.slash = CODE, "/", True
        else:
            self.mode, self.tail = REGEX, ""
            self.begin_operand()
            return
        self.prev = "/"
        self.newline = False
        self.clear_chain()

    def _read_regex(self, text: str, at: int) -> int:
        char = text[at]
        if char in _LINES:
            self.mode = UNKNOWN
        elif self.tail.endswith("\\"):
            self.tail = self.tail[:-1]
        elif char == "\\":
            self.tail += "\\"
        elif char == "[":
            self.tail = "["
        elif char == "]":
            self.tail = ""
        elif char == "/":
            if not self.tail:
                self.mode, self.prev, self.path = CODE, OPERAND, ""
        else:
            found = _REGEX_PLAIN.match(text, at)
            assert found is not None
            return found.end()
        return at + 1

    def _read_block(self, text: str, at: int) -> int:
        if self.tail and text[at] == "/":
            self.mode, self.tail = CODE, ""
            return at + 1
        self.tail = ""
        found = _BLOCK_STOP.search(text, at)
        if found is None:
            return len(text)
        if found[0] == "*":
            self.tail = "*"
        else:
            self.newline = True
        return found.end()

    # Strings

    def _open_string(self, quote: str) -> None:
        if self.slash:
            self.mode = UNKNOWN
            return
        self.settle()
        if quote != TEMPLATE:
            self.begin_operand()
        self.newline = False
        top = self.frames[-1]
        self.inner = None
        if self.kind in MAPS:
            self.inner = js_sinks.fresh("importmap")
        elif top.chain is not None and top.opener != "$":
            self.inner = top.chain
            if top.hole:
                self.buffer.append("x")
        self.mode, self.angle, self.esc, self.path = quote, False, "", "'"

    def _close_string(self) -> None:
        self.flush()
        if self.inner is not None and self.kind not in MAPS:
            self._set_top(chain=self.inner, hole=False)
        self.inner = None
        if not self._names_something():
            self.path = ""
        self.mode, self.prev, self.angle, self.tail = CODE, OPERAND, False, ""

    def _names_something(self) -> bool:
        """Whether the string could be the name of an attribute or a property."""
        top = self.frames[-1]
        return top.sink in {"attribute", "command"} or top.opener == "["

    def _read_string(self, text: str, at: int) -> int:
        if self.esc:
            return self._read_escape(text, at)
        char = text[at]
        if self.tail:
            # Only "$" is kept, in a template literal.
            self.tail = ""
            if char == "{":
                self._open_expression()
                return at + 1
            self._absorb("$")
        if char == self.mode:
            self._close_string()
        elif char == "\\":
            self.esc = "\\"
        elif char == "$" and self.mode == TEMPLATE:
            self.tail = "$"
        elif char in "\n\r" and self.mode != TEMPLATE:
            self.mode = UNKNOWN
        else:
            found = _PLAIN[self.mode].match(text, at)
            assert found is not None
            self._absorb(found[0])
            return found.end()
        return at + 1

    def _open_expression(self) -> None:
        self.flush()
        self._push(Frame("$", "", self.inner, self.angle))
        self.inner, self.angle, self.path = None, False, ""
        self.prev, self.newline = "${", False
        if self.mode != UNKNOWN:
            self.mode = CODE

    def _read_escape(self, text: str, at: int) -> int:
        char, esc = text[at], self.esc
        self.esc = ""
        if esc == "\\":
            if char in {"x", "u", "\r"} or char in _OCTAL:
                self.esc = esc + char
            elif char not in _LINES:
                self._absorb(_ESCAPES.get(char, char))
        elif esc == "\\\r":
            return at + (char == "\n")
        elif esc[1] == "x":
            if char not in _HEX:
                self.mode = UNKNOWN
            elif len(esc) == 3:
                self._absorb(chr(int(esc[2:] + char, 16)))
            else:
                self.esc = esc + char
        elif esc[1] == "u":
            self._read_unicode_escape(esc, char)
        elif char in _OCTAL and len(esc) < (4 if esc[1] < "4" else 3):
            self.esc = esc + char
        else:
            self._absorb(chr(int(esc[1:], 8)))
            return at
        return at + 1

    def _read_unicode_escape(self, esc: str, char: str) -> None:
        digits = esc[2:]
        if char == "{" and not digits:
            self.esc = "\\u{"
        elif digits.startswith("{") and char == "}" and len(digits) > 1:
            code = int(digits[1:], 16)
            if code > 0x10FFFF:
                self.mode = UNKNOWN
            else:
                self._absorb_code(code)
        elif char not in _HEX or len(digits) > 8:
            self.mode = UNKNOWN
        elif len(digits) == 3 and not digits.startswith("{"):
            self._absorb_code(int(digits + char, 16))
        else:
            self.esc = esc + char

    def _absorb_code(self, code: int) -> None:
        # The halves of a pair come apart; to the language inside, either is a letter.
        self._absorb("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))

    def _absorb(self, text: str) -> None:
        """Take ``text``, decoded, as the string's."""
        if self._names_something():
            self.path = (self.path + text)[:_LONGEST_WORD]
        elif self.path == "'" and self.frames[-1].sink == "selector" and text.strip():
            # It does not begin with "<" any more, which would make HTML of it.
            self.path = "'x"
        if self.inner is not None:
            self.buffer.append(text)
            return
        if self.angle:
            text = "<" + text
        found = _MARKUP.search(text)
        self.angle = found is None and text.endswith("<")
        if found is not None:
            self._begin_markup(text[found.start() :])

    def _begin_markup(self, text: str) -> None:
        self.marked = True
        self.inner = js_sinks.fresh("html")
        self.buffer.append(text)

    def flush(self) -> None:
        """Hand the language inside what it has not read yet."""
        if self.buffer and self.inner is not None:
            self.inner = self.inner.feed("".join(self.buffer))
        self.buffer.clear()
