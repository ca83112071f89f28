"""What a site's CORS allows, as it answered the origins that were tried on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ringfence.audit.model import Live, Response
from ringfence.audit.rules._live import host_of

__all__ = ["Grant", "Grants", "grants"]

_EVIL: Final = "https://evil.example"


class Grant(NamedTuple):
    """An answer that allows the origin that asked. ``echoed``: by its name, not by ``*``."""

    response: Response
    credentials: bool
    echoed: bool


class Grants(NamedTuple):
    """All of them for one URL, and those that say something about whom it trusts.

    ``differs`` says that not every origin was answered alike.
    """

    all: tuple[Grant, ...]
    to_anybody: Grant | None
    by_star: Grant | None
    to_null: Grant | None
    to_lookalikes: tuple[Grant, ...]
    to_http: Grant | None
    differs: bool


def grants(site: Live) -> Iterator[Grants]:
    """Yield what is allowed at each URL where something is."""
    urls = dict.fromkeys(each.url for each in site.of("cors"))
    for url in urls:
        tried = [each for each in site.of("cors", "preflight") if each.url == url]
        found = tuple(grant for each in tried if (grant := _grant(each)) is not None)
        if not found:
            continue
        echoed = [each for each in found if each.echoed]
        by_origin = {each.response.sent: each for each in reversed(echoed)}
        # A real answer says more than a preflight's, where both allow it.
        own = host_of(site.origin)
        known = (_EVIL, "null", f"http://{own}")
        allowed = {each.get("access-control-allow-origin").strip() for each in tried}
        yield Grants(
            found,
            by_origin.get(_EVIL),
            next((each for each in found if not each.echoed), None),
            by_origin.get("null"),
            tuple(grant for origin, grant in sorted(by_origin.items()) if origin not in known),
            by_origin.get(f"http://{own}") if site.secure else None,
            len(allowed) > 1,
        )


def _grant(response: Response) -> Grant | None:
    # Two fields, or two values in one, are none: browsers compare the whole of it.
    allowed = response.get("access-control-allow-origin").strip()
    credentials = response.get("access-control-allow-credentials").strip() == "true"
    if allowed == response.sent:
        return Grant(response, credentials, echoed=True)
    return Grant(response, credentials, echoed=False) if allowed == "*" else None
