"""INFO452: URLs of tools for developers outside of ``if settings.DEBUG``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._urls import address, deployed_routes
from ringfence.finding import Confidence

#: Packages whose pages show what requests brought or what the code is. The toolbar's own views
#: answer only to whom it is shown.
_TOOLS: Final = {
    "silk": Confidence.MEDIUM,
    "django_pdb": Confidence.MEDIUM,
    "debug_toolbar": Confidence.LOW,
    "django_browser_reload": Confidence.LOW,
    "pattern_library": Confidence.LOW,
}
_DJANGO: Final = frozenset({"django.views.debug.default_urlconf", "django.views.debug"})


def check(project: Project) -> Iterator[Hit]:
    """Find them in the URL files of a site."""
    asks = any(site.get("SILKY_AUTHENTICATION") is True for site in project.deployed())
    for route in deployed_routes(project):
        if route.kind == "static":
            continue  # debug_toolbar_urls() gives none unless DEBUG is on
        tool = route.view.partition(".")[0]
        sure = _TOOLS.get(tool)
        if route.view in _DJANGO:
            sure, tool = Confidence.MEDIUM, "Django's debug page"
        if sure is None or route.login == "required" or (tool == "silk" and asks):
            continue
        if route.place.path.startswith(f"{tool}/"):
            continue  # the tool itself
        yield Hit(
            route.place,
            f"{tool} at {address(route)} shows visitors what is meant for developers.",
            "Put it under if settings.DEBUG:, as its documentation does.",
            Confidence.LOW if route.conditional else sure,
        )


RULE = Rule("INFO452", "url", check)
