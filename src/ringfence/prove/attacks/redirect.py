"""A link to the site leads to the attacker's: an open redirect lends the site's good name.

Oracle: the browser that follows it arrives at the attacker's server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Result, Target, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

#: Ways to write another host's address, ``{}`` is host and path: what a check of beginnings passes.
_WAYS = ("https://{}", "//{}", "/\\{}", "https:{}", "https:///{}", "\t//{}")


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = [
        Target(
            each.target,
            f"{each.name} of {urlsplit(each.target).path}",
            visitor=each.visitor,
            parameter=each.name,
            place=each.place,
        )
        for each in survey.parameters
        if each.where in ("query", "path")
    ]
    return tuple(targets) or "no parameter was found"


def _strike_all(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
    """Strike with the browser where a plain request was sent away."""
    return [_one(stage, target) for target in targets]


def _one(stage: Stage, target: Target) -> Result:
    nowhere = stage.new_address()
    host = urlsplit(nowhere)
    for way in _WAYS:
        value = way.format(f"{host.netloc}{host.path}")
        path = target.path.replace("{}", quote(value, safe=""))
        answer = stage.ask("GET", path, visitor=target.visitor)
        if not 300 <= answer.status < 400:
            continue
        # As a browser reads it (WHATWG URL): a backslash is a slash, tabs are nothing.
        said = answer.headers.get("location", "").translate({9: None, 10: None, 13: None, 92: "/"})
        if urlsplit(urljoin(stage.url("/"), said.replace("///", "//"))).netloc != host.netloc:
            continue
        stage.become(target.visitor)
        stage.visit(stage.url(path))
        if stage.asked_for(host.path) is not None:
            return Result(Outcome.SUCCEEDED, "arrived", f"{path} leads to the attacker's site")
    return Result(Outcome.STOPPED, "not redirected", "it leads nowhere else")


def _use(stage: Stage, target: Target) -> str | None:
    return answers(stage, Target(target.path.replace("{}", quote("/")), "", target.visitor))


_strike = one_by_one(_one)

ATTACK = Attack(
    name="redirect",
    title="open redirect",
    cwe="CWE-601",
    stopped_by=(),
    find=_find,
    strike=_strike_all,
    use=_use,
    fix="redirect only where `url_has_allowed_host_and_scheme(url, {request.get_host()})` says so",
    guess=True,
)
