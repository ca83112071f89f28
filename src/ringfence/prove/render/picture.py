"""The site as concentric rings, each attack an arrow that comes from outside: SVG. Pure.

An arrow is drawn upright, from the top inwards, in a group that is turned to its place: no
coordinate needs trigonometry. Position and shape are attributes of SVG, never ``style``, which the
page's policy refuses. What a line means is told by its shape; colour only repeats it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from ringfence.prove.plain import harmless
from ringfence.prove.summary import Kind, kind_of

if TYPE_CHECKING:
    from ringfence.prove.run import Proof
    from ringfence.prove.summary import Row

__all__ = ["css_class", "draw", "key", "spoken", "story"]

_HALF: Final = 790
_CORE: Final = 104
_INNERMOST: Final = 166
_OUTERMOST: Final = 414
_TAIL: Final = 468
_LABEL: Final = 482
#: Left free at the top, for the rings' names, in degrees.
_GAP: Final = 42.0
#: What a letter takes at most, of the size of the text.
_LETTER: Final = 0.59

_CLASSES: Final = {
    Kind.SUCCEEDED: "breach",
    Kind.BROWSER_ONLY: "lent",
    Kind.NO_RING_ALONE: "bare",
    Kind.SHALLOW: "near",
    Kind.INCONCLUSIVE: "unknown",
    None: "held",
}


def css_class(row: Row) -> str:
    """Return the class of a row's drawing and of its evidence."""
    return _CLASSES[kind_of(row.first.judgement)]


def story(row: Row) -> str:
    """Return what became of the attack, in a few words."""
    judgement = row.first.judgement
    alone = ", ".join(judgement.alone)
    match kind_of(judgement):
        case Kind.SUCCEEDED:
            return "reaches the middle"
        case Kind.BROWSER_ONLY:
            return "stopped by the browser's defaults only"
        case Kind.NO_RING_ALONE:
            return "stopped, but by no ring alone"
        case Kind.SHALLOW:
            return f"stopped by {alone} alone: one mistake away"
        case Kind.INCONCLUSIVE:
            return "inconclusive"
        case _:
            return f"stopped {judgement.depth} rings deep: {alone}"


def spoken(row: Row) -> str:
    """Return a row as it is read out."""
    return f"{row.attack.name} on {row.label}: {story(row)}"


def draw(proof: Proof, rows: Sequence[Row]) -> Iterator[str]:
    """Draw the rings and one arrow for each row; arrow number n leads to ``#e`` and n."""
    size = 2 * _HALF
    yield (
        f'<svg class="rings" viewBox="{-_HALF} {-_HALF} {size} {size}" role="group" '
        'aria-labelledby="picture-title picture-text">'
    )
    yield '<title id="picture-title">The site inside its rings of defence</title>'
    yield f'<desc id="picture-text">{escape(_described(proof, rows))}</desc>'
    radii = _radii(proof.rings)
    yield from _rings(proof, radii)
    step = (360 - _GAP) / max(1, len(rows))
    size_of_text = min(17.5, max(9.5, math.radians(step) * _LABEL * 0.62))
    yield f'<g class="arrows" font-size="{size_of_text:.1f}">'
    letters = int((_HALF - _LABEL) / (_LETTER * size_of_text))
    for number, row in enumerate(rows):
        angle = _GAP / 2 + step * (number + 0.5)
        yield from _arrow(row, number, angle, _label(row, letters), radii)
    yield "</g>"
    yield from _core(rows)
    yield "</svg>"


def key() -> Iterator[str]:
    """Explain the lines, each with the drawing that it explains."""
    lines = {
        "breach": "reaches the middle",
        "lent": "only the browser's defaults stop it",
        "bare": "stopped, but by no ring alone",
        "near": "one ring stops it: one mistake away",
        "held": "stopped where the bar is; each square is another ring that would",
        "unknown": "inconclusive",
    }
    yield '<ul class="key" aria-label="How to read the arrows">'
    for name, text in lines.items():
        yield (
            '<li><svg viewBox="0 0 96 24" aria-hidden="true"><g transform="translate(4 12) '
            f'rotate(-90) translate(0 {_TAIL})" class="{name}">{"".join(_sample(name))}</g></svg>'
            f"<span>{escape(text)}</span></li>"
        )
    yield "</ul>"


def _sample(name: str) -> Iterator[str]:
    """Draw an arrow of 88 units, in the coordinates of the real ones."""
    end = _TAIL - 88
    if name in ("breach", "lent"):
        yield from _through(end + 22)
    elif name == "unknown":
        yield from _unknown()
    elif name == "held":
        yield from _stopped(_TAIL - 34, [_TAIL - 58, _TAIL - 82])
    else:
        yield from _stopped(end + 12, [])


def _radii(rings: Sequence[str]) -> dict[str, float]:
    """Return each ring's radius; a request meets the first one first, so that is the outermost."""
    room = (_OUTERMOST - _INNERMOST) / max(1, len(rings) - 1)
    return {ring: _OUTERMOST - room * number for number, ring in enumerate(rings)}


