"""Reads ``holes.toml`` and finds, by their markers, the lines that it speaks of. No Django."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CLASSES", "DEFAULT_SETTINGS", "Hole", "Place", "Side", "load", "markers"]

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SETTINGS = "sieve.settings"

#: Every class of hole that a proof is said to find.
CLASSES = (
    "cross-site form POST",
    "login CSRF",
    "state change by GET",
    "cross-origin read",
    "XSSI",
    "framing",
    "window.opener and named windows",
    "postMessage",
    "cross-site WebSocket",
    "reflected XSS",
    "stored XSS",
    "template XSS",
    "DOM XSS",
    "session theft",
    "Host-header poisoning",
    "open redirect",
    "MIME sniffing and uploads",
    "mixed content",
    "Referer leak",
    "cached private pages",
    "clickable javascript: links",
    "CSP bypass",
)

_MARKER = re.compile(r"(hole|twin|sink): ([a-z]+(?:-[a-z]+)*)")
#: What is left of a line that holds a marker and nothing else.
_ALONE = re.compile(r"\s*(?:#|//|\{#)\s*(?:hole|twin|sink): [a-z-]+\s*(?:#\})?\s*")
_SUFFIXES = {".html", ".jinja", ".js", ".py"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of the example: ``file`` is relative to its folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Side:
    """A hole or its twin: where it is reached, and by what.

    ``name`` is the id of the pair. ``reached`` holds what else the file says of how it is reached:
    ``parameter``, ``argument``, ``column``, and so on.
    """

    name: str
    path: str
    method: str
    visitor: str
    settings: str
    place: Place
    is_hole: bool
    reached: dict[str, str]


@dataclass(frozen=True, slots=True)
class Hole:
    """A planted hole. ``sink`` is a second line that has its part in it."""

    id: str
    kind: str
    attack: str
    cwe: str
    gain: str
    hole: Side
    twin: Side
    sink: Place | None


def markers() -> dict[tuple[str, str], list[Place]]:
    """Return where each marker stands, as ``(word, id)``: once, if all is well.

    A marker speaks of its own line, or, where it has that to itself, of the one below.
    """
    found: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for path in sorted((ROOT / "sieve").rglob("*")):
        if path.suffix not in _SUFFIXES or path == Path(__file__).resolve():
            continue
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            below = bool(_ALONE.fullmatch(line))
            for word, marked in _MARKER.findall(line):
                found[word, marked].append(Place(name, number + below))
    return dict(found)


def load() -> tuple[Hole, ...]:
    """Return every hole, in the order of the file.

    Raises KeyError where a field or a marker is missing.
    """
    rows = tomllib.loads((ROOT / "holes.toml").read_text(encoding="utf-8"))["hole"]
    places = {key: found[0] for key, found in markers().items()}
    return tuple(_hole(row, places) for row in rows)


def _hole(row: dict[str, Any], places: dict[tuple[str, str], Place]) -> Hole:
    rest = dict(row)
    twin, sink = rest.pop("twin"), rest.pop("sink", None)
    told = {name: rest.pop(name) for name in ("id", "class", "attack", "cwe", "gain")}
    return Hole(
        id=told["id"],
        kind=told["class"],
        attack=told["attack"],
        cwe=told["cwe"],
        gain=told["gain"],
        hole=_side(("hole", told["id"]), rest, places),
        twin=_side(("twin", told["id"]), _twin(rest) | twin, places),
        sink=places["sink", sink] if sink else None,
    )


def _twin(row: dict[str, str]) -> dict[str, str]:
    """Return what a twin shares with its hole: all but the settings that only the hole needs."""
    return {name: value for name, value in row.items() if name != "settings"}


def _side(
    marker: tuple[str, str], row: dict[str, str], places: dict[tuple[str, str], Place]
) -> Side:
    rest = {**row}
    return Side(
        name=marker[1],
        path=rest.pop("path"),
        method=rest.pop("method"),
        visitor=rest.pop("visitor"),
        settings=rest.pop("settings", DEFAULT_SETTINGS),
        place=places[marker],
        is_hole=marker[0] == "hole",
        reached=rest,
    )
