"""LIVE459: The file with the secrets is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import files, hit, live

_LINE: Final = re.compile(r"(?:export )?[A-Z][A-Z0-9_]{1,60} ?=")


def _check(site: Live) -> Iterator[Hit]:
    for response in files(site, "/.env"):
        lines = [line.strip() for line in response.body.splitlines()[:200]]
        given = [line for line in lines if line and not line.startswith("#")]
        if given and all(map(_LINE.match, given)):
            yield hit(
                response,
                "",
                "Everybody can read the passwords and keys that the site runs with.",
                "Serve no file of the project's; then change everything that stands in it",
            )


RULE = live("LIVE459", _check)
