"""Sites that answer -> a report, and one report of it and of what a tree holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringfence.audit import rules as registry
from ringfence.audit.collect.live import read
from ringfence.audit.model import Live, Project, Report, Skipped
from ringfence.audit.report import run_rules

__all__ = ["NOTHING", "ask_own", "ask_sites", "merged"]

#: The report where no tree was read.
NOTHING = Report(findings=(), skipped=(), lines=0, files=0)


def ask_sites(urls: Sequence[str]) -> Report:
    """Return what is found in the answers of the sites at ``urls``."""
    return _report(*read(urls))


def ask_own() -> Report:
    """Return what is found in the answers of this project's own site, booted for it.

    :raises ModuleNotFoundError: without the packages that the sandbox needs.
    """
    from ringfence.audit.collect.live.own import read_own  # noqa: PLC0415 - an extra

    surveyed = read_own()
    return _report([surveyed.live] if surveyed.live else [], surveyed.skipped)


def merged(first: Report, second: Report) -> Report:
    """Return one report of both."""
    return replace(
        first,
        findings=[*first.findings, *second.findings],
        skipped=sorted(
            {*first.skipped, *second.skipped}, key=lambda each: (each.path, each.reason)
        ),
        unasked={**first.unasked, **second.unasked},
        responses=first.responses + second.responses,
        unanswered=first.unanswered or second.unanswered,
    )


def _report(sites: list[Live], skipped: list[Skipped]) -> Report:
    rules = [rule for rule in registry.all_rules() if rule.source == "live"]
    report = run_rules(Project(live=sites, skipped=skipped), rules=rules)
    # A site of which no page was read has not been looked at, whatever else it said.
    read_ones = [site for site in sites if any(site.of("page", "private"))]
    count = sum(len(site.responses) for site in read_ones)
    return replace(report, responses=count, unanswered=not count)
