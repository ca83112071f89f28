"""LIVE461: The admin is where everybody looks for it."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import LOW, MEDIUM, hit, is_local, live


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("admin"):
        marks = ('name="csrfmiddlewaretoken"', 'name="username"', 'name="password"')
        is_form = response.status == 200 and all(mark in response.body for mark in marks)
        if is_form and not site.sandbox:
            yield hit(
                response,
                "",
                "Those who try passwords try them here first.",
                "Limit it to your network or a second factor; another path alone stops only the "
                "clumsy",
                LOW if is_local(site) else MEDIUM,
            )
            return


RULE = live("LIVE461", _check)
