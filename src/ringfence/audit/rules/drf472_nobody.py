"""API views that switch authentication off and write."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import files, head, is_open, may_write
from ringfence.finding import Confidence

_PUBLIC = ("login", "signup", "register", "registration", "reset", "token", "webhook", "callback")


def check(project: Project) -> Iterator[Hit]:
    """Find ``authentication_classes = []`` on views that write and ask for no permission."""
    for facts in files(project):
        for each in facts.classes:
            value = each.attributes.get("authentication_classes")
            if value is None or value.items or value.opaque or not may_write(each):
                continue
            permission = each.attributes.get("permission_classes")
            if permission is not None and not is_open(permission):
                continue
            proof = any(
                "proof" in function.reads
                for function in facts.functions
                if function.class_name == each.name
            )
            public = any(word in each.name.lower() for word in _PUBLIC)
            yield Hit(
                head(each.place),
                "The view writes, and nothing asks who it is that sends the request.",
                "Take authentication_classes = [] away, or check a signature before anything else.",
                Confidence.LOW if proof or public else Confidence.MEDIUM,
            )


RULE = Rule("DRF472", "python", check)
