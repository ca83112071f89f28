"""Where in an HTML document a piece of text ends, and what its tags are.

The tokenizer of the HTML standard (WHATWG HTML, section 13.2.5), carried along the rendering of a
template: a :class:`Markup` says in which state the tokenizer is, and, where an attribute or an
element holds another language, in which state that one is. Of the tree construction as much is
here as the tokenizer's states depend on: the raw text elements and foreign content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ringfence.rings.escaping import attributes, css, js, url
from ringfence.rings.escaping.charrefs import decode, split_unfinished
from ringfence.rings.escaping.html_states import ROWS
from ringfence.rings.escaping.language import REFUSED, Language

__all__ = ["EXECUTED", "Mark", "Markup", "Tag", "fragment", "start"]

_LONGEST_NAME = 64
_LONGEST_VALUE = 200
_DEEPEST = 16
#: How deep a document may stand in the attribute of another one.
_NESTED_DOCUMENTS = 3

#: Attributes whose literal value is remembered until their tag ends.
_KNOWN = frozenset(
    (
        "type",
        "language",
        "rel",
        "http-equiv",
        "name",
        "attributename",
        "method",
        "action",
        "target",
        "src",
        "href",
        "encoding",
        "nonce",
        "integrity",
        "as",
        "formaction",
    )
)

_VALUES = frozenset(
    f"attribute value ({kind})" for kind in ("double-quoted", "single-quoted", "unquoted")
)
_UNQUOTED = "attribute value (unquoted)"
#: Attributes whose final value decides what their element is granted.
_RECORDED_URLS = {("form", "action"): "action", ("script", "src"): "load", ("link", "href"): "load"}
_RCDATA = frozenset(("textarea", "title"))
_RAWTEXT = frozenset(("xmp", "iframe", "noembed", "noframes"))

#: Where tokens of an HTML namespace live again (WHATWG HTML, "integration point").
_SVG_INTEGRATION = frozenset(("foreignobject", "desc", "title"))
_MATHML_INTEGRATION = frozenset(("mi", "mo", "mn", "ms", "mtext"))
#: Start tags that end foreign content (WHATWG HTML, section 13.2.6.5).
_BREAKOUT = frozenset(
    [
        "b",
        "big",
        "blockquote",
        "body",
        "br",
        "center",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "i",
        "img",
        "li",
        "listing",
        "menu",
        "meta",
        "nobr",
        "ol",
        "p",
        "pre",
        "ruby",
        "s",
        "small",
        "span",
        "strong",
        "strike",
        "sub",
        "sup",
        "table",
        "tt",
        "u",
        "ul",
        "var",
    ]
)

#: What a script element may hold that a browser runs.
EXECUTED = frozenset(("script", "module", "importmap", "speculationrules"))

_JAVASCRIPT_TYPES = frozenset(
    f"{kind}/{name}"
    for kind, names in (
        ("application", "ecmascript javascript x-ecmascript x-javascript"),
        (
            "text",
            (
                "ecmascript javascript javascript1.0 javascript1.1 javascript1.2 javascript1.3 "
                "javascript1.4 javascript1.5 jscript livescript x-ecmascript x-javascript"
            ),
        ),
    )
    for name in names.split()
)


#: Types that a library in the page compiles to JavaScript, with JavaScript's strings.
_COMPILED = frozenset(
    (
        "text/babel",
        "text/jsx",
        "text/typescript",
        "application/typescript",
        "module-shim",
        "text/ecmascript-6",
        "text/typescript-jsx",
        "application/jsx",
        "importmap-shim",
        "text/tsx",
    )
)
#: Types of data blocks that are markup for a library.
_MARKUP = frozenset(("text/html", "text/plain", "text/xml", "application/xml", "image/svg+xml"))
_TEMPLATES = re.compile(r"template|tmpl|handlebars|mustache|underscore|jsrender|x-jquery|shader")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as far as it was read.

    ``attributes`` are those that decide about something, each with its literal value, or None
    where a variable is part of it. ``volatile`` says that a variable is part of the name.
    """

    name: str = ""
    end: bool = False
    attributes: tuple[tuple[str, str | None], ...] = ()
    volatile: bool = False
    self_closing: bool = False

    def get(self, name: str) -> str | None:
        """Return the literal value of the attribute, "" where it is missing or unknown."""
        for known, value in self.attributes:
            if known == name:
                return value
        return ""

    def has(self, name: str) -> bool:
        """Whether the tag has the attribute (of those that are kept)."""
        return any(known == name for known, _ in self.attributes)

    @property
    def known(self) -> dict[str, str]:
        """The attributes whose values are literal."""
        return {name: value for name, value in self.attributes if value is not None}


