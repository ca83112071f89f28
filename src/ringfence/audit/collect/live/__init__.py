"""Sites that answer -> facts: what they say to a bounded number of requests."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.audit.collect.live.survey import survey
from ringfence.audit.collect.live.wire import Target, UnreachableError, parse
from ringfence.audit.model import Live, Skipped

__all__ = ["read"]


def read(urls: Iterable[str]) -> tuple[list[Live], list[Skipped]]:
    """Ask the sites of ``urls``, those of one origin together.

    A site that gives no answer is skipped, with the reason.
    """
    sites: dict[Target, dict[str, None]] = {}
    skipped: list[Skipped] = []
    for url in urls:
        try:
            target, path = parse(url)
        except UnreachableError as error:
            skipped.append(Skipped(_without_password(url), str(error)))
        else:
            sites.setdefault(target, {}).setdefault(path)
    found: dict[str, Live] = {}
    for target, paths in sites.items():
        surveyed = survey(target, tuple(paths))
        skipped.extend(surveyed.skipped)
        if surveyed.live is not None and surveyed.live.responses:
            found.setdefault(surveyed.live.origin, surveyed.live)
    return list(found.values()), skipped


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://…@{rest.rpartition('@')[2]}" if "@" in rest else url
