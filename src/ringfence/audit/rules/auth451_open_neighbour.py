"""AUTH451: a view asks for no login, and nearly all of its neighbours do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringfence.audit.model import Hit, Project, Route, Rule
from ringfence.audit.rules._python import head
from ringfence.audit.rules._urls import address, deployed_routes, is_public
from ringfence.finding import Confidence

_FEWEST = 3
_PART = 0.75


def check(project: Project) -> Iterator[Hit]:
    """Find them: neighbours stand in the same URL file and in the same module."""
    views = [
        route
        for route in deployed_routes(project)
        if route.kind in {"function", "class"} and route.defined is not None
    ]
    by_file: dict[str, dict[str, Route]] = {}
    by_module: dict[str, dict[str, Route]] = {}
    for route in views:
        assert route.defined is not None
        by_file.setdefault(route.place.path, {})[route.view] = route
        by_module.setdefault(route.defined.path, {})[route.view] = route
    said = set()
    for route in views:
        if route.login != "open" or route.view in said or is_public(route):
            continue
        if not route.does & {"writes", "queries"} or "proof" in route.does:
            continue
        assert route.defined is not None
        closed, among = max(
            _asking(by_file[route.place.path].values()),
            _asking(by_module[route.defined.path].values()),
        )
        if closed < _FEWEST or closed < _PART * (among - 1):
            continue
        said.add(route.view)
        writes = "writes" in route.does
        yield Hit(
            head(route.defined),
            f"{address(route)} asks nobody who they are and "
            f"{'writes' if writes else 'reads'} the database, while {closed} of the {among - 1} "
            "views beside it want a login.",
            "@login_required, or LoginRequiredMixin before the view's other bases.",
            Confidence.MEDIUM if writes or closed == among - 1 else Confidence.LOW,
        )


def _asking(routes: Iterable[Route]) -> tuple[int, int]:
    """Return how many views want a login, and how many there are."""
    logins = [route.login for route in routes]
    return logins.count("required"), len(logins)


RULE = Rule("AUTH451", "url", check)
