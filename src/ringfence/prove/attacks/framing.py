"""The attacker's page shows a page of the site in a frame, with the victim's session.

Oracle: the frame's own document holds the victim's words. A blocked frame fires ``load`` too, is
answered with 200 and keeps its address: only its document tells.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.aims import private_pages, sees_secret
from ringfence.prove.stage import Attack, Outcome, Result, Target, one_by_one, stopped_by_answer

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK", "FRAME_POLICY"]

#: ``frame-ancestors`` makes the browser ignore X-Frame-Options (CSP3, section 6.4.2): two rings
#: that speak by these headers are one defence.
FRAME_POLICY = "frame policy"


def _find(survey: Survey) -> tuple[Target, ...] | str:
    return private_pages(survey, html=True)


def _strike(stage: Stage, target: Target) -> Result:
    page = f"""<!doctype html><title>Play</title>
        <iframe src="{escape(stage.url(target.path))}" width="800" height="600"></iframe>"""
    mark = stage.mark()
    visit = stage.visit(stage.serve(page))
    if visit.error is not None:
        return Result(Outcome.INCONCLUSIVE, "timeout", visit.error)
    if any(stage.secret(target.visitor) in text for text in visit.frames):
        return Result(
            Outcome.SUCCEEDED,
            "framed",
            "the frame's document shows the victim's data",
            picture=stage.picture(),
        )
    return stopped_by_answer(stage.request_since(mark, "GET", target.path), FRAME_POLICY)


ATTACK = Attack(
    name="framing",
    title="framing of a page with the victim's session",
    cwe="CWE-1021",
    stopped_by=("csp", "isolation", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=sees_secret,
    fix="say `frame-ancestors 'self'` (or 'none') on every page",
    overriding=frozenset({FRAME_POLICY}),
)
