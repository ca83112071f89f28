"""The attacker's page shows a page of the site in a frame, with the victim's session.

Oracle: the frame's own document holds the victim's words. A blocked frame fires ``load`` too, is
answered with 200 and keeps its address: only its document tells.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.stage import Stage
    from ringfence.prove.survey import Survey

__all__ = ["ATTACK", "FRAME_POLICY"]

#: ``frame-ancestors`` makes the browser ignore X-Frame-Options (CSP3, section 6.4.2): two rings
#: that speak by these headers are one defence.
FRAME_POLICY = "frame policy"


def _find(survey: Survey) -> tuple[Target, ...] | str:
    pages = [page for page in survey.with_secret() if page.html]
    if not pages:
        return "no HTML page that shows the victim's name or e-mail address was found"
    return tuple(Target(page.path, f"GET {page.path}") for page in pages)


def _strike(stage: Stage, target: Target) -> Result:
    name = new_marker()
    page = f"""<!doctype html><title>Play</title>
        <iframe src="{escape(stage.url(target.path))}" width="800" height="600"></iframe>"""
    mark = stage.mark()
    visit = stage.visit(stage.attacker_page(name, page))
    if visit.error is not None:
        return Result(Outcome.INCONCLUSIVE, "timeout", visit.error)
    if any(stage.secret in text for text in visit.frames):
        return Result(Outcome.SUCCEEDED, "framed", "the frame's document shows the victim's data")
    return stopped_by_answer(stage.request_since(mark, "GET", target.path), FRAME_POLICY)


def _use(stage: Stage, target: Target) -> str | None:
    visit = stage.visit(stage.url(target.path))
    if stage.secret in visit.text:
        return None
    return f"the victim does not see the page either ({visit.error or visit.status})"


ATTACK = Attack(
    name="framing",
    title="framing of a page with the victim's session",
    cwe="CWE-1021",
    stopped_by=("csp", "isolation", "transport"),
    find=_find,
    strike=_strike,
    use=_use,
    fix="say `frame-ancestors 'self'` (or 'none') on every page",
    overriding=frozenset({FRAME_POLICY}),
)
