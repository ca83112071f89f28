"""CSRF492: A middleware switches CSRF protection off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, middleware, texts

_WORDS = re.compile(
    r"disable|exempt|skip|bypass|ignore|remove|without|dont|off(?![a-z])|no(?=csrf)|unprotect"
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    for entry in texts(fact.value):
        name = entry.rpartition(".")[2].lower()
        if "csrf" in name and _WORDS.search(name):
            yield hit(
                fact,
                f"{entry.rpartition('.')[2]} takes the check away from requests, and nothing says "
                "here which.",
                "Remove it, and exempt single views that have another proof of where a request "
                "comes from.",
                confidence=HIGH,
                at=entry,
            )


RULE = Rule("CSRF492", "settings", deployed(_check))
