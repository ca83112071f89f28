"""Asks every rule about a project; what they find gets a fingerprint that stays.

A fingerprint is made of the code, the path, the scope, the offending text and which one of several
such it is. Neither the line nor the confidence is in it, so that a finding is still the same one
after lines above it came or went, and after a rule has learnt to be surer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256

from ringfence.audit import rules as registry
from ringfence.audit.model import Finding, Hit, Project, Report, Rule
from ringfence.finding import REGISTER, Code, Severity

__all__ = ["UnknownCodeError", "fingerprint", "registered", "run_rules"]


class UnknownCodeError(LookupError):
    """A rule has a code that is in no register."""


def run_rules(
    project: Project, *, rules: Sequence[Rule] | None = None, off: Collection[str] = ()
) -> Report:
    """Ask ``rules`` (all of them, if none are given) but those whose code is in ``off``.

    A rule that raises is named in the report's ``unasked``; what it had found by then, and what
    the others find, is kept.
    """
    hits: list[tuple[Rule, Hit]] = []
    unasked: dict[str, str] = {}
    if rules is None:
        nothing = {
            *(() if project.live else ("live",)),
            *(() if project.settings else ("settings",)),
        }
        rules = registry.all_rules(nothing)
        unasked.update(registry.broken(nothing))
    for rule in rules:
        if rule.code in off:
            continue
        try:
            registered(rule.code)
            hits.extend((rule, hit) for hit in rule.check(project))
        except Exception as error:  # noqa: BLE001 - one broken rule must not silence the others
            unasked[rule.code] = f"{type(error).__name__}: {error}"
    return Report(
        findings=_findings(hits),
        skipped=sorted(project.skipped, key=lambda each: (each.path, each.reason)),
        lines=sum(
            each.lines
            for kind in (project.python, project.templates, project.scripts)
            for each in kind.values()
        ),
        files=len(project.python) + len(project.templates) + len(project.scripts),
        unasked=unasked,
    )


def registered(code: str) -> Code:
    """Return the entry of ``code``, of the audit's register or of the site's own checks.

    :raises UnknownCodeError: if there is none.
    """
    entry = registry.all_codes().get(code) or REGISTER.get(code)
    if entry is None:
        raise UnknownCodeError(f"{code} is not registered")
    return entry


def fingerprint(code: str, hit: Hit, ordinal: int) -> str:
    """Return what names the finding in baselines and on other people's servers: 32 hex digits.

    ``ordinal`` tells apart those of one code whose path, scope and text are the same.
    """
    place = hit.place
    parts = (code, place.path, place.scope, " ".join(place.text.split()), str(ordinal))
    # A path may hold bytes that are no UTF-8, as lone surrogates.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _findings(hits: Iterable[tuple[Rule, Hit]]) -> list[Finding]:
    found: list[Finding] = []
    seen: Counter[str] = Counter()
    known: set[tuple[str, str, int, str, str]] = set()
    for rule, hit in sorted(hits, key=_order):
        place = hit.place
        same = (rule.code, place.path, place.line, place.text, hit.reason)
        if same in known:  # reached in two ways, and still one place to mend
            continue
        known.add(same)
        entry = registered(rule.code)
        first = fingerprint(rule.code, hit, 0)
        found.append(
            Finding(
                code=rule.code,
                title=entry.title,
                severity=Severity(entry.severity if hit.severity is None else hit.severity),
                confidence=hit.confidence,
                cwe=entry.cwe,
                source=rule.source,
                hit=hit,
                fingerprint=fingerprint(rule.code, hit, seen[first]) if seen[first] else first,
            )
        )
        seen[first] += 1
    return found


def _order(item: tuple[Rule, Hit]) -> tuple[str, int, str, str]:
    rule, hit = item
    return hit.place.path, hit.place.line, rule.code, hit.reason
