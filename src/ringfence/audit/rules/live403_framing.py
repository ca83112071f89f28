"""LIVE403: Any site may frame this one."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import lacking, live, pages
from ringfence.rings.csp.browser.receive import receive


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in pages(site) if not _is_kept_from_frames(each)],
        "X-Frame-Options",
        "A page of anybody's can show it in a frame and have the visitor click on it unknowingly.",
        'X_FRAME_OPTIONS = "DENY"  # with XFrameOptionsMiddleware in MIDDLEWARE',
    )


def _is_kept_from_frames(response: Response) -> bool:
    if response.get("x-frame-options").strip().upper() in ("DENY", "SAMEORIGIN"):
        return True
    policies = receive(response.all("content-security-policy"))
    return any(policy.get("frame-ancestors") is not None for policy in policies)


RULE = live("LIVE403", _check)
