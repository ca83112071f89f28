"""DRF451: an API that changes things asks nobody who they are."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Route, Rule
from ringfence.audit.rules import drf471_open_neighbour, drf472_nobody
from ringfence.audit.rules._python import head
from ringfence.audit.rules._urls import UNSAFE, address, deployed_routes, is_public
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find routed views of REST framework and of ninja that write and are open."""
    said = {
        (hit.place.path, hit.place.line)
        for rule in (drf471_open_neighbour, drf472_nobody)
        for hit in rule.check(project)
        if hit.confidence > Confidence.LOW
    }
    routes = [each for each in deployed_routes(project) if each.kind == "api"]
    closed = {
        route.defined.path
        for route in routes
        if route.login == "required" and route.defined is not None
    }
    for route in routes:
        unsafe = sorted(route.methods & UNSAFE)
        if route.login != "open" or route.defined is None or not unsafe:
            continue
        where = (route.defined.path, route.defined.line)
        if "writes" not in route.does or where in said:
            continue
        said.add(where)
        yield Hit(
            head(route.defined),
            f"Anybody may send {', '.join(unsafe)} to {address(route)}, which writes.",
            'permission_classes = [IsAuthenticated], or "DEFAULT_PERMISSION_CLASSES" in '
            "REST_FRAMEWORK; with ninja auth=... on the API.",
            _sure(route, beside_closed=route.defined.path in closed),
        )


def _sure(route: Route, *, beside_closed: bool) -> Confidence:
    if is_public(route) or "proof" in route.does:
        return Confidence.LOW
    # Strangers may be meant to add things; hardly ever to change or take away what is there.
    changes = route.methods & {"PUT", "PATCH", "DELETE"}
    return Confidence.MEDIUM if changes or beside_closed else Confidence.LOW


RULE = Rule("DRF451", "url", check)
