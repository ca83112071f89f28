"""Attributes that hold URLs among other things: ``srcset``, ``ping``, animation, meta refresh.

Each state knows the URL it stands in, and judges every further one that a value brings along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from ringfence.patterns import later
from ringfence.rings.escaping.language import Refused, Trust, Value
from ringfence.rings.escaping.schemes import decode_references

__all__ = ["Refresh", "Separated", "SourceSet", "UrlPart"]


class UrlPart(Protocol):
    """A state of one URL, or of an attribute with several."""

    @property
    def context(self) -> str:
        """What a variable stands in here."""

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable: see ``Url``."""

    def feed(self, text: str, /) -> UrlPart:
        """Return the state behind the literal ``text``."""

    def write(self, value: Value, trust: Trust, /) -> tuple[str, UrlPart]:
        """Return ``value`` as it may stand here, and the state behind it."""

    def write_text(self, value: Value, text: str, trust: Trust, /) -> tuple[str, UrlPart]:
        """Do as ``write`` does, with ``text``: a piece of ``value``, references resolved."""

    def block(self, text: str, trust: Trust | None = None, /) -> str | None:
        """Return what has to stand before the literal ``text``, if anything."""


def _decoded(value: Value) -> str:
    return decode_references(value.text) if value.vouched else value.text


_SEPARATORS = {"ping": later(r"([\t\n\f\r ]+)"), "animate": later(r"(;)")}


@dataclass(frozen=True, slots=True)
class Separated:
    """URLs with separators between them: spaces in ``ping``, semicolons in ``values``.

    https://html.spec.whatwg.org/#ping and https://www.w3.org/TR/svg-animations-2/#ValuesAttribute
    """

    kind: str
    fresh: UrlPart
    item: UrlPart

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        return f"{self.item.context}, in a list"

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable."""
        return self.item.volatile

    def feed(self, text: str) -> Separated:
        """Return the state behind the literal ``text``."""
        first, *others = _SEPARATORS[self.kind].split(text)
        item = self.fresh.feed(others[-1]) if others else self.item.feed(first)
        return replace(self, item=item)

    def write(self, value: Value, trust: Trust) -> tuple[str, Separated]:
        """Return ``value``, of whose URLs none is dangerous, and the state behind it."""
        return self.write_text(value, _decoded(value), trust)

    def write_text(self, value: Value, text: str, trust: Trust) -> tuple[str, Separated]:
        """Do as ``write`` does, with a piece of ``value``."""
        pieces = _SEPARATORS[self.kind].split(text)
        item = self.item
        for index in range(0, len(pieces), 2):
            item = self.fresh if index else item
            pieces[index], item = item.write_text(value, pieces[index], trust)
        return "".join(pieces), replace(self, item=item)

    def block(self, text: str, trust: Trust | None = None) -> str | None:
        """Return what has to stand before the literal ``text``, if anything."""
        return self.item.block(_SEPARATORS[self.kind].split(text, maxsplit=1)[0], trust)


Place = Literal[
    "gap",  # a candidate begins with the next character that is neither space nor comma
    "url",
    "comma",  # in a URL that has commas at its end: a space would end the candidate
    "descriptor",
]
_SOURCES = {
    "gap": later(r"[\t\n\f\r ,]*"),
    "url": later(r"[^\t\n\f\r ]*"),
    "descriptor": later(r"[^,]*"),
}


@dataclass(frozen=True, slots=True)
class SourceSet:
    """``srcset``: URLs with descriptors behind them.

    https://html.spec.whatwg.org/#parse-a-srcset-attribute. A comma in parentheses is taken to
    end a candidate, which no browser does: what follows is then judged as a URL for nothing.
    """

    fresh: UrlPart
    item: UrlPart
    place: Place = "gap"

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        return (
            "descriptor of a source" if self.place == "descriptor" else f"{self._url()}, in a list"
        )

    def _url(self) -> str:
        return (self.fresh if self.place == "gap" else self.item).context

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable."""
        return self.place == "url" and self.item.volatile

    def _chunks(self, text: str) -> Iterator[tuple[Place, str, Place]]:
        # Yields: where a run of text stands, the run, and where its end leaves off.
        place, position = self.place, 0
        while position < len(text):
            began = "url" if place == "comma" else place
            match = _SOURCES[began].match(text, position)
            assert match is not None
            run, position = match[0], match.end()
            more = position < len(text)
            after: Place
            if began == "gap":
                after = "url" if more else "gap"
            elif began == "url":
                ends = run.endswith(",") or (not run and place == "comma")
                after = ("gap" if ends else "descriptor") if more else "comma" if ends else "url"
            else:
                after = "gap" if more else "descriptor"
            yield began, run, after
            place = after

    def feed(self, text: str) -> SourceSet:
        """Return the state behind the literal ``text``."""
        item, place = self.item, self.place
        for began, run, after in self._chunks(text):
            if began == "gap":
                item = self.fresh
            elif began == "url":
                item = self.fresh if after == "descriptor" else item.feed(run)
            place = after
        return replace(self, item=item, place=place)

    def write(self, value: Value, trust: Trust) -> tuple[str, SourceSet]:
        """Return ``value``, one URL or a list of them, and the state behind it."""
        return self.write_text(value, _decoded(value), trust)

    def write_text(self, value: Value, text: str, trust: Trust) -> tuple[str, SourceSet]:
        """Do as ``write`` does, with a piece of ``value``."""
        item, place = self.item, self.place
        written: list[str] = []
        for began, run, after in self._chunks(text):
            if began == "gap":
                item = self.fresh
            elif began == "url":
                piece, item = item.write_text(value, run, trust)
                item = self.fresh if after == "descriptor" else item
            written.append(piece if began == "url" else run)
            place = after
        return "".join(written), replace(self, item=item, place=place)

    def block(self, text: str, trust: Trust | None = None) -> str | None:
        """Return what has to stand before the literal ``text``, if anything."""
        run = re.split(r"[\t\n\f\r ]", text, maxsplit=1)[0]
        return self.item.block(run, trust) if self.volatile else None


