"""Model fields chosen by the request: ``Model(**request.POST)``, ``setattr(obj, key, …)``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, Source
from ringfence.audit.rules._python import argument, ending
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find field names that come with the request."""
    for call in ending(project, "create", "update", "update_or_create"):
        spread = call.kwargs.get("**")
        if spread is not None and spread.name.startswith("request.") and ".objects" in call.target:
            yield Hit(
                call.place,
                "Every field that the request names is written, is_staff and owner among them.",
                "Name the fields: a ModelForm or a serializer with fields = [...].",
                Confidence.HIGH,
            )
    for call in ending(project, "setattr"):
        name = argument(call, 1)
        chosen = Source.REQUEST in name.sources and not name.safe_for
        if chosen and call.target == "setattr":
            yield Hit(
                call.place,
                "The request chooses which attribute is set, is_staff and owner among them.",
                "Go through a list of the names that may be set.",
                Confidence.HIGH,
            )


RULE = Rule("AUTH474", "python", check)