class Mark(NamedTuple):
    """Something that happened at an offset of a literal text.

    ``tag``: a tag ends there (the offset is where another attribute may be put). ``content`` and
    ``content end``: the text of a ``script`` or ``style`` element. ``value`` and ``value end``: an
    event handler or a style attribute. ``insert``: ``data`` must be put in there, so that a name
    or a scheme which a variable began stays harmless. ``form end``: before ``</form>``.
    """

    kind: str
    at: int
    data: Any


@dataclass(frozen=True, slots=True)
class Markup:
    """A state of the tokenizer. See :class:`~ringfence.rings.escaping.language.Language`.

    ``at`` is the standard's name of the state; ``value`` the language of the attribute's value
    that is being read, ``content`` that of the element's text. ``element`` is the element whose
    end tag ends the text, ``foreign`` the open elements of other namespaces.
    """

    at: str = "data"
    tag: Tag | None = None
    attribute: str = ""
    attribute_volatile: bool = False
    text: str | None = None
    value: Language | None = None
    kind: str | None = None
    content: Language | None = None
    element: str = ""
    buffer: str = ""
    foreign: tuple[str, ...] = ()
    filled: bool = False
    recording: str = ""
    content_recorded: bool = False
    joined: bool = False
    xml: bool = False
    depth: int = 0

    @property
    def volatile(self) -> bool:
        """Whether data is part of this state, so that it must not be remembered."""
        return (
            self.attribute_volatile
            or (self.tag is not None and self.tag.volatile)
            or bool(getattr(self.value, "volatile", False))
            or bool(getattr(self.content, "volatile", False))
        )

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        from ringfence.rings.escaping import writing  # noqa: PLC0415 -- it reads this module

        return writing.context(self)

    def feed(self, text: str) -> Markup:
        """Return the state behind the literal ``text``."""
        return _Reader(self, []).read(text)

    def scan(self, text: str) -> tuple[Markup, list[Mark]]:
        """Return the state behind the literal ``text``, and what happened in it."""
        marks: list[Mark] = []
        return _Reader(self, marks).read(text), marks

    def write(self, value: Any, trust: Any) -> tuple[str, Markup]:
        """Return the value as text for this place, and the state behind it."""
        from ringfence.rings.escaping import writing  # noqa: PLC0415 -- it reads this module

        return writing.write(self, value, trust)

    def expecting(self, following: str) -> Markup:
        """Return this state in the knowledge of the literal text that follows the variable."""
        from ringfence.rings.escaping import writing  # noqa: PLC0415 -- it reads this module

        return writing.expecting(self, following)


def fragment(depth: int = 0) -> Markup:
    """Return the state at the start of a piece of HTML.

    >>> fragment().feed("<a title='").at
    'attribute value (single-quoted)'
    """
    return Markup(depth=depth)


def start(initial: str = "data", last_start_tag: str = "") -> Markup:
    """Return a state by the standard's name, as the tokenizer tests begin in.

    >>> start("RCDATA", "title").feed("</title>").at
    'data'
    """
    if initial in ("data", "CDATA section"):
        return Markup(initial)
    return Markup(initial, element=last_start_tag)


