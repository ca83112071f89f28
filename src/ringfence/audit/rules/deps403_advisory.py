"""DEPS403: A package has a published advisory."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.finding import Confidence, Severity


def _check(project: Project) -> Iterator[Hit]:
    for each in project.advisories:
        wanted = each.requirement
        fix = (
            f"{wanted.name}=={each.fixed[-1]}" if each.fixed else "No version mends it: replace it."
        )
        yield Hit(
            wanted.place,
            f"{wanted.name} {wanted.version} has a hole that is published: {', '.join(each.ids)}.",
            fix,
            Confidence.HIGH,
            Severity.INFO if wanted.development else None,
        )


RULE = Rule("DEPS403", "dependencies", _check)
