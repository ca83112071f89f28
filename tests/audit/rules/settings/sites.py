"""Sites of nothing but settings, audited by the rules on settings alone."""

from __future__ import annotations

from pathlib import Path

from ringfence.audit.collect import settings
from ringfence.audit.collect.python import read_python
from ringfence.audit.model import Hit, Project, PythonFacts
from ringfence.audit.rules import all_rules

#: Enough to be taken for a settings module.
URLS = 'ROOT_URLCONF = "site.urls"\n'


def site(root: Path, **files: str) -> Project:
    """Write ``files`` (``prod__py`` in folder ``a``: ``a__prod``) and return their facts."""
    project = Project()
    for name, text in files.items():
        path = Path(*f"{name}.py".split("__"))
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
        facts = read_python(text, path.as_posix())
        assert isinstance(facts, PythonFacts)
        project.python[path.as_posix()] = facts
    project.settings, project.skipped = settings.read(root, project.python)
    return project


def hits(project: Project) -> list[tuple[str, Hit]]:
    """Return what the rules on settings find, with its code."""
    rules = [rule for rule in all_rules() if rule.source == "settings"]
    return [(rule.code, hit) for rule in rules for hit in rule.check(project)]


def codes(root: Path, text: str) -> set[str]:
    """Return the codes of what is found in one settings module."""
    return {code for code, _ in hits(site(root, settings=URLS + text))}
