"""The states of literal CSS: which token, which bracket, which part of a rule the text is in.

The tokens are those of https://www.w3.org/TR/css-syntax-3/#tokenization, so far as they decide
where something ends; what is a selector and what a declaration follows
https://www.w3.org/TR/css-nesting-1/: in a block of declarations, text before ``{`` was a selector
after all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal, Self

from ringfence.patterns import later
from ringfence.rings.escaping.url import Url

__all__ = ["ADDRESSES", "RULES", "Lexeme", "Reading", "Where"]

Where = Literal[
    "selector",
    "at",  # in the name of an at-rule
    "prelude",  # between that name and `;` or `{`
    "property",
    "value",
    "unknown",  # deeper than is followed
]
Lexeme = Literal[
    "",
    "slash",  # behind `/`, which may begin a comment
    "comment",
    "star",  # behind `*` in a comment
    '"',
    "'",
    "url(",  # behind `url(`: quotes may follow, or the address itself
    "url",  # in an address without quotes
]

# In these a string is an address. https://www.w3.org/TR/css-images-4/#image-notation
ADDRESSES = frozenset(
    {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"}
    | {"url-prefix", "domain"}
)
# In the blocks of these stand rules, in all others declarations.
RULES = frozenset(
    {"media", "supports", "layer", "container", "scope", "starting-style", "document", "keyframes"}
    | {"-webkit-keyframes", "-moz-keyframes", "-o-keyframes", "-moz-document", "view-transition"}
)
_DEEPEST = 24
_LONGEST_WORD = 40

_WORD = later(r"[\w\x80-\U0010ffff-]+", re.ASCII)
_SPACES = later(r"[ \t\n\r\f]+")
_STRING = {'"': later(r'[^"\\\n\r\f]+'), "'": later(r"[^'\\\n\r\f]+")}
_ADDRESS = later(r"[^)\\ \t\n\r\f]+")
_COMMENT = later(r"[^*]+")
_HEX = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Reading:
    """The state of a style sheet, or of a style attribute's declarations.

    ``blocks`` has one letter for each open brace: ``r`` where rules stand in it, ``d`` where
    declarations do. ``brackets`` has one for each open bracket, ``u`` where a string in it is an
    address. ``word`` is the identifier being read, with a space behind it once it is over.
    ``name`` is the property or the at-rule that a value or prelude belongs to. ``begun`` says
    that the selector, property or value has more than spaces. ``inner`` is the address.
    """

    kind: Literal["sheet", "declarations"]
    where: Where = "selector"
    lexeme: Lexeme = ""
    escaped: bool = False
    blocks: str = ""
    brackets: str = ""
    word: str = ""
    name: str = ""
    begun: bool = False
    inner: Url | None = None

    def feed(self, text: str) -> Self:
        """Return the state behind the literal ``text``."""
        reader = _Reader(self)
        reader.read(text)
        return type(self)(**reader.state())


class _Reader:
    """A state that may be changed, for as long as one text is read."""

    kind: str
    where: Where
    lexeme: Lexeme
    escaped: bool
    blocks: str
    brackets: str
    word: str
    name: str
    begun: bool
    inner: Url | None

    def __init__(self, state: Reading) -> None:
        for field in fields(Reading):
            setattr(self, field.name, getattr(state, field.name))

    def state(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(Reading)}

    def read(self, text: str) -> None:
        position = 0
        while position < len(text) and self.where != "unknown":
            if self.escaped:
                self._escaped(text[position])
                position += 1
                continue
            match self.lexeme:
                case "" | "slash":
                    position = self._plain(text, position)
                case "comment" | "star":
                    position = self._comment(text, position)
                case '"' | "'":
                    position = self._string(text, position)
                case "url(":
                    position = self._before_address(text, position)
                case "url":
                    position = self._address(text, position)

    def _escaped(self, character: str) -> None:
        self.escaped = False
        if self.inner is not None:
            # What a hexadecimal escape spells is not followed: no host or scheme has it.
            self.inner = self.inner.feed("\ufffd" if character in _HEX else character)
        elif self.lexeme == "":
            self._extend("\ufffd")

    def _comment(self, text: str, position: int) -> int:
        if self.lexeme == "star":
            character = text[position]
            self.lexeme = "" if character == "/" else "star" if character == "*" else "comment"
            return position + 1
        match = _COMMENT.match(text, position)
        if match:
            return match.end()
        self.lexeme = "star"
        return position + 1

    def _string(self, text: str, position: int) -> int:
        match = _STRING[self.lexeme].match(text, position)
        if match:
            if self.inner is not None:
                self.inner = self.inner.feed(match[0])
            return match.end()
        if text[position] == "\\":
            self.escaped = True
        else:
            # Its quote, or the end of a line, which ends a string as well.
            self.lexeme, self.inner = "", None
        return position + 1

    def _before_address(self, text: str, position: int) -> int:
        match = _SPACES.match(text, position)
        if match:
            return match.end()
        character = text[position]
        if character in "\"'":
            self.lexeme = '"' if character == '"' else "'"
            self._push("u")
            return position + 1
        self.lexeme = "url"
        return position

    def _address(self, text: str, position: int) -> int:
        match = _ADDRESS.match(text, position)
        if match:
            if self.inner is not None:
                self.inner = self.inner.feed(match[0])
            return match.end()
        character = text[position]
        if character == "\\":
            self.escaped = True
        elif character == ")":
            self.lexeme, self.inner = "", None
        elif self.inner is not None:
            # Behind a space only `)` may follow; anything else spoils the address.
            self.inner = self.inner.feed("%20")
        return position + 1

    def _plain(self, text: str, position: int) -> int:
        character = text[position]
        if self.lexeme == "slash":
            self.lexeme = "comment" if character == "*" else ""
            if self.lexeme:
                return position + 1
            self._punctuation("/")
        match = _WORD.match(text, position)
        if match:
            self._extend(match[0])
            return match.end()
        if self.where == "at":
            self._at_rule()
        match = _SPACES.match(text, position)
        if match:
            if self.word and not self.word.endswith(" "):
                self.word += " "
            return match.end()
        if character == "/":
            self.lexeme = "slash"
        elif character == "\\":
            self.escaped = True
        else:
            self._punctuation(character)
        return position + 1

    def _extend(self, run: str) -> None:
        before = "" if self.word.endswith(" ") else self.word
        self.word = (before + run)[:_LONGEST_WORD].lower()
        self.begun = True

    def _at_rule(self) -> None:
        self.where, self.name, self.word = "prelude", self.word, ""
        self.begun = False

    def _punctuation(self, character: str) -> None:
        match character:
            case '"' | "'":
                self.lexeme = '"' if character == '"' else "'"
                self.inner = self._address_role()
            case "(" | "[":
                self._open(character)
            case ")" | "]":
                self.brackets = self.brackets[:-1]
            case "{":
                self._open_block()
                return
            case "}":
                self.blocks = self.blocks[:-1]
                self._begin()
                return
            case ";" if not self.brackets:
                self._begin()
                return
            case "@" if not self.begun and self.where in {"selector", "property"}:
                self.where = "at"
            case ":" if self.where == "property" and not self.brackets and self.word:
                self.where, self.name, self.word = "value", self.word.strip(), ""
                self.begun = False
                return
            case "#" if self.where == "value":
                self.word = "#"  # what follows goes on with the colour
                self.begun = True
                return
            case _ if self.where == "property" and character in ".#>+~*[&:":
                self.where = "selector"
        self.word = ""
        self.begun = True

    def _address_role(self) -> Url | None:
        if self.where == "prelude" and self.name == "import":
            return Url("style")
        return Url("image") if self.brackets.endswith("u") else None

    def _open(self, character: str) -> None:
        if self.where == "property" and character == "[":
            self.where = "selector"
        if character == "(" and self.word == "url":
            self.lexeme = "url("
            imported = self.where == "prelude" and self.name == "import"
            self.inner = Url("style" if imported else "image")
        else:
            self._push("u" if character == "(" and self.word in ADDRESSES else character)

    def _push(self, kind: str) -> None:
        self.brackets += kind
        if len(self.brackets) > _DEEPEST:
            self.where = "unknown"

    def _open_block(self) -> None:
        rules = self.where == "prelude" and self.name in RULES
        # `@media` inside a rule holds declarations, as the rule does.
        inside = "d" if rules and "d" in self.blocks else "r" if rules else "d"
        self.blocks += inside
        if len(self.blocks) > _DEEPEST:
            self.where = "unknown"
        else:
            self._begin()

    def _begin(self) -> None:
        inside = self.blocks[-1:] or ("r" if self.kind == "sheet" else "d")
        self.where = "selector" if inside == "r" else "property"
        self.brackets, self.word, self.name, self.begun = "", "", "", False
