"""DEPS402: A package has a hole that nobody will mend."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._packages import UNFIXED
from ringfence.finding import Confidence


def _check(project: Project) -> Iterator[Hit]:
    for each in project.requirements:
        known = UNFIXED.get(each.name)
        if known is not None and not each.development:
            yield Hit(
                each.place,
                f"{each.name}: {known.why} ({', '.join(known.advisories)}).",
                f"Use {known.instead}.",
                Confidence.HIGH,
            )


RULE = Rule("DEPS402", "dependencies", _check)
