"""A page whose address is a secret tells it to the sites that it leads to, in ``Referer``.

Oracle: the attacker's server is told the page's path. The links are the site's own; one is led to
the attacker's server, in the place of the site that it names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

#: Parts of an address that nobody guesses: identifiers and tokens.
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}", re.ASCII)

_FOLLOW = """([address, guarded]) => {
    const link = [...document.links].find((a) => a.origin !== location.origin);
    if (!link) return false;
    link.href = address;
    // The reference fix: what a page says of itself in its markup, no header undoes.
    if (guarded) link.rel = "noreferrer";
    link.removeAttribute("target");
    setTimeout(() => link.click());
    return true;
}"""


def _is_secret(part: str) -> bool:
    if _UUID.fullmatch(part) is not None:
        return True
    # Words with hyphens between them are a title.
    is_word = part.isalpha() or part.isdecimal() or ("-" in part and part.islower())
    return _TOKEN.fullmatch(part) is not None and not is_word


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[str, Target] = {}
    for page in survey.html_pages():
        if any(map(_is_secret, page.path.split("/"))):
            label = f"address of {page.path}"
            kinds.setdefault(
                page.pattern, Target(page.path, label, visitor=page.visitor, place=page.place)
            )
    return tuple(kinds.values()) or "no page with a secret in its address was found"


def _strike(stage: Stage, target: Target) -> Result:
    word = new_marker()
    address = f"{stage.origin_of('attacker')}/{word}"
    if not stage.run(stage.url(target.path), _FOLLOW, [address, stage.state == "reference"]):
        return Result(Outcome.STOPPED, "no link", "the page leads to no other site")
    asked = stage.waits_for(word)
    if asked is None:
        return Result(Outcome.INCONCLUSIVE, "timeout", "the link led nowhere")
    if target.path in asked["referer"]:
        return Result(Outcome.SUCCEEDED, "told", "the other site is told the whole address")
    return Result(Outcome.STOPPED, "not told", "the other site is not told the address")


ATTACK = Attack(
    name="referer",
    title="secret address that other sites are told",
    cwe="CWE-598",
    stopped_by=("transport",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix='SECURE_REFERRER_POLICY = "same-origin", and none that is weaker for the page',
    guess=True,
)
