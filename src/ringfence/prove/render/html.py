"""HTML: one page that needs nothing else, with the rings drawn.

Its policy allows the one style sheet and the one script that it has, by hash, and pictures that are
written into it; nothing can be fetched, sent or framed. Every text of the attacked site passes
:func:`_text`, which escapes. Without the script the page is the same: an arrow is a link to its
evidence, and the evidence is a ``details``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import ringfence
from ringfence.prove.plain import harmless
from ringfence.prove.render.picture import css_class, draw, key, story
from ringfence.prove.stage import Outcome
from ringfence.prove.summary import (
    Kind,
    by_severity,
    coverage_line,
    headline,
    kind_of,
    outcome_in,
    run_line,
    shown_states,
    where,
)

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial
    from ringfence.prove.summary import Row

__all__ = ["render"]

_SQUARES = {
    Outcome.STOPPED: "■",
    Outcome.SUCCEEDED: "□",
    Outcome.ENVIRONMENT: "~",
    Outcome.INCONCLUSIVE: "?",
}
#: Pictures are large: so many of one attack show what there is to see.
_PICTURES = 3
_JPEG = b"\xff\xd8\xff"


def render(proof: Proof, *, title: str) -> str:
    """Return the page."""
    return "".join(f"{line}\n" for line in _page(proof, title))


def _page(proof: Proof, title: str) -> Iterator[str]:
    style, script = _file("page.css"), _file("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    rows = by_severity(proof)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_text(policy)}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#evidence">Skip the picture</a>'
    yield '<main>\n<div class="poster">\n<header>'
    yield f'<p class="over">{_text(title)}</p>\n<h1>{_text(_claim(proof))}</h1>'
    if proof.partial:
        yield f'<p class="partial" role="note">Partial: {_text(proof.partial)}. '
        yield "What was measured until then is shown, and nothing else.</p>"
    yield f"<p>{_text(headline(proof))}</p>"
    yield f'<p class="quiet">{_text(run_line(proof))}. {_text(coverage_line(proof))}.</p>'
    yield '</header>\n<div class="wall" id="picture">'
    if rows:
        yield from draw(proof, rows)
    yield "</div>"
    if rows:
        yield from key()
    yield "</div>"
    yield from _evidence(rows)
    yield from _table(proof, rows)
    yield from _rest(proof)
    yield f"</main>\n<footer>django-ringfence {_text(ringfence.__version__)}</footer>"
    yield f"<script>{script}</script>\n</body>\n</html>"


def _claim(proof: Proof) -> str:
    kinds = [kind_of(trial.judgement) for trial in proof.trials]
    through, shallow = kinds.count(Kind.SUCCEEDED), kinds.count(Kind.SHALLOW)
    lent = kinds.count(Kind.BROWSER_ONLY) + kinds.count(Kind.NO_RING_ALONE)
    if not kinds:
        return "Nothing was attacked, so nothing is shown."
    if through:
        return f"{through} of {len(kinds)} attacks {_verb(through, 'reach')} the middle."
    if lent:
        return f"Nothing reaches the middle, but {lent} {_verb(lent, 'meet')} no ring of the site."
    if shallow:
        return (
            f"Nothing reaches the middle; {shallow} {_verb(shallow, 'is', 'are')} one mistake away."
        )
    if Kind.INCONCLUSIVE in kinds:
        return "Nothing is seen to reach the middle."
    return "Nothing reaches the middle."


def _verb(number: int, verb: str, plural: str = "") -> str:
    if plural:
        return verb if number == 1 else plural
    return (
        f"{verb}es" if number == 1 and verb.endswith("ch") else verb if number != 1 else f"{verb}s"
    )


def _evidence(rows: Sequence[Row]) -> Iterator[str]:
    yield '<section class="evidence" id="evidence" aria-labelledby="evidence-title">'
    yield '<h2 id="evidence-title">What each attack came to</h2>'
    for number, row in enumerate(rows):
        attack, depth = row.attack, row.first.judgement.depth
        shown = "?" if depth is None else str(depth)
        yield f'<details class="{css_class(row)}">\n<summary>'
        yield f'<span class="depth"><span class="hidden">depth </span>{shown}</span>'
        yield f"<span><strong>{_text(attack.name)}</strong>"
        yield f"<small>{_text(attack.cwe)}</small></span>"
        yield f"<span>{_text(row.label)}<small>{_text(story(row))}</small></span>"
        yield f'</summary>\n<div class="in" id="e{number}">'
        yield f"<p>{_text(attack.title)}.</p>"
        if kind_of(row.first.judgement) not in (None, Kind.INCONCLUSIVE):
            yield f'<p class="fix"><strong>To do.</strong> {_text(attack.fix)}</p>'
        yield from _targets(row)
        yield from _states(row.first)
        yield from _pictures(row.trials)
        yield '<p><a class="back" href="#picture">Back to the picture</a></p>'
        yield "</div>\n</details>"
    yield "</section>"


def _targets(row: Row) -> Iterator[str]:
    yield f"<h3>{'Target' if len(row.trials) == 1 else f'{len(row.trials)} targets'}</h3>"
    yield '<ul class="targets">'
    for trial in row.trials:
        target = trial.target
        place = where(target.place)
        at = f'<span class="place">{_text(place)}</span>' if place else ""
        yield (
            f"<li><code>{_text(target.label)}</code> "
            f'<span class="quiet">as {_text(target.visitor)}</span>{at}'
            f'<span class="seen">{_text(trial.judgement.reason)}</span></li>'
        )
    yield "</ul>"


def _states(trial: Trial) -> Iterator[str]:
    yield f"<h3>In each state</h3><p><code>{_text(trial.target.label)}</code></p>"
    yield "<table><thead><tr><th>state</th><th>outcome</th><th>by</th><th>seen</th></tr></thead>"
    yield "<tbody>"
    for state, result in trial.results.items():
        square = _SQUARES[result.outcome]
        yield (
            f'<tr><th scope="row">{_text(state)}</th>'
            f'<td><span aria-hidden="true">{square}</span> {result.outcome.value}</td>'
            f"<td>{_text(result.mechanism)}</td><td>{_text(result.evidence)}</td></tr>"
        )
    yield "</tbody></table>"


def _pictures(trials: Sequence[Trial]) -> Iterator[str]:
    seen = [
        (trial, trial.results["on"].picture)
        for trial in trials
        if "on" in trial.results and trial.results["on"].picture.startswith(_JPEG)
    ]
    for trial, picture in seen[:_PICTURES]:
        data = b64encode(picture).decode()
        said = f"What the {trial.target.visitor} saw: {trial.target.label}"
        yield f'<figure><img alt="{_text(said)}" src="data:image/jpeg;base64,{data}">'
        yield f"<figcaption>{_text(said)}</figcaption></figure>"


def _table(proof: Proof, rows: Sequence[Row]) -> Iterator[str]:
    states = shown_states(proof)
    yield '<section aria-labelledby="table-title"><h2 id="table-title">The same as a table</h2>'
    yield '<div class="matrix" role="region" aria-labelledby="table-title" tabindex="0"><table>'
    yield "<caption>■ stopped, □ succeeded, ~ stopped by the browser's defaults only, "
    yield "? inconclusive. off: every defence out of the way; on: the site as it is; "
    yield "a ring's column: that ring alone.</caption>"
    heads = "".join(f'<th scope="col" class="cell">{_text(state)}</th>' for state in states)
    yield f'<thead><tr><th scope="col">attack</th><th scope="col">target</th>{heads}'
    yield '<th scope="col" class="number">depth</th></tr></thead>\n<tbody>'
    for row in rows:
        depth = row.first.judgement.depth
        cells = "".join(_cell(outcome_in(row.first, state)) for state in states)
        yield (
            f'<tr><th scope="row">{_text(row.attack.name)}</th><td>{_text(row.label)}</td>{cells}'
            f'<td class="number">{"?" if depth is None else depth}</td></tr>'
        )
    yield "</tbody></table></div></section>"


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return '<td class="cell"><span class="hidden">not run</span></td>'
    return (
        f'<td class="cell"><span aria-hidden="true">{_SQUARES[outcome]}</span>'
        f'<span class="hidden">{outcome.value}</span></td>'
    )


def _rest(proof: Proof) -> Iterator[str]:
    coverage = proof.coverage
    if coverage and coverage.missing:
        yield '<section class="evidence"><h2>What was not reached</h2>'
        yield f"<p>{_text(coverage_line(proof))}.</p>"
        yield f"<details><summary><span></span><span>{len(coverage.missing)} patterns</span>"
        yield '</summary><div class="in"><ul class="targets">'
        for pattern, lacks in coverage.missing:
            yield f"<li><code>{_text(pattern) or '(empty)'}</code> {_text(lacks)}</li>"
        yield "</ul></div></details></section>"
    if proof.moving_in:
        yield '<section class="evidence"><h2>What <code>ringfence init</code> would change</h2><ul>'
        yield from (f"<li>{_text(sentence)}</li>" for sentence in proof.moving_in)
        yield "</ul></section>"
    if proof.untargeted or proof.notes:
        yield '<section class="evidence"><h2>Notes</h2><ul class="quiet">'
        for each in proof.untargeted:
            yield f"<li>{_text(each.attack.name)} has no target: {_text(each.reason)}</li>"
        yield from (f"<li>{_text(note)}</li>" for note in proof.notes)
        yield "</ul></section>"


def _text(text: str) -> str:
    return escape(harmless(text))


def _file(name: str) -> str:
    return (files("ringfence.prove.render") / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
