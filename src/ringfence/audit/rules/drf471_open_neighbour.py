"""API views that are open to everybody while their neighbours ask who it is."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import files, head, is_open, may_write
from ringfence.finding import Confidence

_PUBLIC = ("login", "signup", "register", "registration", "reset", "token", "health", "webhook")


def check(project: Project) -> Iterator[Hit]:
    """Find views that let anybody in, beside views in the same module that do not."""
    for facts in files(project):
        views = [(each, each.attributes.get("permission_classes")) for each in facts.classes]
        asked = any(value is not None and not is_open(value) for _, value in views)
        for each, value in views:
            if value is None or not is_open(value) or not asked:
                continue
            if any(word in each.name.lower() for word in _PUBLIC):
                continue
            yield Hit(
                head(each.place),
                "Anybody may use this view, while others in the module ask for a permission.",
                "permission_classes = [IsAuthenticated], or a word in the docstring why not.",
                Confidence.MEDIUM if may_write(each) else Confidence.LOW,
            )


RULE = Rule("DRF471", "python", check)
