"""CSRF493: CSRF_FAILURE_VIEW is no such view."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._settings import HIGH, hit, versions


def _problem(project: Project, dotted: str) -> str:
    module, _, name = dotted.rpartition(".")
    end = module.replace(".", "/") + ".py"
    for path, facts in project.python.items():
        # Modules that say nothing of interest have no functions here, and tell nothing.
        if (facts.module != module and not path.endswith(f"/{end}")) or not facts.functions:
            continue
        for function in facts.functions:
            if function.name == name:
                takes = function.parameters
                fits = "reason" in takes or len(takes) > 1 or any("*" in each for each in takes)
                return "" if fits else "it does not take the argument reason"
        names = {*facts.imports, *(each.name for each in facts.classes)}
        names.update(each.target for each in facts.assignments)
        return "" if name in names or facts.star_imports else "there is no such function"
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
