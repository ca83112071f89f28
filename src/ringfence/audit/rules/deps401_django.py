"""DEPS401: Django gets no fixes any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ringfence.audit.model import Hit, Project, Requirement, Rule
from ringfence.audit.rules._packages import MADE, UNTIL, admitted, branch_of
from ringfence.finding import Confidence

#: What is newer than the table.
_NEWER = (999, 0)


def _of_pinned(requirement: Requirement, day: date) -> str:
    branch = branch_of(requirement.version)
    if branch is None or branch > max(UNTIL):
        return ""
    until = UNTIL.get(branch)
    name = f"Django {branch[0]}.{branch[1]}"
    if until is None:
        return f"{name} has got no fixes of holes for many years."
    return f"{name} got its last fixes of holes in {until:%B %Y}." if until < day else ""


def _of_range(requirement: Requirement, day: date) -> str:
    """Say so if no version that is admitted gets fixes."""
    answers = {each: admitted(requirement.specifier, each) for each in (*UNTIL, _NEWER)}
    known = [each for each, answer in answers.items() if answer]
    if None in answers.values() or not known:
        return ""
    if any(each == _NEWER or UNTIL[each] >= day for each in known):
        return ""
    newest = max(known)
    return (
        f"No newer Django than {newest[0]}.{newest[1]} is admitted, which got its last fixes of "
        f"holes in {UNTIL[newest]:%B %Y}."
    )


def _check(project: Project) -> Iterator[Hit]:
    day = max(project.day or MADE, MADE)
    wanted = [each for each in project.requirements if each.name == "django"]
    deployed = [each for each in wanted if not each.development]
    pinned = [each for each in deployed if each.version]
    for each in pinned or deployed:
        why = _of_pinned(each, day) if each.version else _of_range(each, day)
        if why:
            yield Hit(
                each.place,
                f"{why} What has been found in it since then is published, and open.",
                "Move to a version that https://www.djangoproject.com/download/ has as supported.",
                Confidence.HIGH if each.version else Confidence.MEDIUM,
            )


RULE = Rule("DEPS401", "dependencies", _check)
