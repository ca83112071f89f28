"""A page over TLS sends a form over plain http, where the network reads and changes it.

Oracle: what is sent arrives at a server without TLS. The form is the site's own; it is led to the
attacker's server, in the place of the host that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

_SEND = """(address) => {
    const form = [...document.forms].find((f) => /^http:/i.test(f.getAttribute("action") ?? ""));
    if (!form) return false;
    const own = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "action");
    own.set.call(form, address);
    setTimeout(() => HTMLFormElement.prototype.submit.call(form));
    return true;
}"""


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[str, Target] = {}
    for page in survey.html_pages():
        label = f"form of {page.path}"
        kinds.setdefault(
            page.pattern, Target(page.path, label, visitor=page.visitor, place=page.place)
        )
    return tuple(kinds.values()) or "no page was found"


def _strike(stage: Stage, target: Target) -> Result:
    text = stage.ask("GET", target.path, visitor=target.visitor).text
    if "<form" not in text or "http:" not in text:
        return Result(Outcome.STOPPED, "no form", "no form goes over plain http")
    word = new_marker()
    address = f"{stage.origin_of('plain')}/{word}"
    if not stage.run(stage.url(target.path), _SEND, address):
        return Result(Outcome.STOPPED, "no form", "no form goes over plain http")
    asked = stage.waits_for(word)
    if asked is not None and asked["scheme"] == "http":
        return Result(Outcome.SUCCEEDED, "sent", "the form was sent over plain http")
    return Result(Outcome.STOPPED, "not sent", "nothing was sent over plain http")


ATTACK = Attack(
    name="mixed",
    title="form of a page over TLS that is sent over plain http",
    cwe="CWE-319",
    stopped_by=("csp",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix="write https:// in the form's action; `form-action 'self'` or upgrade-insecure-requests",
    guess=True,
)
