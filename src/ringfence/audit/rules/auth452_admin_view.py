"""AUTH452: a view in ``get_urls()`` of the admin without ``admin_view()`` around it."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._urls import deployed_routes
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find views that the admin's own check is not asked for."""
    for route in deployed_routes(project):
        if route.kind != "admin" or route.login != "open" or route.defined is None:
            continue
        name = route.view.rpartition(".")[2]
        yield Hit(
            route.place,
            f"The admin checks only what admin_view() wraps: {name}() can be used by everybody.",
            f"path(..., self.admin_site.admin_view(self.{name})), as in ModelAdmin.get_urls().",
            Confidence.HIGH if "writes" in route.does else Confidence.MEDIUM,
        )


RULE = Rule("AUTH452", "url", check)