class _Reader:
    """Reads one text: a :class:`Markup` whose fields change."""

    def __init__(self, state: Markup, marks: list[Mark]) -> None:
        self.state = state
        self.marks = marks
        self.at = state.at
        self.tag = state.tag
        self.attribute = state.attribute
        self.attribute_volatile = state.attribute_volatile
        self.text = state.text
        self.value = state.value
        self.kind = state.kind
        self.content = state.content
        self.element = state.element
        self.buffer = state.buffer
        self.foreign = state.foreign
        self.filled = state.filled
        self.recording = state.recording
        self.content_recorded = state.content_recorded
        self.less_than = -1
        #: Where the part of a value or of an element's text begins that was not fed yet.
        self.region = 0

    def read(self, text: str) -> Markup:
        self.source = text
        size = len(text)
        at = 0
        while at < size:
            if self.at == _UNQUOTED and not self.filled:
                self._unquoted_start(text[at], at)
            row = ROWS.get(self.at)
            if row is None:
                at = _LOOKING_AHEAD[self.at](self, at)
                continue
            if row.other is None:
                # Nothing happens before the next character that the row names.
                found = _find(text, at, self.at)
                if found < 0:
                    break
                at = found
            char = text[at]
            step = row.steps.get(char, row.other)
            if step is None:  # pragma: no cover -- _find stops at the row's characters only
                at += 1
                continue
            if step.to == "data" and self.at == "tag open":
                self._back_to_text(at)
                continue
            if char == "<":
                self.less_than = at
                if self.at == "data" and self.content is not None:
                    self._feed_content(at)
            for action in step.actions:
                getattr(self, "_" + action)(at, char)
            self._moved(step.to, at, again=step.again)
            if not step.again:
                at += 1
        self._end(size)
        return self._freeze()

    def _unquoted_start(self, char: str, at: int) -> None:
        # The variable that began the value was empty: the tokenizer still waits for a value.
        if char in "\t\n\f\r >":
            self._insert(at, '""')
            self.filled = True
        elif char in "\"'":
            # A quote of the template's would begin what the variable was to be.
            self._insert(at, REFUSED)
            self.filled = True
        else:
            self.at = "before attribute value"

    def _back_to_text(self, at: int) -> None:
        # "<" was no tag: it is text, and this character is read as such.
        self.at = "data"
        self.tag = None
        self.region = max(0, at - 1) if self.content is None else at

    def _moved(self, to: str, at: int, *, again: bool) -> None:
        if self.at == to:
            return
        if to == _UNQUOTED:
            self.filled = True
        if to == "data" and self.at in _ENDING and self.tag is None:
            self.region = at + (not again)
        # A tag's end may have chosen another state already.
        if not (to == "data" and self._chosen):
            self.at = to
        else:
            self.at = self._chosen
        self._chosen = ""

    _chosen = ""

    def _insert(self, at: int, text: str) -> None:
        self.marks.append(Mark("insert", at, text))

    # What the table asks for

    def _clear(self, at: int, char: str) -> None:
        del at, char
        self.buffer = ""

    def _target(self, at: int, char: str) -> None:
        # "<?": a newer reader takes what follows, up to a blank, for an instruction's name.
        del at
        self.buffer = char

    def _open(self, at: int, char: str) -> None:
        del at, char
        self.tag = Tag()

    def _open_end(self, at: int, char: str) -> None:
        del at, char
        self.tag = Tag(end=True)

    def _name(self, at: int, char: str) -> None:
        del at
        tag = self.tag or Tag()
        if len(tag.name) < _LONGEST_NAME:
            self.tag = replace(tag, name=tag.name + char.lower())

    def _name_end(self, at: int, char: str) -> None:
        del char
        tag = self.tag or Tag()
        if tag.volatile and tag.name not in attributes.HARMLESS_ELEMENTS:
            # A variable began the name and the template's text went on with it.
            self._insert(at, "-" + REFUSED)
            self.tag = replace(tag, name=tag.name + "-" + REFUSED, volatile=False)
        elif tag.volatile:
            self.tag = replace(tag, volatile=False)

    def _attribute(self, at: int, char: str) -> None:
        del at, char
        self.attribute = ""
        self.attribute_volatile = False

    def _attribute_char(self, at: int, char: str) -> None:
        del at
        if len(self.attribute) < _LONGEST_NAME:
            self.attribute += char.lower()

    def _attribute_end(self, at: int, char: str) -> None:
        del char
        if self.attribute_volatile and not may_be_supplied(self.tag, self.attribute):
            self._insert(at, "-" + REFUSED)
            self.attribute += "-" + REFUSED

    def _assign(self, at: int, char: str) -> None:
        del at, char
        tag = self.tag or Tag()
        self.filled = False
        self.buffer = ""
        self.kind = None
        self.value = None
        self.text = "" if self.attribute in _KNOWN else None
        if not tag.end:
            self.kind = attributes.language_of(tag.name, self.attribute, known=tag.known)
            self.value = language(self.kind, self.state.depth)
            if self.kind == "expression":
                self.value = _expression(tag, self.attribute)
        self.attribute_volatile = False
        if self.attribute not in _KNOWN and self.attribute not in ("content", "value"):
            # What it was called has been of use: of names there is no end.
            self.attribute = ""

    def _no_value(self, at: int, char: str) -> None:
        del at, char
        self._keep("")

    def _keep(self, value: str | None) -> None:
        tag = self.tag or Tag()
        if self.attribute in _KNOWN and not tag.has(self.attribute):
            self.tag = replace(tag, attributes=(*tag.attributes, (self.attribute, value)))
        self.attribute = ""
        self.attribute_volatile = False

    def _value(self, at: int, char: str) -> None:
        self.region = at + (char in "\"'")
        self.recording = self._to_record()
        if self.recording:
            self.marks.append(Mark("value", self.region, self.recording))

    def _to_record(self) -> str:
        if self.kind == "handler":
            return "handler"
        if self.kind == "style":
            return "style attribute"
        name = self.tag.name if self.tag is not None else ""
        return _RECORDED_URLS.get((name, self.attribute), "")

    def _value_end(self, at: int, char: str) -> None:
        del char
        self._feed_value(at, whole=True)
        if self.recording:
            self.marks.append(Mark("value end", at, self.recording))
            self.recording = ""
        known = self.text
        self._keep(None if known is None else decode(known, attribute=True).strip())
        self.value = self.text = self.kind = None
        self.filled = False
        self.buffer = ""

    def _self_closing(self, at: int, char: str) -> None:
        del at, char
        self.tag = replace(self.tag or Tag(), self_closing=True)

    def _emit(self, at: int, char: str) -> None:
        del char
        tag = self.tag or Tag()
        ends = at - 1 if tag.self_closing and at and self.source[at - 1] == "/" else at
        self.tag = None
        self.attribute = ""
        self.region = at + 1
        if tag.end:
            self._end_tag(tag, ends)
        else:
            self.marks.append(Mark("tag", ends, tag))
            self._start_tag(tag, at)

    # Tree construction, as far as it decides about states

    @property
    def _namespace(self) -> str:
        if not self.foreign:
            return "html"
        last = self.foreign[-1]
        if last in ("svg", "math"):
            return last
        return "svg" if last in ("svg script", "svg style") else "html"

    def _start_tag(self, tag: Tag, at: int) -> None:
        namespace = self._namespace
        if self.state.xml:
            if tag.name in ("script", "style") and not tag.self_closing:
                self._push("svg " + tag.name, self._language_of_content(tag))
            return
        if namespace != "html" and tag.name in _BREAKOUT:
            self._leave_foreign()
            namespace = "html"
        if namespace == "html":
            if tag.name in ("svg", "math"):
                if not tag.self_closing:
                    self._push(tag.name, None)
            else:
                self._raw_text(tag, at)
        elif not tag.self_closing:
            if namespace == "svg" and tag.name in ("script", "style"):
                self._push("svg " + tag.name, self._language_of_content(tag))
            elif namespace == "svg" and tag.name in _SVG_INTEGRATION:
                self._push("svg:" + tag.name, None)
            elif namespace == "math" and self._is_math_integration(tag):
                self._push("math:" + tag.name, None)
            elif tag.name in ("svg", "math"):
                self._push(tag.name, None)

    @staticmethod
    def _is_math_integration(tag: Tag) -> bool:
        if tag.name == "annotation-xml":
            encoding = (tag.get("encoding") or "").lower()
            return encoding in ("text/html", "application/xhtml+xml")
        return tag.name in _MATHML_INTEGRATION

    def _push(self, name: str, content: Language | None) -> None:
        if len(self.foreign) >= _DEEPEST:
            self.content = js.start("unknown")
            return
        self.foreign = (*self.foreign, name)
        self.content = content

    def _leave_foreign(self) -> None:
        while self.foreign and ":" not in self.foreign[-1]:
            self.foreign = self.foreign[:-1]
        self.content = None

    def _raw_text(self, tag: Tag, at: int) -> None:
        name = tag.name
        if name == "script":
            self._chosen, self.element = "script data", name
            self.content = self._language_of_content(tag)
        elif name == "style":
            self._chosen, self.element = "RAWTEXT", name
            self.content = self._language_of_content(tag)
        elif name in _RCDATA:
            self._chosen, self.element = "RCDATA", name
        elif name in _RAWTEXT:
            self._chosen, self.element = "RAWTEXT", name
        elif name == "plaintext":
            self._chosen = "PLAINTEXT"
        if name in ("script", "style"):
            self.content_recorded = name == "style" or (
                not tag.has("src") and script_kind(tag) in EXECUTED
            )
            self.marks.append(Mark("content", at + 1, tag))

    def _language_of_content(self, tag: Tag) -> Language:
        if tag.name == "style":
            return css.start("sheet")
        kind = script_kind(tag)
        if kind == "markup":
            deeper = self.state.depth < _NESTED_DOCUMENTS
            return fragment(self.state.depth + 1) if deeper else js.start("unknown")
        return js.start(kind)

    def _end_tag(self, tag: Tag, at: int) -> None:
        if tag.name == self.element:
            if self.content is not None:
                self.marks.append(Mark("content end", self.less_than, tag))
            self.element = ""
            self.content = None
            self.content_recorded = False
        if tag.name == "form":
            self.marks.append(Mark("form end", self.less_than if self.less_than >= 0 else at, tag))
        names = (tag.name, "svg " + tag.name, "svg:" + tag.name, "math:" + tag.name)
        for index in range(len(self.foreign) - 1, -1, -1):
            if self.foreign[index] in names:
                self.foreign = self.foreign[:index]
                self.content = None
                break
        else:
            if self._namespace != "html" and tag.name in ("p", "br"):
                self._leave_foreign()

    # Text of other languages

    def _feed_value(self, end: int, *, whole: bool = False) -> None:
        raw = self.source[self.region : end]
        if self.text is not None:
            self.text = None if self.text is None else (self.text + raw)[:_LONGEST_VALUE]
        if self.value is None:
            return
        pending = self.buffer + raw
        self.buffer = ""
        if not whole:
            pending, self.buffer = split_unfinished(pending)
        decoded = decode(pending, attribute=True)
        self.value = self._unblocked(self.value, decoded)

    def _feed_content(self, end: int) -> None:
        if self.content is None or self.region >= end:
            return
        raw = self.source[self.region : end]
        if self.foreign and self.at == "data":
            raw = decode(raw, attribute=False)
        self.content = self._unblocked(self.content, raw)
        self.region = end

    def _unblocked(self, inner: Language, text: str) -> Language:
        """Feed ``text``, behind what keeps harmless a scheme that a variable began."""
        block = getattr(inner, "block", None)
        if block is not None and getattr(inner, "volatile", False):
            before = block(text)
            if before is not None:
                self._insert(self.region, before)
                text = before + text
        return inner.feed(text)

    def _end(self, size: int) -> None:
        if self.at in _VALUES:
            self._feed_value(size)
        elif self.content is not None and self.at in _TEXTS:
            self._feed_content(size)

    def _freeze(self) -> Markup:
        return replace(
            self.state,
            at=self.at,
            tag=self.tag,
            attribute=self.attribute,
            attribute_volatile=self.attribute_volatile,
            text=self.text,
            value=self.value,
            kind=self.kind,
            content=self.content,
            element=self.element,
            buffer=self.buffer,
            foreign=self.foreign,
            filled=self.filled,
            recording=self.recording,
            content_recorded=self.content_recorded,
            joined=False,
        )

    # States that look ahead or compare

    def markup_declaration(self, at: int) -> int:
        text = self.buffer + self.source[at]
        lowered = text.lower()
        if lowered == "--":
            self._moved("comment start", at, again=False)
        elif lowered == "doctype":
            self._moved("DOCTYPE", at, again=False)
        elif text == "[CDATA[" and (self.state.xml or self._namespace != "html"):
            self._moved("CDATA section", at, again=False)
        elif (
            "doctype".startswith(lowered)
            or text == "-"
            or ("[CDATA[".startswith(text) and (self.state.xml or self._namespace != "html"))
        ):
            self.buffer = text
            return at + 1
        else:
            self.buffer = ""
            self._moved("bogus comment", at, again=True)
            return at
        self.buffer = ""
        return at + 1

    def after_doctype_name(self, at: int) -> int:
        char = self.source[at]
        text = (self.buffer + char).lower()
        if not self.buffer and char in "\t\n\f\r ":
            return at + 1
        if not self.buffer and char == ">":
            self._moved("data", at, again=False)
            return at + 1
        for word in ("public", "system"):
            if text == word:
                self.buffer = ""
                self._moved(f"after DOCTYPE {word} keyword", at, again=False)
                return at + 1
            if word.startswith(text):
                self.buffer = text
                return at + 1
        self.buffer = ""
        self._moved("bogus DOCTYPE", at, again=True)
        return at

    def raw_end_tag(self, at: int) -> int:
        char = self.source[at]
        back = self.at.removesuffix(" end tag name")
        if char.isascii() and char.isalpha():
            if len(self.buffer) <= _LONGEST_NAME:
                self.buffer += char.lower()
            return at + 1
        if self.buffer == self.element and char in "\t\n\f\r />":
            self._feed_content(max(self.region, self.less_than))
            self.tag = Tag(self.buffer, end=True)
            self.buffer = ""
            if char == ">":
                self._emit(at, char)
                self._moved("data", at, again=False)
            else:
                to = "self-closing start tag" if char == "/" else "before attribute name"
                self._moved(to, at, again=False)
            return at + 1
        self.buffer = ""
        self._moved(back, at, again=True)
        return at

    def double_escape(self, at: int) -> int:
        char = self.source[at]
        starts = self.at == "script data double escape start"
        if char in "\t\n\f\r />":
            escaped, double = "script data escaped", "script data double escaped"
            within = double if starts else escaped
            without = escaped if starts else double
            self._moved(within if self.buffer == "script" else without, at, again=False)
            return at + 1
        if char.isascii() and char.isalpha():
            if len(self.buffer) <= _LONGEST_NAME:
                self.buffer += char.lower()
            return at + 1
        self._moved(
            "script data escaped" if starts else "script data double escaped", at, again=True
        )
        return at


