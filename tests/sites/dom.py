"""Two answers compared as a browser reads them: as trees, not as bytes.

The parser is html5lib, which follows the standard's algorithm. What differs is a *difference*
unless it is one of the things that ringfence is there to add, or the same text in another
spelling (``\\u0027`` for ``'`` in a script): those are counted and named.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import html5lib

__all__ = ["Comparison", "compare"]

#: Attributes whose values are scripts, addresses or styles: another spelling may be the same.
_SPELT = re.compile(r"on\w+|href|src|action|formaction|style|srcdoc|data-\w+")
_SCRIPT = {"script", "style"}
#: In the markup that a script of a template's writes.
_NONCE = re.compile(r"(?<=<script) nonce=[0-9a-f]{32}\b")

_NOISE = (
    # CSRF tokens: the nonce uses up some of the chance that they are made of.
    (re.compile(r"\b[A-Za-z0-9]{64}\b"), "TOKEN"),
    # So are the ids that Wagtail gives to the items of a list which have none.
    (
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b"),
        "UUID",
    ),
    # Milliseconds of debug toolbar's panels.
    (re.compile(r"\d+(?:\.\d+)?(?:\xa0| )?ms\b"), "N ms"),
    # What its panels measure or count of the process, and ringfence's own receivers among it.
    # Wagtail's list of a set of classes, whose order is that of their addresses.
    (re.compile(r'(?<="modelNames": )\[[^]]*\]'), "[]"),
    (re.compile(r"\d+ voluntary, \d+ involuntary"), "N switches"),
    (re.compile(r"\d+ receivers"), "N receivers"),
    (re.compile(r"\b\d+\.\d{6,}%?"), "N"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0xN"),
    (re.compile(r"(width|left|margin-left|start|end)(: ?|=\")[\d.]+%?"), r"\1\2N"),
)

Line = tuple[str, str, str]
"""Where (the path of elements), what (a tag, an attribute's name, ``#text``) and the value."""


@dataclass(slots=True)
class Comparison:
    """What differs between two answers; ``added`` and ``respelt`` are as they should be."""

    differences: list[str] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    respelt: int = 0
    same_bytes: bool = False


def compare(stock: dict[str, Any], ours: dict[str, Any]) -> Comparison:
    """Compare two answers of :mod:`tests.sites.render`."""
    found = Comparison(same_bytes=stock["body"] == ours["body"])
    for part in ("status", "type", "place"):
        if stock[part] != ours[part]:
            told = f"{part}: {stock[part]!r}, ours {ours[part]!r}"
            if ours["type"] == "exception":
                told += "\n" + ours["body"][-2000:]
            found.differences.append(told)
            return found
    if not found.same_bytes:
        _bodies(stock["type"], stock["body"], ours["body"], found)
    return found


def _bodies(kind: str, stock: str, ours: str, found: Comparison) -> None:
    if kind == "application/json":
        _values(json.loads(stock), json.loads(ours), "$", found)
    elif kind in {"text/html", "application/xhtml+xml"}:
        _trees(_lines(stock, whole=True), _lines(ours, whole=True), found)
    else:
        _trees([("", "#body", stock)], [("", "#body", ours)], found)


def _values(stock: Any, ours: Any, path: str, found: Comparison) -> None:
    """Compare JSON; a string with markup in it is a piece of a page."""
    if isinstance(stock, dict) and isinstance(ours, dict) and stock.keys() == ours.keys():
        for key in stock:
            _values(stock[key], ours[key], f"{path}.{key}", found)
    elif isinstance(stock, list) and isinstance(ours, list) and len(stock) == len(ours):
        for index, (theirs, mine) in enumerate(zip(stock, ours, strict=True)):
            _values(theirs, mine, f"{path}[{index}]", found)
    elif isinstance(stock, str) and isinstance(ours, str) and "<" in stock:
        _trees(_lines(stock, whole=False), _lines(ours, whole=False), found)
    elif stock != ours:
        found.differences.append(f"{path}: {stock!r}, ours {ours!r}")


def _lines(text: str, *, whole: bool) -> list[Line]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text) if whole else parser.parseFragment(text)
    return list(_walk(tree, ""))


