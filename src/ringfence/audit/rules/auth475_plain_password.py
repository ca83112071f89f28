"""Passwords looked up or stored as they were typed."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, ending
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find accounts looked up by their password, and made with it as it came."""
    for call in ending(project, "filter", "get", "create", "exclude", "get_object_or_404"):
        value = call.kwargs.get("password")
        by_model = ".objects." in call.target or call.target.endswith("get_object_or_404")
        if value is not None and by_model and value.sources & OUTSIDE:
            stored = call.target.endswith("create")
            yield Hit(
                call.place,
                "The password is stored as it was typed, for everybody who reads the table."
                if stored
                else "An account is looked up by its password, so the table holds passwords, or "
                "hashes without a salt.",
                "User.objects.create_user(name, email, password), and authenticate() to check it.",
                Confidence.HIGH if "hash" not in value.name else Confidence.MEDIUM,
            )


RULE = Rule("AUTH475", "python", check)
