"""SET436: part of the settings could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, ask, deployed, hit, unset


def _check(site: Settings) -> Iterator[Hit]:
    fact = replace(ask(site, "INSTALLED_APPS"), place=unset(site), confidence=LOW)
    for name in site.unread:
        yield hit(
            fact,
            f"What {name.lstrip('.')[:80]} sets is not known here: it may make more or less of "
            "what was found.",
            "Run `python manage.py check --deploy` on the server, where all of it is there.",
        )


RULE = Rule("SET436", "settings", deployed(_check))