_LOOKING_AHEAD = {
    "markup declaration open": _Reader.markup_declaration,
    "after DOCTYPE name": _Reader.after_doctype_name,
    "RCDATA end tag name": _Reader.raw_end_tag,
    "RAWTEXT end tag name": _Reader.raw_end_tag,
    "script data end tag name": _Reader.raw_end_tag,
    "script data escaped end tag name": _Reader.raw_end_tag,
    "script data double escape start": _Reader.double_escape,
    "script data double escape end": _Reader.double_escape,
}

#: States whose characters are an element's text.
_TEXTS = frozenset(
    ["data", "RCDATA", "RAWTEXT", "PLAINTEXT", "CDATA section"]
    + [name for name in (*ROWS, *_LOOKING_AHEAD) if name.startswith(("script data", "RAWTEXT"))]
)

#: States that a ">" leads out of without a tag.
_ENDING = frozenset(
    name for name in ROWS if "comment" in name or "DOCTYPE" in name or "CDATA" in name
)


def _find(text: str, at: int, state: str) -> int:
    """Return where the next character stands that the state's row names, -1 for nowhere."""
    match = _STOPS[state](text, at)
    return -1 if match is None else match.start()


_STOPS = {
    name: re.compile("[" + re.escape("".join(row.steps)) + "]" if row.steps else r"(?!)").search
    for name, row in ROWS.items()
    if row.other is None
}


