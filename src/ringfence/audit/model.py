"""What the audit's parts hand to one another: facts, findings, a report. All of it is data.

Facts of a file depend on that file alone, so they can be kept from one run to the next; what one
file means to another (an include, a helper function, a settings module that imports another) is
found out from the facts of both, by :class:`Project`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ringfence.audit.facts.dependencies import Advisory, Requirement
from ringfence.audit.facts.environment import Command, EnvironmentFile, Variable
from ringfence.audit.facts.live import Live, Response, Tls
from ringfence.audit.facts.python import (
    Assignment,
    Call,
    ClassFacts,
    FunctionFacts,
    PythonFacts,
    UrlEntry,
)
from ringfence.audit.facts.scripts import Flow, Origin, ScriptFacts
from ringfence.audit.facts.settings import Given, Setting, Settings
from ringfence.audit.facts.templates import Form, Markup, TemplateFacts, TemplateVariable
from ringfence.audit.facts.urls import Route
from ringfence.audit.facts.values import UNKNOWN, Place, Source, Value
from ringfence.finding import Confidence, Severity
from ringfence.records import record

__all__ = [
    "UNKNOWN",
    "Advisory",
    "Assignment",
    "Call",
    "ClassFacts",
    "Command",
    "Edit",
    "EnvironmentFile",
    "Finding",
    "Flow",
    "Form",
    "FunctionFacts",
    "Given",
    "Hit",
    "Live",
    "Markup",
    "Origin",
    "Place",
    "Project",
    "PythonFacts",
    "Report",
    "Requirement",
    "Response",
    "Route",
    "Rule",
    "ScriptFacts",
    "Setting",
    "Settings",
    "Skipped",
    "Source",
    "TemplateFacts",
    "TemplateVariable",
    "Tls",
    "UrlEntry",
    "Value",
    "Variable",
]


@record
class Skipped:
    """A file that was not read, or not wholly, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Project:
    """All facts of one tree, and how they belong together."""

    python: dict[str, PythonFacts] = field(default_factory=dict)
    templates: dict[str, TemplateFacts] = field(default_factory=dict)
    scripts: dict[str, ScriptFacts] = field(default_factory=dict)
    settings: list[Settings] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: The resolved URLs; none if nothing is known of them.
    urls: list[Route] = field(default_factory=list)
    live: list[Live] = field(default_factory=list)
    environment: list[EnvironmentFile] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    advisories: list[Advisory] = field(default_factory=list)
    #: The day of the audit, where one is known.
    day: datetime.date | None = None
    #: What rules worked out of the facts together, each under its own name.
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def calls(self, *targets: str) -> Iterator[Call]:
        """Yield the calls of these targets outside of tests, in order of path and line."""
        wanted = frozenset(targets)
        for facts in self.python.values():
            if not facts.is_test:
                yield from (call for call in facts.calls if call.target in wanted)

    def deployed(self) -> Iterator[Settings]:
        """Yield the settings that may be in use on a server."""
        return (each for each in self.settings if each.purpose == "deployed")


@record
class Edit:
    r"""A replacement in one file: offsets in its text as the audit reads it, end exclusive.

    That text is without a byte order mark, and its lines end with ``\n``. ``line`` and ``column``
    say the same from 1 on, in characters, as other programs want it. An edit is ``safe`` if no
    site that works can stop working through it.
    """

    path: str
    start: int
    end: int
    text: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    safe: bool = True


@record
class Hit:
    """What a rule found.

    ``reason`` says in one sentence why it matters *here*, ``fix`` what to write instead (code,
    where it can be). No secret stands in either of them.
    """

    place: Place
    reason: str
    fix: str
    confidence: Confidence = Confidence.HIGH
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()


@record
class Rule:
    """A rule: its code in the register, the source of its facts, and the pure function."""

    code: str
    #: ``"settings"``, ``"python"``, ``"template"``, ``"url"``, ``"live"``, ``"environment"`` or
    #: ``"dependencies"``.
    source: str
    check: Callable[[Project], Iterable[Hit]]


@record
class Finding:
    """A hit with its rule's code, and a fingerprint that survives moved lines."""

    code: str
    title: str
    severity: Severity
    confidence: Confidence
    cwe: int
    source: str
    hit: Hit
    fingerprint: str
    #: Why it was accepted, "" if it was not.
    accepted: str = ""


@record
class Report:
    """What came of an audit."""

    findings: Sequence[Finding]
    skipped: Sequence[Skipped]
    lines: int
    files: int
    #: Rules that could not be asked, and why.
    unasked: Mapping[str, str] = field(default_factory=dict)
    #: How many answers of sites were read.
    responses: int = 0
    #: Whether sites were to be asked, and none answered.
    unanswered: bool = False
