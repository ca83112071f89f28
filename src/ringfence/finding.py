"""What can be wrong with a configuration, and how to say it.

A :class:`Finding` is one thing that is wrong (or worth knowing) in one place. Every finding
carries a code out of :data:`REGISTER`; a code is never reused, and a withdrawn one stays in the
register as withdrawn. The same code is shown by the settings compiler, Django's check framework
(``ringfence.CORS101``), the audit and the documentation.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ringfence._codes import REGISTER, Code, Severity

__all__ = [
    "REGISTER",
    "Code",
    "Confidence",
    "Finding",
    "Findings",
    "Location",
    "Severity",
    "quote",
    "unknown_keys",
]

#: No quoted value in a message is longer than this; a setting may hold a megabyte.
QUOTE_LIMIT = 200


class Confidence(enum.IntEnum):
    """How sure a rule is that what it found is dangerous."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding stands: a file and a 1-based line."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, why, and what to write instead.

    ``setting`` is the dotted place in the settings (``RINGFENCE['cors']['origins']``), ``value``
    is already quoted and bounded (see :func:`quote`), ``reason`` and ``fix`` are sentences.
    """

    code: str
    setting: str
    value: str
    reason: str
    fix: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    location: Location | None = None

    def __str__(self) -> str:
        place = f"{self.setting} = {self.value}" if self.value else self.setting
        return f"{place}: {self.reason} {self.fix} [{self.code}]"


def quote(value: object) -> str:
    r"""Return ``value`` as it is safe to print: ``repr``, escaped to ASCII, and bounded.

    >>> quote("https://a")
    "'https://a'"
    >>> quote("\x1b[31m")
    "'\\x1b[31m'"
    """
    try:
        text = ascii(value)
    except Exception:  # noqa: BLE001 - a broken __repr__ must not hide the error reported
        text = f"<{type(value).__name__}>"
    return text if len(text) <= QUOTE_LIMIT else text[:QUOTE_LIMIT] + "…"


@dataclass(slots=True)
class Findings:
    """Collects findings, so that every error is reported at once.

    A dangerous value in ``RINGFENCE`` is refused (an error); the same value in a setting of a
    package that ringfence replaces keeps its meaning and is only named (a warning, an error under
    ``--deploy``).
    """

    items: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        setting: str,
        reason: str,
        fix: str,
        value: object = "",
        severity: Severity | None = None,
        confidence: Confidence = Confidence.HIGH,
    ) -> None:
        """Add a finding.

        ``value`` is quoted here; ``severity`` defaults to the register's for ``code``.

        :raises KeyError: for a code that is not in :data:`REGISTER`.
        """
        registered = REGISTER[code]
        self.items.append(
            Finding(
                code=code,
                setting=setting,
                value="" if isinstance(value, str) and value == "" else quote(value),
                reason=reason,
                fix=fix,
                severity=registered.severity if severity is None else severity,
                confidence=confidence,
            )
        )

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep a site from being served."""
        return [item for item in self.items if item.severity is Severity.ERROR]


def unknown_keys(
    config: Mapping[Any, object],
    known: Sequence[str],
    findings: Findings,
    *,
    setting: str,
    code: str,
) -> None:
    """Add a finding for each key of ``config`` that is not ``known``, suggesting the nearest."""
    for key in config:
        if key in known:
            continue
        near = difflib.get_close_matches(key, known, n=1) if isinstance(key, str) else []
        findings.add(
            code,
            setting=f"{setting}[{quote(key)}]",
            value=config[key],
            reason="there is no such option.",
            fix=f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(known)}.",
        )
