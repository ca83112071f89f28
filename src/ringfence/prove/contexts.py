"""Where a word stands in a page's markup, as a browser reads it. Pure.

Follows the HTML standard's tokenizer (section 13.2.5) as far as the place of a word depends on it,
and in scripts tells strings, template literals and comments from the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

__all__ = ["Context", "contexts"]

_MOST_MARKUP: Final = 2 << 20
_MOST_SCRIPT: Final = 200_000
_MOST_CONTEXTS: Final = 40

#: Elements in whose text no tag begins; of these two read character references.
_RCDATA: Final = frozenset({"title", "textarea"})
_RAWTEXT: Final = frozenset({"style", "xmp", "iframe", "noembed", "noframes", "noscript"})
_URLS: Final = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "cite", "xlink:href"}
)
_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]{0,200}")
_SPACE: Final = " \t\n\r\f"


@dataclass(frozen=True, slots=True)
class Context:
    """A place of the word.

    ``kind`` is one of ``text``, ``comment``, ``rcdata``, ``rawtext``, ``style``, ``tag``, ``name``
    (of an attribute), ``attribute``, ``url`` (one that begins with the word), ``handler``,
    ``srcdoc``, ``css`` (an attribute), and ``script``. ``quote`` is what ends it: the quote around
    an attribute's value, ``""`` where it has none; in a script the string's, and ``//``, ``/*`` or
    ``""``. ``name`` is the element's or the attribute's.
    """

    kind: str
    quote: str = ""
    name: str = ""


def contexts(markup: str, word: str) -> tuple[Context, ...]:
    """Return each kind of place at which ``word`` stands in ``markup``, in order.

    >>> contexts("<p title='w'>w<!-- w --></p>", "w")  # doctest: +NORMALIZE_WHITESPACE
    (Context(kind='attribute', quote="'", name='title'), Context(kind='text', quote='', name=''),
     Context(kind='comment', quote='', name=''))
    >>> contexts("<script>let a = `w`</script>", "w")
    (Context(kind='script', quote='`', name='script'),)
    """
    found: dict[Context, None] = {}
    for context in _walk(markup[:_MOST_MARKUP], word):
        found.setdefault(context)
        if len(found) >= _MOST_CONTEXTS:
            break
    return tuple(found)


def _walk(markup: str, word: str) -> Iterator[Context]:
    at, size = 0, len(markup)
    while at < size:
        opened = markup.find("<", at)
        opened = size if opened < 0 else opened
        if word in markup[at:opened]:
            yield Context("text")
        if opened == size:
            return
        if markup.startswith("<!--", opened):
            at = _behind(markup, "-->", opened + 4)
            if word in markup[opened:at]:
                yield Context("comment")
        elif markup.startswith(("<!", "<?"), opened):
            at = _behind(markup, ">", opened)
            if word in markup[opened:at]:
                yield Context("comment")
        elif name := _NAME.match(markup, opened + (2 if markup[opened + 1 :][:1] == "/" else 1)):
            if word in name[0]:
                yield Context("tag")
            tag = name[0].lower()
            at = yield from _attributes(markup, name.end(), word, tag)
            if markup[opened + 1] != "/":
                at = yield from _contents(markup, at, word, tag)
        else:
            at = opened + 1


def _behind(markup: str, what: str, at: int) -> int:
    found = markup.find(what, at)
    return len(markup) if found < 0 else found + len(what)


def _attributes(markup: str, at: int, word: str, tag: str) -> Generator[Context, None, int]:
    """Yield what stands in a tag's attributes, and return where the tag ends."""
    size = len(markup)
    while at < size:
        while at < size and markup[at] in _SPACE + "/":
            at += 1
        if at >= size or markup[at] == ">":
            break
        begun = at
        at += 1
        while at < size and markup[at] not in _SPACE + "/>=":
            at += 1
        name = markup[begun:at].lower()
        if word in markup[begun:at]:
            yield Context("name", "", tag)
        behind = at
        while behind < size and markup[behind] in _SPACE:
            behind += 1
        if behind >= size or markup[behind] != "=":
            continue
        at = behind + 1
        while at < size and markup[at] in _SPACE:
            at += 1
        quote = markup[at] if at < size and markup[at] in "\"'" else ""
        if quote:
            begun, end = at + 1, markup.find(quote, at + 1)
            end = size if end < 0 else end
            at = end + 1
        else:
            begun = end = at
            while end < size and markup[end] not in _SPACE + ">":
                end += 1
            at = end
        value = markup[begun:end]
        if word in value:
            yield _of_attribute(name, value, word, quote)
    return min(at + 1, size)


def _of_attribute(name: str, value: str, word: str, quote: str) -> Context:
    if name.startswith("on"):
        return Context("handler", quote, name)
    if name in _URLS and value.strip().startswith(word):
        return Context("url", quote, name)
    kind = {"style": "css", "srcdoc": "srcdoc"}.get(name, "attribute")
    return Context(kind, quote, name)


def _contents(markup: str, at: int, word: str, tag: str) -> Generator[Context, None, int]:
    """Yield what stands in an element without tags, and return where that ends."""
    if tag != "script" and tag not in _RCDATA and tag not in _RAWTEXT:
        return at
    close = re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE | re.ASCII).search(markup, at)
    end = close.start() if close else len(markup)
    inside = markup[at:end]
    if word in inside:
        if tag == "script":
            yield from _in_script(inside[:_MOST_SCRIPT], word)
        elif tag == "style":
            yield Context("style", "", tag)
        else:
            yield Context("rcdata" if tag in _RCDATA else "rawtext", "", tag)
    return end


#: What begins something in a script in which code is none, and what ends it.
_OPENINGS: Final = re.compile(r"//|/\*|[\"'`]")
_ENDS: Final = {"//": "\n", "/*": "*/"}


def _in_script(code: str, word: str) -> Iterator[Context]:
    at, size = 0, len(code)
    while at < size:
        opening = _OPENINGS.search(code, at)
        begun = opening.start() if opening else size
        if word in code[at:begun]:
            yield Context("script", "", "script")
        if opening is None:
            return
        end = _end_of(code, opening.end(), _ENDS.get(opening[0], opening[0]))
        if word in code[begun:end]:
            yield Context("script", opening[0], "script")
        at = end


def _end_of(code: str, at: int, end: str) -> int:
    """Return where what was opened is closed; a backslash escapes the end of a string."""
    while True:
        found = code.find(end, at)
        if found < 0:
            return len(code)
        slashes = 0
        while slashes < found - at and code[found - 1 - slashes] == "\\":
            slashes += 1
        if slashes % 2 == 0 or end in ("\n", "*/"):
            return found + len(end)
        at = found + 1
