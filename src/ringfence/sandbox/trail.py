"""Where a number that an attack made was written into a page: by which template, line, or view.

A text is followed by the number of nine digits in it, which no encoding changes. Each place that
writes it puts a number of its own in its stead, as long and as meaningless: so the number with
which a payload fires tells by which places it came, and no guess is needed.
"""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["MADE", "RESPONSE", "TEMPLATE", "Spot", "Trail", "decisive"]

#: The kinds of places, as :class:`Spot` has them.
TEMPLATE: Final = "template"
MADE: Final = "made"
RESPONSE: Final = "response"

_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{9}")
#: What a payload's number is preceded by, wherever markup was left as it was.
_CALL: Final = "ringfence("
_RAW: Final = (">", "'-", '"-', "'+", '"+')
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that wrote something.

    ``kind`` is ``TEMPLATE`` (a variable or a tag), ``MADE`` (Python that called its text markup) or
    ``RESPONSE`` (Python that answered with it). ``own``: it is the project's, and no package's.
    ``decides``: the text was markup here, or was put into markup here.
    """

    kind: str
    text: str
    file: str
    line: int
    own: bool = True
    decides: bool = True


class Trail:
    """The numbers that are followed, and the places that each has come by.

    Used by the server's threads and by the one that attacks. Nothing is followed until
    :meth:`follow` is called.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._root: dict[str, str] = {}
        self._spots: dict[str, tuple[Spot, ...]] = {}
        self._derived: dict[tuple[str, Spot], str] = {}

    def follow(self, numbers: Iterable[str]) -> None:
        """Follow the numbers from now on."""
        with self._lock:
            for number in numbers:
                self._root.setdefault(number, number)

    def forget(self) -> None:
        """Follow nothing."""
        with self._lock:
            self._root, self._spots, self._derived = {}, {}, {}

    def holds(self, text: str) -> bool:
        """Whether a number that is followed stands in ``text``."""
        known = self._root
        return bool(known) and any(each in known for each in _NUMBER.findall(text))

    def through(self, spot: Spot, text: str) -> str:
        """Return ``text`` with its numbers told to have come by ``spot``."""

        def written(match: re.Match[str]) -> str:
            number = match[0]
            if number not in self._root or self._is_known_by(number, spot.kind):
                return number
            decides = spot.kind != MADE or _decides(text, match.start())
            return self._derive(number, replace(spot, decides=decides))

        return _NUMBER.sub(written, text) if self._root else text

    def plain(self, text: str) -> str:
        """Return ``text`` with each number as the attack made it."""
        root = self._root
        if not self._derived:
            return text
        return _NUMBER.sub(lambda match: root.get(match[0], match[0]), text)

    def written(self, text: str) -> frozenset[str]:
        """Return the numbers in ``text`` that are followed, as the site wrote them."""
        root = self._root
        return frozenset(n for n in _NUMBER.findall(text) if n in root) if root else frozenset()

    def root(self, number: str) -> str:
        """Return the number that the attack made."""
        return self._root.get(number, number)

    def spots(self, number: str) -> tuple[Spot, ...]:
        """Return the places by which a number has come, the first one first."""
        return self._spots.get(number, ())

    def _is_known_by(self, number: str, kind: str) -> bool:
        """Whether the place of that kind is known: the innermost of the project's is wanted."""
        return any(spot.kind == kind and spot.own for spot in self._spots.get(number, ()))

    def _derive(self, number: str, spot: Spot) -> str:
        with self._lock:
            known = self._derived.get((number, spot))
            if known is not None or len(self._root) >= _MOST:
                return known or number
            made = str(secrets.randbelow(9 * 10**8) + 10**8)
            while made in self._root:
                made = str(secrets.randbelow(9 * 10**8) + 10**8)
            self._root[made] = self._root[number]
            self._spots[made] = (*self._spots.get(number, ()), spot)
            self._derived[number, spot] = made
            return made


def decisive(spots: Sequence[Spot]) -> Spot | None:
    """Return the place to change, of those by which a number came into a page; None for none.

    Python that called a text markup comes before the template that wrote what it was given, and the
    project's own before a package's; what only answered with the text comes last.
    """
    wanted = [spot for spot in spots if spot.kind != MADE or spot.decides]
    order = {MADE: 0, TEMPLATE: 1, RESPONSE: 2}
    return min(wanted, key=lambda spot: (not spot.own, order[spot.kind]), default=None)


def _decides(text: str, at: int) -> bool:
    """Whether the text around a number is markup by itself: as given, or inside a tag.

    >>> _decides("<b><script>ringfence(1", 21), _decides("<b>&lt;script&gt;ringfence(1", 27)
    (True, False)
    >>> _decides('<a href="javascript:ringfence(1', 30), _decides("'-ringfence(1", 12)
    (True, True)
    """
    before = text[:at].removesuffix(_CALL)
    return before.endswith(_RAW) or before.rfind("<") > before.rfind(">")