def _walk(element: Any, path: str) -> Iterator[Line]:
    if not isinstance(element.tag, str):
        yield path, "#comment", element.text or ""
        if element.tail:
            yield path, "#text", _quiet(element.tail)
        return
    here = f"{path}>{element.tag}" if path else element.tag
    if element.get("id"):
        here += f"#{element.get('id')}"
    yield path, f"<{element.tag}>", ""
    for name, value in sorted(element.attrib.items(), key=str):
        yield here, str(name), _quiet(value)
    if element.text:
        yield here, "#text", _quiet(element.text)
    for child in element:
        yield from _walk(child, here)
    yield here, f"</{element.tag}>", ""
    if element.tail:
        yield path, "#text", _quiet(element.tail)


def _quiet(text: str) -> str:
    for pattern, name in _NOISE:
        text = pattern.sub(name, text)
    return text


def _trees(stock: list[Line], ours: list[Line], found: Comparison) -> None:
    stock = _without_nonces(stock, Counter())
    ours = _without_nonces(ours, found.added)
    if stock == ours:
        return
    if len(stock) == len(ours):
        _change(stock, ours, found)
        return
    # Most of two long pages is the same: what surrounds the changes is left out of the matching.
    start = _agreeing(stock, ours)
    end = _agreeing(stock[start:][::-1], ours[start:][::-1])
    stock, ours = stock[start : len(stock) - end], ours[start : len(ours) - end]
    matcher = SequenceMatcher(a=stock, b=ours, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation != "equal":
            _change(stock[i1:i2], ours[j1:j2], found)


def _agreeing(stock: list[Line], ours: list[Line]) -> int:
    pairs = enumerate(zip(stock, ours, strict=False))
    shorter = min(len(stock), len(ours))
    return next((index for index, (theirs, mine) in pairs if theirs != mine), shorter)


def _without_nonces(lines: list[Line], counted: Counter[str]) -> list[Line]:
    kept = [line for line in lines if line[1] != "nonce"]
    counted["nonce"] += len(lines) - len(kept)
    return kept


def _change(stock: list[Line], ours: list[Line], found: Comparison) -> None:
    if len(stock) == len(ours):
        for theirs, mine in zip(stock, ours, strict=True):
            if theirs != mine and not _expected(theirs, mine, found):
                found.differences.append(f"- {_told(theirs)}\n+ {_told(mine)}")
        return
    if not stock and all(line[1:] == ("rel", "noopener") for line in ours):
        found.added["rel=noopener"] += len(ours)
        return
    if not stock and (forms := _tokens(ours)):
        found.added["CSRF token"] += forms
        return
    told = [f"- {_told(line)}" for line in stock] + [f"+ {_told(line)}" for line in ours]
    found.differences.append("\n".join(told[:24]))


def _tokens(lines: list[Line]) -> int:
    """Return how many CSRF fields ``lines`` are, 0 where they are anything else."""
    field = [
        ("<input>", ""),
        ("name", "csrfmiddlewaretoken"),
        ("type", "hidden"),
        ("value", "TOKEN"),
        ("</input>", ""),
    ]
    found = [line[1:] for line in lines]
    count, rest = divmod(len(found), len(field))
    return count if not rest and found == field * count else 0


def _expected(stock: Line, ours: Line, found: Comparison) -> bool:
    if stock[:2] != ours[:2]:
        return False
    path, name, theirs, mine = *stock[:2], stock[2], ours[2]
    if name == "rel" and set(mine.split()) - set(theirs.split()) == {"noopener"}:
        found.added["rel=noopener"] += 1
        return True
    element = path.rpartition(">")[2].partition("#")[0]
    script = name == "#body" or (name == "#text" and element in _SCRIPT)
    if script:
        mine, nonces = _NONCE.subn("", mine)
        if nonces:
            found.added["nonce in a script"] += nonces
    if (script or _SPELT.fullmatch(name)) and _read(theirs) == _read(mine):
        found.respelt += 1
        return True
    return False


_STRING = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|\\([/'\"`-])")


def _read(script: str) -> str:
    """Return ``script`` with its strings' escapes read, and without JSON's optional spaces."""
    parts = _STRING.split(script)
    parts[::2] = [re.sub(r"([,:])\s+", r"\1", part) for part in parts[::2]]
    return _ESCAPE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), "".join(parts))


def _told(line: Line) -> str:
    path, name, value = line
    shown = value if len(value) < 400 else value[:400] + "…"
    return f"{path} {name} {shown!r}" if value else f"{path} {name}"
