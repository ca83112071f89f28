"""``[tool.ringfence]`` in ``pyproject.toml``: what is audited, and what has been decided about it.

All mistakes are told at once, each with its line and what to write instead: a misspelt key that
were passed over would leave something unaudited.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ringfence.audit.profiles import PROFILES
from ringfence.finding import Confidence, quote
from ringfence.records import record

__all__ = ["CONFIDENCES", "FAIL_ON", "Acceptance", "Config", "ConfigError", "PerPath", "load"]

#: What findings are called by, from the least to the worst.
FAIL_ON: Final = ("info", "warning", "error", "critical", "never")
CONFIDENCES: Final = {each.name.lower(): each for each in Confidence}

#: A configuration is small.
_LIMIT: Final = 1_000_000
_CODE: Final = re.compile(r"[A-Z]{2,8}(?:[0-9]{3})?")


class ConfigError(ValueError):
    """The configuration cannot be used: one sentence a line."""


@record
class Acceptance:
    """Findings that somebody accepts, by code and path or by fingerprint, mostly until a day."""

    reason: str
    code: str = ""
    path: str = ""
    scope: str = ""
    fingerprint: str = ""
    expires: datetime.date | None = None
    line: int = 0


@record
class PerPath:
    """Rules that are off, or again on, for the files that one of ``paths`` matches."""

    paths: tuple[str, ...]
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()


@record
class Config:
    """What ``[tool.ringfence]`` says. ``off`` and ``on`` hold codes, or families (``SQL``)."""

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    settings: str = ""
    profile: str = ""
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    per_path: tuple[PerPath, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    baseline: str = ""
    fail_on: str = "warning"
    min_confidence: Confidence = Confidence.MEDIUM
    advisories: bool = False
    #: The file that said so, "" if none did.
    file: str = ""


def load(path: Path, *, codes: Iterable[str]) -> Config:
    """Return what the ``pyproject.toml`` at ``path`` says; the defaults if it is silent.

    ``codes`` are those that exist.

    :raises ConfigError: naming every mistake in it.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    if len(data) > _LIMIT:
        raise ConfigError(f"{path}: larger than {_LIMIT:,} bytes.")
    from ringfence.audit import toml  # noqa: PLC0415 - many trees have no configuration

    try:
        text = data.decode("utf-8")
        document = toml.loads(text)
    except (UnicodeDecodeError, toml.MalformedError) as error:
        raise ConfigError(f"{path}: is no TOML: {quote(str(error))}") from error
    tool = document.get("tool", {})
    table = tool.get("ringfence") if isinstance(tool, dict) else None
    if table is None:
        return Config()
    reading = _Reading(text, frozenset(codes))
    config = reading.config(table)
    if reading.errors:
        said = (f"{path}:{line}: {sentence}" for line, sentence in sorted(reading.errors))
        raise ConfigError("\n".join(said))
    return replace(config, file=str(path))


