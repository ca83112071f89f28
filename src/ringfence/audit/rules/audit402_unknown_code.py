"""AUDIT402: a comment accepts a code that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit import rules
from ringfence.audit.accept import unknown
from ringfence.audit.model import Hit, Project, Rule


def _check(project: Project) -> Iterator[Hit]:
    yield from unknown(project, rules.all_codes())


RULE = Rule("AUDIT402", "audit", _check)
