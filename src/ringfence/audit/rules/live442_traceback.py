"""LIVE442: An error page shows the source."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import HIGH, MEDIUM, hit, live
from ringfence.finding import Severity


def _check(site: Live) -> Iterator[Hit]:
    for response in site.responses:
        if response.status < 500 or "<code>DEBUG = True</code>" in response.body:
            continue
        debugger = "Werkzeug" in response.body and "EVALEX" in response.body
        if debugger or "Traceback (most recent call last)" in response.body:
            yield hit(
                response,
                "",
                "It runs a debugger, in which anybody may run code."
                if debugger
                else "The traceback tells file names, versions and lines of the source.",
                "DEBUG = False, and no debugger in front of the site",
                HIGH if debugger else MEDIUM,
                Severity.DEPLOY_ERROR if debugger else None,
            )
            return


RULE = live("LIVE442", _check)
