"""LIVE441: A site in debug mode answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import HIGH, LOW, hit, is_local, live

#: Django's own words on its pages for developers.
_MARKS: Final = ("<code>DEBUG = True</code>", "because you have DEBUG = True in your")


def _check(site: Live) -> Iterator[Hit]:
    for response in site.responses:
        if response.status >= 400 and any(mark in response.body for mark in _MARKS):
            yield hit(
                response,
                "",
                "The error page for developers shows settings, source and values to everybody.",
                "DEBUG = False",
                LOW if is_local(site) else HIGH,
            )
            return


RULE = live("LIVE441", _check)
