"""A form or a script of the attacker's sends JSON and calls it text, which needs nobody's leave.

Targets are the requests with JSON that the site's own scripts have sent. Oracle: as ``forgery``'s.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.prove.forging import FIX, script_sends
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
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = [
        Target(
            each.target,
            f"POST {path_of(each.target)}",
            visitor=each.visitor,
            place=each.place,
            data={"body": each.body, "kind": each.kind, "page": each.page},
        )
        for each in survey.requests
        if each.method == "POST" and _is_object(each.body) and each.visitor != "anonymous"
    ]
    return tuple(targets) or "no script of the site's was seen to post JSON"


def _is_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _marked(body: str, marker: str) -> str:
    """Return the body with the marker in each of its texts."""
    fields: dict[str, Any] = json.loads(body)
    return json.dumps({k: marker if isinstance(v, str) else v for k, v in fields.items()})


def _strike(stage: Stage, target: Target) -> Result:
    marker = new_marker()
    body = _marked(target.data["body"], marker)
    before = stage.digest()
    mark = stage.mark()
    script_sends(stage, stage.url(target.path), body, "text/plain")
    exchange = stage.request_since(mark, "POST", path_of(target.path))
    where = stage.stored(marker)
    if where is not None:
        return Result(Outcome.SUCCEEDED, "changed", f"{where} holds what the attacker's page sent")
    if marker not in body and stage.digest() != before:
        return Result(Outcome.SUCCEEDED, "changed", "the database changed")
    return stopped_by_answer(exchange, "nothing changed")


def _use(stage: Stage, target: Target) -> str | None:
    marker = new_marker()
    body = _marked(target.data["body"], marker)
    before = stage.digest()
    token = _token(stage, target)
    answer = stage.ask(
        "POST",
        target.path,
        visitor=target.visitor,
        headers={
            "Content-Type": target.data["kind"],
            "Origin": stage.origin_of("victim"),
            "Referer": stage.url("/"),
            **({"X-CSRFToken": token} if token else {}),
        },
        body=body.encode(),
    )
    if stage.stored(marker) is not None or stage.digest() != before:
        return None
    return f"the site's own script changes nothing either ({answer.error or answer.status})"


def _token(stage: Stage, target: Target) -> str:
    """Return the token that the site's own script finds in its cookie, if there is one."""
    stage.ask("GET", target.data["page"], visitor=target.visitor)
    cookies = stage.cookies(target.visitor)
    return next((value for name, value in cookies.items() if name.endswith("csrftoken")), "")


ATTACK = Attack(
    name="forgery_json",
    title="cross-site POST of JSON that is called text",
    cwe="CWE-352",
    stopped_by=("csrf", "isolation", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=_use,
    fix=FIX,
    changes=True,
    guess=True,
)
