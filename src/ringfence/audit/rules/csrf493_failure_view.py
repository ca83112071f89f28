"""CSRF493: CSRF_FAILURE_VIEW is no such view."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._settings import HIGH, hit, versions


def _problem(project: Project, dotted: str) -> str:
    module, _, name = dotted.rpartition(".")
    for path, facts in project.python.items():
        if facts.module != module and not path.endswith(module.replace(".", "/") + ".py"):
            continue
        for function in facts.functions:
            if function.name == name:
                takes = function.parameters
                fits = "reason" in takes or len(takes) > 1 or any("*" in each for each in takes)
                return "" if fits else "it does not take the argument reason"
        known = name in facts.imports or facts.star_imports
        known = known or any(each.name == name for each in facts.classes)
        known = known or any(each.target == name for each in facts.assignments)
        return "" if known else "there is no such function in that module"
    return ""


def _check(project: Project) -> Iterator[Hit]:
    for site in project.deployed():
        for fact in versions(site, "CSRF_FAILURE_VIEW"):
            if isinstance(fact.value, str):
                problem = _problem(project, fact.value)
                if problem:
                    yield hit(
                        fact,
                        f"Every refusal becomes an error 500: {problem}.",
                        "def csrf_failure(request, reason=''): ...",
                        confidence=HIGH,
                    )


RULE = Rule("CSRF493", "settings", _check)