def _rings(proof: Proof, radii: dict[str, float]) -> Iterator[str]:
    stops = {
        ring: sum(ring in trial.judgement.alone for trial in proof.trials) for ring in proof.rings
    }
    yield '<g class="site" aria-hidden="true">'
    for radius in radii.values():
        yield f'<circle class="band" r="{radius:.1f}"/>'
    for ring, radius in radii.items():
        # The ring is open at the top, where its name stands.
        half = (len(f"{ring} {stops[ring]}") * 6.2 + 12) / radius
        x, y = radius * math.sin(half), -radius * math.cos(half)
        drawn = "ring" if stops[ring] else "ring idle"
        yield (
            f'<path class="{drawn}" '
            f'd="M {x:.1f} {y:.1f} A {radius:.1f} {radius:.1f} 0 1 1 {-x:.1f} {y:.1f}"/>'
        )
    yield '</g>\n<g class="names" aria-hidden="true">'
    for number, (ring, radius) in enumerate(radii.items()):
        inner = radius - 4.5
        yield (
            f'<path id="ring-{number}" fill="none" '
            f'd="M {-inner:.1f} 0 A {inner:.1f} {inner:.1f} 0 0 1 {inner:.1f} 0"/>'
            f'<text><textPath href="#ring-{number}" startOffset="50%">{escape(ring)}'
            f'<tspan class="stops"> {stops[ring]}</tspan></textPath></text>'
        )
    yield "</g>"


def _arrow(
    row: Row, number: int, angle: float, label: str, radii: dict[str, float]
) -> Iterator[str]:
    name = css_class(row)
    yield (
        f'<a href="#e{number}" class="arrow {name}" aria-label="{escape(spoken(row))}">'
        f'<g transform="rotate({angle:.2f})">'
    )
    yield f'<path class="reach" d="M 0 {-_HALF} V {-_CORE}"/>'
    stops = sorted((radii[ring] for ring in row.first.judgement.alone), reverse=True)
    if name in ("breach", "lent"):
        yield from _through(_CORE)
    elif name == "unknown":
        yield from _unknown()
    else:
        yield from _stopped(stops[0] if stops else _CORE + 14, stops[1:])
    left = angle > 180
    # Where it would stand on its head the text is turned, and ends where it would begin.
    turn, anchor = ("90", "end") if left else ("-90", "start")
    yield (
        f'<text transform="translate(0 {-_LABEL}) rotate({turn})" dy=".34em" '
        f'text-anchor="{anchor}">{label}</text>'
    )
    yield "</g></a>"


def _through(end: float) -> Iterator[str]:
    """Draw an arrow whose point is past ``end``."""
    yield f'<path class="line" d="M 0 {-_TAIL} V {-end - 16:.1f}"/>'
    tip = -end + 10
    yield f'<path class="head" d="M 0 {tip:.1f} l -11 -26 h 22 z"/>'


def _stopped(at: float, others: Sequence[float]) -> Iterator[str]:
    """Draw an arrow that ends at a bar, and a square on every further ring that would stop it."""
    yield f'<path class="line" d="M 0 {-_TAIL} V {-at:.1f}"/>'
    yield f'<path class="bar" d="M -10 {-at:.1f} h 20"/>'
    if others:
        yield f'<path class="beyond" d="M 0 {-at:.1f} V {-others[-1]:.1f}"/>'
    for radius in others:
        yield f'<path class="also" d="M -4.5 {-radius - 4.5:.1f} h 9 v 9 h -9 z"/>'


def _unknown() -> Iterator[str]:
    yield f'<path class="line" d="M 0 {-_TAIL} v 22"/>'
    yield f'<circle class="head" cx="0" cy="{-_TAIL + 32}" r="6"/>'


def _label(row: Row, letters: int) -> str:
    name, target = row.attack.name, harmless(row.first.target.label)
    more = len(row.trials) - 1
    end = f" +{more}" if more else ""
    room = max(0, letters - len(name) - len(end))
    shown = target if len(target) <= room else f"{target[: max(0, room - 1)]}…"
    return (
        f'<tspan class="attack">{escape(name)}</tspan>'
        f'<tspan class="target" dx=".5em">{escape(shown)}{end}</tspan>'
    )


def _core(rows: Sequence[Row]) -> Iterator[str]:
    through = sum(len(row.trials) for row in rows if kind_of(row.first.judgement) is Kind.SUCCEEDED)
    drawn = "core open" if through else "core"
    yield f'<g aria-hidden="true"><circle class="{drawn}" r="{_CORE - 22}"/>'
    yield f'<text class="count" y="12">{through}</text>'
    said = "reaches here" if through == 1 else "reach here" if through else "get this far"
    yield f'<text class="said" y="40">{said}</text></g>'


def _described(proof: Proof, rows: Sequence[Row]) -> str:
    return (
        f"{len(rows)} arrows point at the middle, the site. Around it, from outside, lie the rings "
        f"{', '.join(proof.rings)}. Each arrow ends at the outermost ring that stops its attack "
        "alone. The table below has the same data."
    )
