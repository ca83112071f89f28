"""A form on the attacker's page posts itself to the site, with the victim's session.

Oracle: what the form changes has changed in the site's database. A status code proves nothing: a
site may change something and answer 403, or answer 200 and refuse.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.discover.filling import filled, marked_fields
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    one_by_one,
    path_of,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import FormLike, Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    posts = [found for found in survey.forms if found.form.method == "post"]
    targets = [
        Target(
            path_of(found.form.action),
            f"POST {path_of(found.form.action)}",
            visitor=found.visitor,
            form=found.form,
            place=found.place,
        )
        for found in posts
        if found.changes and found.visitor != "anonymous"
    ]
    if not targets:
        tried = ", ".join(sorted({path_of(found.form.action) for found in posts})) or "none found"
        return f"no POST form whose use changes the database was found (tried: {tried})"
    return tuple(targets)


def _strike(stage: Stage, target: Target) -> Result:
    form, marker = _form(target), new_marker()
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in filled(form, marker)
    )
    marked = bool(marked_fields(form, marker))
    before = "" if marked else stage.digest()
    mark = stage.mark()
    page = f"""<!doctype html><title>You have won</title>
        <form method="post" action="{escape(form.action)}" enctype="{escape(form.enctype)}">{inputs}
        </form>"""
    stage.send(stage.serve(page))
    exchange = stage.request_since(mark, "POST", target.path)
    where = stage.stored(marker) if marked else None
    if where is not None:
        return Result(Outcome.SUCCEEDED, "changed", f"{where} holds what the attacker's page sent")
    if not marked and stage.digest() != before:
        return Result(Outcome.SUCCEEDED, "changed", "the database changed")
    return stopped_by_answer(exchange, "nothing changed")


def _use(stage: Stage, target: Target) -> str | None:
    form, marker = _form(target), new_marker()
    values = marked_fields(form, marker)
    stage.become(target.visitor)
    before = "" if values else stage.digest()
    visit = stage.submit(form, values)
    changed = stage.stored(marker) is not None if values else stage.digest() != before
    if changed:
        return None
    return f"the site's own form changes nothing either ({visit.error or visit.status})"


def _form(target: Target) -> FormLike:
    if target.form is None:
        raise ValueError(f"{target.label} names no form.")
    return target.form


ATTACK = Attack(
    name="forgery",
    title="cross-site POST with the victim's session",
    cwe="CWE-352",
    stopped_by=("csrf", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=_use,
    fix="switch on the csrf ring; let no view be exempt that changes something for a session",
    changes=True,
)