_BLANK = "\t\n\f\r "
# Time, separator, and as much of `url =` as there is. Lenient about the time: Chromium reads it
# as a floating-point number, where the standard wants digits and dots.
_REFRESH = later(
    rf"[{_BLANK}]*([^;,{_BLANK}]*)([{_BLANK}]*[;,]?[{_BLANK}]*)((?:u(?:r(?:l[{_BLANK}]*)?)?)?)",
    re.IGNORECASE,
)
_TIME = later(r"[0-9.]*")


@dataclass(frozen=True, slots=True)
class Refresh:
    """``<meta http-equiv=refresh content="5; url=...">``.

    https://html.spec.whatwg.org/#shared-declarative-refresh-steps. With ``certain=False`` it is a
    <meta> that may still turn out to be one: text that does not begin with a number is left alone.
    ``head`` is what was read in front of the URL, normalised; ``item`` is the URL once it began.
    """

    fresh: UrlPart
    certain: bool = True
    head: str = ""
    item: UrlPart | None = None
    quote: str = ""
    over: bool = False

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        if self.item is not None:
            return f"{self.item.context}, in a refresh"
        return "refresh" if self.certain else "content of <meta>"

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable."""
        return self.item is not None and self.item.volatile

    def feed(self, text: str) -> Refresh:
        """Return the state behind the literal ``text``."""
        if self.over or not text:
            return self
        if self.item is not None:
            return self._feed_url(self.item, text)
        read = self._read(self.head + text)
        if isinstance(read, Refresh):
            return read
        index, quote = read
        begun = replace(self, head="", quote=quote)
        return begun._feed_url(self.fresh, (self.head + text)[index:])  # noqa: SLF001 -- a Refresh

    def _feed_url(self, item: UrlPart, text: str) -> Refresh:
        if self.quote and self.quote in text:
            return replace(self, item=None, over=True)
        return replace(self, item=item.feed(text))

    def _read(self, head: str) -> Refresh | tuple[int, str]:
        # The state behind `head`, or where in it the URL's own characters begin, and its quote.
        match = _REFRESH.match(head)
        assert match is not None
        time, separator, letters = match.groups()
        if not self.certain and not (time[:1].isdigit() or time[:1] in {".", "+", "-"}):
            return replace(self, head="", over=bool(time or separator.strip(_BLANK)))
        index, letters = match.end(2), letters.rstrip(_BLANK).lower()
        rest = head[match.end() :]
        if rest.startswith("=") and letters == "url":
            behind = rest[1:].lstrip(_BLANK)
            if not behind:
                return replace(self, head="0;url=")
            index, rest = len(head) - len(behind), behind
        elif not rest:
            kind = ";" if separator.strip(_BLANK) else separator[:1] and " "
            return replace(self, head=("0" if time else "") + kind + letters)
        if head[index] in "'\"":
            return index + 1, head[index]
        return index, ""

    def write(self, value: Value, trust: Trust) -> tuple[str, Refresh]:
        """Return ``value``, which may be the time, the URL, or both, and the state behind it.

        :raises Refused: where the URL would run code, or the time is none.
        """
        return self.write_text(value, _decoded(value), trust)

    def write_text(self, value: Value, text: str, trust: Trust) -> tuple[str, Refresh]:
        """Do as ``write`` does, with a piece of ``value``."""
        if self.over or not text:
            return text, self
        if self.item is not None:
            return self._write_url(self.item, value, text, trust)
        if self.certain and self.head in {"", "0"}:
            self._judge_time(text)
        read = self._read(self.head + text)
        if isinstance(read, Refresh):
            return text, read
        index, quote = read
        # Letters of the template, `u`, that turned out to belong to the URL.
        item = self.fresh.feed(self.head[index:])
        split = max(0, index - len(self.head))
        begun = replace(self, head="", quote=quote)
        if quote and quote in text[split:]:
            inside, end, rest = text[split:].partition(quote)
            inside, _ = item.write_text(value, inside, trust)
            return text[:split] + inside + end + rest, replace(begun, over=True)
        written, item = item.write_text(value, text[split:], trust)
        return text[:split] + written, replace(begun, item=item)

    def _write_url(
        self, item: UrlPart, value: Value, text: str, trust: Trust
    ) -> tuple[str, Refresh]:
        quoted = f"%{ord(self.quote):X}" if self.quote else ""
        if self.quote:
            text = text.replace(self.quote, quoted)
        try:
            written, item = item.write_text(value, text, trust)
        except Refused as refusal:
            if self.quote:
                refusal.placeholder = refusal.placeholder.replace(self.quote, quoted)
            raise
        return written, replace(self, item=item)

    def _judge_time(self, text: str) -> None:
        match = _REFRESH.match(text)
        assert match is not None
        if not _TIME.fullmatch(match[1]):
            raise Refused(
                "The variable stands for the seconds of a refresh, and is no number.",
                "Give a number, or a number and an address: 5; url=/next/.",
                by_place=False,
            )

    def block(self, text: str, trust: Trust | None = None) -> str | None:
        """Return what has to stand before the literal ``text``, if anything."""
        if self.item is None:
            return None
        return self.item.block(text.partition(self.quote)[0] if self.quote else text, trust)
