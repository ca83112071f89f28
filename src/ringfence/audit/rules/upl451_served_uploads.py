"""UPL451: ``django.views.static.serve`` is routed on the deployed site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._urls import address, deployed_routes
from ringfence.finding import Confidence

_SERVE = frozenset({"django.views.static.serve", "django.contrib.staticfiles.views.serve"})
_UPLOADS = re.compile(r"(?i)media|upload|attach|files?\b|document|image|photo|avatar")


def check(project: Project) -> Iterator[Hit]:
    """Find it outside of ``if settings.DEBUG``."""
    for route in deployed_routes(project):
        if route.view not in _SERVE:
            continue
        uploads = _UPLOADS.search(f"{route.pattern} {route.place.text}") is not None
        sure = uploads and not route.conditional and route.login != "required"
        yield Hit(
            route.place,
            f"A page that somebody uploaded is shown at {address(route)} as one of the site's own, "
            "and runs scripts with its visitors' sessions; Django's docs keep serve() for "
            "development."
            if uploads
            else f"The folder behind {address(route)} is served by a view that is meant for "
            "development.",
            "Serve uploads by the web server from a domain of their own, with "
            "Content-Disposition: attachment and nosniff; put this under if settings.DEBUG:.",
            Confidence.MEDIUM if sure else Confidence.LOW,
        )


RULE = Rule("UPL451", "url", check)
