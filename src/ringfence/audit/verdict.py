"""A report and what was decided about it beforehand -> what is shown, and the exit status."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from ringfence.audit.answers import Seen
from ringfence.audit.collect.gitignore import Ignore
from ringfence.audit.config import Acceptance, Config
from ringfence.audit.model import Finding, Hit, Place, Report
from ringfence.audit.profiles import PROFILES
from ringfence.audit.report import fingerprint, registered
from ringfence.finding import Confidence, Severity
from ringfence.records import record

__all__ = ["NAMES", "Verdict", "judge"]

#: What people call the severities.
NAMES = {
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.DEPLOY_ERROR: "error",
    Severity.ERROR: "critical",
}
_LEVELS = {name: severity for severity, name in NAMES.items()}


@record
class Verdict:
    """What is shown of a report. ``findings`` come in the order in which to look at them."""

    root: Path
    findings: Sequence[Finding]
    accepted: Sequence[Finding]
    report: Report
    #: How many findings are less sure than what is shown, or stand in the baseline.
    unsure: int = 0
    in_baseline: int = 0
    fail_on: str = "warning"
    seconds: float = 0.0
    from_cache: bool = False
    notes: Sequence[str] = field(default=())
    #: What it depends on in the tree, and since when: as the audit has them.
    depends: Mapping[str, Seen] = field(default_factory=dict)
    began: int = 0

    @property
    def failing(self) -> int:
        """How many findings make the run fail."""
        level = _LEVELS.get(self.fail_on)
        if level is None:
            return 0
        return sum(finding.severity >= level for finding in self.findings)

    @property
    def incomplete(self) -> str:
        """Why the audit could not do its job, "" if it could."""
        if self.report.unasked:
            return f"these rules failed: {', '.join(self.report.unasked)}"
        if self.report.unanswered:
            return "no page of a site could be read"
        if not self.report.files and not self.report.responses:
            return "no Python file and no template could be read"
        return ""

    @property
    def status(self) -> int:
        """The exit status: 0 clean, 1 findings, 2 could not do its job."""
        return 2 if self.incomplete else 1 if self.failing else 0


def judge(
    root: Path,
    report: Report,
    config: Config,
    *,
    baseline: Collection[str] = (),
    today: datetime.date,
) -> Verdict:
    """Return what is shown of ``report``.

    ``baseline`` holds the fingerprints of findings that were there before.
    """
    off = _Off(config)
    shown: list[Finding] = []
    accepted: list[Finding] = []
    unsure = in_baseline = 0
    found = [each for each in report.findings if not off(each.code, each.hit.place.path)]
    entries = _Entries(config, today)
    found = [entries.apply(finding) for finding in found]
    found += [each for each in entries.own_findings(report) if not off(each.code, "")]
    for finding in found:
        if finding.accepted:
            accepted.append(finding)
        elif finding.fingerprint in baseline:
            in_baseline += 1
        elif finding.confidence < config.min_confidence:
            unsure += 1
        else:
            shown.append(finding)
    unasked = {name: why for name, why in report.unasked.items() if not off(name, "")}
    return Verdict(
        root=root,
        findings=sorted(shown, key=_first_things_first),
        accepted=accepted,
        report=replace(report, unasked=unasked),
        unsure=unsure,
        in_baseline=in_baseline,
        fail_on=config.fail_on,
    )


def _first_things_first(finding: Finding) -> tuple[int, int, str, str, int]:
    place = finding.hit.place
    return (-finding.severity, -finding.confidence, finding.code, place.path, place.line)


class _Off:
    """Whether a rule is off for a path. What is said of a code beats what is said of its family."""

    def __init__(self, config: Config) -> None:
        self._off = frozenset(config.off)
        self._on = frozenset(config.on)
        self._profile = PROFILES.get(config.profile, frozenset())
        self._per_path = [
            (Ignore("\n".join(each.paths)), frozenset(each.off), frozenset(each.on))
            for each in config.per_path
        ]

    def __call__(self, code: str, path: str) -> bool:
        is_off = _says(code, self._profile, frozenset(), default=False)
        is_off = _says(code, self._off, self._on, default=is_off)
        for paths, off, on in self._per_path:
            if path and _matches(paths, path):
                is_off = _says(code, off, on, default=is_off)
        return is_off


def _says(code: str, off: frozenset[str], on: frozenset[str], *, default: bool) -> bool:
    for name in (code, code.rstrip("0123456789")):
        if name in on:
            return False
        if name in off:
            return True
    return default


def _matches(patterns: Ignore, path: str) -> bool:
    """Whether the patterns name the path, or a folder that it is in."""
    parts = path.split("/")
    return any(
        patterns.decide(parts[:length], is_directory=length < len(parts))
        for length in range(1, len(parts) + 1)
    )


class _Entries:
    """The accepted findings of the configuration, and which of them were met."""

    def __init__(self, config: Config, today: datetime.date) -> None:
        self._file = Path(config.file).name
        self._live = [
            (each, Ignore(each.path) if each.path else None)
            for each in config.accept
            if each.expires is None or each.expires >= today
        ]
        self._expired = [
            each for each in config.accept if each.expires is not None and each.expires < today
        ]
        self._met: set[int] = set()

    def apply(self, finding: Finding) -> Finding:
        for number, (entry, paths) in enumerate(self._live):
            if _is_about(entry, paths, finding):
                self._met.add(number)
                return finding if finding.accepted else replace(finding, accepted=entry.reason)
        return finding

    def own_findings(self, report: Report) -> Iterator[Finding]:
        for entry in self._expired:
            yield self._finding(
                "AUDIT403",
                entry,
                f"this was accepted until {entry.expires}, and that day is past.",
                "Mend it and remove the entry, or judge it again and write a new day.",
            )
        for number, (entry, _) in enumerate(self._live):
            if number not in self._met and _was_looked_for(entry, report):
                yield self._finding(
                    "AUDIT404", entry, "nothing is found that this accepts.", "Remove the entry."
                )

    def _finding(self, code: str, entry: Acceptance, reason: str, fix: str) -> Finding:
        text = f"accept {entry.code or entry.fingerprint} {entry.path}".strip()
        hit = Hit(Place(self._file, entry.line, text=text), reason, fix)
        known = registered(code)
        return Finding(
            code=code,
            title=known.title,
            severity=known.severity,
            confidence=Confidence.HIGH,
            cwe=known.cwe,
            source="audit",
            hit=hit,
            fingerprint=fingerprint(code, hit, 0),
        )


def _was_looked_for(entry: Acceptance, report: Report) -> bool:
    """Whether what the entry accepts would have been found: a site is not asked on every run."""
    of_site = entry.code.startswith("LIVE") or "://" in entry.path
    by_name = not entry.code and not entry.path
    return bool((report.responses or not (of_site or by_name)) and (report.files or of_site))


def _is_about(entry: Acceptance, paths: Ignore | None, finding: Finding) -> bool:
    place = finding.hit.place
    if entry.fingerprint and entry.fingerprint != finding.fingerprint:
        return False
    if entry.code and entry.code != finding.code:
        return False
    if entry.scope and entry.scope != place.scope:
        return False
    return paths is None or _matches(paths, place.path)