def language(kind: str | None, depth: int = 0) -> Language | None:
    """Return the state at the start of an attribute's value of that kind."""
    if kind is None:
        return None
    if kind in ("handler", "expression"):
        return js.start(kind)
    if kind == "style":
        return css.start("declarations")
    if kind == "srcdoc":
        return fragment(depth + 1) if depth < _NESTED_DOCUMENTS else js.start("unknown")
    return url.start(kind.removeprefix("url:"))


#: Attributes of libraries whose expression's result becomes markup.
_HTML_RESULTS = frozenset(
    (
        "x-html",
        "v-html",
        "ng-bind-html",
        "data-ng-bind-html",
        ":inner-html",
        ":innerhtml",
        "x-bind:innerhtml",
        "v-bind:inner-html",
        "v-bind:innerhtml",
        "[innerhtml]",
        ".innerhtml",
    )
)
_BINDINGS = (":", "x-bind:", "v-bind:", "data-ng-attr-", "ng-attr-")


def _expression(tag: Tag, name: str) -> Language:
    """Return the state at the start of a library's attribute, by what its result becomes."""
    if name in _HTML_RESULTS:
        return js.start("expression", sink="html")
    for prefix in _BINDINGS:
        bound = name.removeprefix(prefix)
        if bound != name:
            # Modifiers stand behind a dot: `:href.camel`.
            kind = attributes.language_of(tag.name, bound.partition(".")[0], known=tag.known)
            if kind == "handler":
                return js.start("unknown")
            if kind == "srcdoc":
                return js.start("expression", sink="html")
            if kind is not None and kind not in ("style", "expression"):
                return js.start("expression", sink="navigate")
    return js.start("expression")


def script_kind(tag: Tag) -> str:
    """Return what a ``script`` element holds, by its ``type`` (WHATWG HTML, "prepare the script").

    >>> script_kind(Tag("script", attributes=(("type", "application/ld+json"),)))
    'json'
    """
    kind = tag.get("type")
    if kind is None:
        return "unknown"
    if not kind:
        spoken = tag.get("language")
        kind = "text/" + spoken if spoken and not tag.has("type") else "text/javascript"
    # A script whose type has parameters does not run, but some did once: JavaScript all the same.
    kind = kind.partition(";")[0].strip().lower()
    if kind in _JAVASCRIPT_TYPES:
        return "script"
    if kind in ("module", "importmap", "speculationrules"):
        return kind
    if kind.endswith(("/json", "+json")):
        return "json"
    if kind in _COMPILED:
        return "script"
    return "markup" if kind in _MARKUP or _TEMPLATES.search(kind) else "unknown"


def may_be_supplied(tag: Tag | None, name: str) -> bool:
    """Whether a variable may have been part of this attribute's name."""
    kind = attributes.language_of(tag.name if tag else "", name, known=tag.known if tag else {})
    if kind in ("handler", "expression", "style", "srcdoc"):
        return False
    return kind is not None or attributes.harmless_name(name)