@dataclass(slots=True)
class _Reading:
    text: str
    codes: frozenset[str]
    errors: list[tuple[int, str]] = field(default_factory=list)

    def config(self, table: object) -> Config:
        at = ("tool", "ringfence")
        kinds: dict[str, Callable[[Any, _At], Any]] = {
            "paths": self._inside,
            "exclude": self._strings,
            "settings": self._string,
            "profile": self._one_of(PROFILES),
            "off": self._codes,
            "on": self._codes,
            "per-path": self._each(self._per_path),
            "accept": self._each(self._acceptance),
            "baseline": self._string,
            "fail-on": self._one_of(FAIL_ON),
            "min-confidence": self._one_of(CONFIDENCES),
            "advisories": self._switch,
        }
        values = self._table(table, _At(at), kinds)
        if "min_confidence" in values:
            values["min_confidence"] = CONFIDENCES[values["min_confidence"]]
        return Config(**values)

    def _per_path(self, table: object, at: _At) -> PerPath | None:
        kinds = {"paths": self._strings, "off": self._codes, "on": self._codes}
        values = self._table(table, at, kinds, needed=("paths",))
        return PerPath(**values) if values.get("paths") else None

    def _acceptance(self, table: object, at: _At) -> Acceptance | None:
        kinds: dict[str, Callable[[Any, _At], Any]] = {
            "code": self._code,
            "path": self._string,
            "scope": self._string,
            "fingerprint": self._string,
            "reason": self._string,
            "expires": self._date,
        }
        values = self._table(table, at, kinds, needed=("reason",))
        if not values.get("reason"):
            return None
        if not values.get("fingerprint") and not values.get("code"):
            if isinstance(table, dict) and not table.keys() & {"code", "fingerprint"}:
                self._wrong(at, "says neither a code nor a fingerprint: what is accepted?")
            return None
        return Acceptance(**values, line=self._line(at))

    def _table(
        self,
        table: object,
        at: _At,
        kinds: Mapping[str, Callable[[Any, _At], Any]],
        needed: Sequence[str] = (),
    ) -> dict[str, Any]:
        if not isinstance(table, dict):
            self._wrong(at, f"is {quote(table)}, and should be a table.")
            return {}
        values = {}
        for key, value in table.items():
            inner = at.down(key)
            if key not in kinds:
                near = difflib.get_close_matches(key, kinds, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(kinds)}."
                self._wrong(inner, f"there is no such key. {hint}")
                continue
            read = kinds[key](value, inner)
            if read is not None:
                values[key.replace("-", "_")] = read
        for key in needed:
            if key not in table:
                self._wrong(at, f"has no {key!r}.")
            elif table[key] in ("", []):
                self._wrong(at.down(key), "is empty.")
        return values

    def _string(self, value: object, at: _At) -> str | None:
        if isinstance(value, str):
            return value
        self._wrong(at, f"is {quote(value)}, and should be a string.")
        return None

    def _switch(self, value: object, at: _At) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(at, f"is {quote(value)}, and should be true or false.")
        return None

    def _strings(self, value: object, at: _At) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        self._wrong(at, f"is {quote(value)}, and should be a list of strings.")
        return None

    def _inside(self, value: object, at: _At) -> tuple[str, ...] | None:
        paths = self._strings(value, at) or ()
        for path in paths:
            if path.startswith(("/", "~")) or ".." in path.split("/"):
                self._wrong(at, f"{quote(path)} leaves the tree. Name a folder below this file.")
                return None
        return tuple(path.removeprefix("./").strip("/") for path in paths if path != ".")

    def _code(self, value: object, at: _At) -> str | None:
        found = self._codes([value], at, families=False)
        return found[0] if found else None

    def _codes(self, value: object, at: _At, *, families: bool = True) -> tuple[str, ...] | None:
        names = self._strings(value, at)
        if names is None:
            return None
        known = self.codes
        if families:
            known |= {code.rstrip("0123456789") for code in known}
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name.upper(), known, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else "`ringfence explain` lists them."
                self._wrong(at, f"there is no code {quote(name)}. {hint}")
                return None
        return names

    def _date(self, value: object, at: _At) -> datetime.date | None:
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        if isinstance(value, str):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError:
                pass
        self._wrong(at, f"is {quote(value)}, and should be a day, such as 2027-01-31.")
        return None

    def _one_of(self, names: Iterable[str]) -> Callable[[Any, _At], str | None]:
        known = tuple(names)

        def read(value: Any, at: _At) -> str | None:
            if isinstance(value, str) and value in known:
                return value
            near = difflib.get_close_matches(str(value), known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"It is one of: {', '.join(known)}."
            self._wrong(at, f"cannot be {quote(value)}. {hint}")
            return None

        return read

    def _each(self, read: Callable[[object, _At], Any]) -> Callable[[Any, _At], Any]:
        def read_all(value: Any, at: _At) -> Any:
            if not isinstance(value, list):
                self._wrong(at, f"is a table of its own: write [[{'.'.join(at.keys)}]].")
                return None
            found = (read(each, at.nth(number)) for number, each in enumerate(value))
            return tuple(each for each in found if each is not None)

        return read_all

    def _wrong(self, at: _At, sentence: str) -> None:
        self.errors.append((self._line(at), f"{at.said()} {sentence}"))

    def _line(self, at: _At) -> int:
        return _line_of(self.text, at)


@record
class _At:
    """A place in a document: keys, and of an array of tables which one, from 0."""

    keys: tuple[str, ...]
    number: int = -1
    inner: str = ""

    def down(self, key: str) -> _At:
        if self.number >= 0:
            return replace(self, inner=key)
        return _At((*self.keys, key))

    def nth(self, number: int) -> _At:
        return replace(self, number=number)

    def said(self) -> str:
        name = ".".join(map(_bare, (*self.keys, self.inner) if self.inner else self.keys))
        return f"{name}:"


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quote(key)


def _line_of(text: str, at: _At) -> int:
    """Return the line of ``at``, or of what stands around it: tomllib tells no lines."""
    best, nth = 1, -1
    table: tuple[str, ...] = ()
    for number, line in _lines(text):
        if line.startswith("["):
            table = tuple(part.strip(" \"'") for part in line.split("]")[0].strip("[ ").split("."))
            several = table == at.keys and line.startswith("[[")
            nth += several
            if table == at.keys[: len(table)] and (not several or nth == max(at.number, 0)):
                best = number
            continue
        key = tuple(part.strip(" \"'") for part in line.partition("=")[0].split("."))
        if at.inner:
            if table == at.keys and nth == at.number and key == (at.inner,):
                return number
        elif (*table, *key) == at.keys:
            return number
    return best


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield number, stripped
