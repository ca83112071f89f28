"""LIVE436: A cache may give one origin's leave to another."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._cors_live import grants
from ringfence.audit.rules._live import MEDIUM, hit, live


def _check(site: Live) -> Iterator[Hit]:
    for given in grants(site):
        for grant in given.all:
            names = {name.strip().lower() for name in grant.response.get("vary").split(",")}
            if grant.echoed and given.differs and not names & {"origin", "*"}:
                yield hit(
                    grant.response,
                    "Vary",
                    "The answer depends on the Origin, and caches are not told so.",
                    'patch_vary_headers(response, ["Origin"])',
                    MEDIUM,
                )
                break


RULE = live("LIVE436", _check)
