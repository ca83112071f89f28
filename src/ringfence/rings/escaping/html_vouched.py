"""Markup a developer answers for: written as it is, and closed where it is not complete.

Most of it is recognized by an expression, and never read tag by tag.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ringfence.patterns import later
from ringfence.rings.escaping.html_states import WS
from ringfence.rings.escaping.language import Refused
from ringfence.rings.escaping.typed import Rendered

if TYPE_CHECKING:
    from ringfence.rings.escaping.html import Markup

__all__ = ["COMPLETE", "PLAINLY_COMPLETE", "vouch"]

#: A "<" within a value or a comment. Where scripts run, what stands in <noscript> is no markup,
#: and its end tag ends it wherever that stands.
_INNER = r"<(?!/(?i:noscript))"
#: Text whose every tag is complete and opens no other state: the usual case of vouched markup.
_ATTRIBUTES = (
    # Behind a quote a name may begin at once.
    rf"(?:(?:{WS}++|(?<=[\"']))[A-Za-z_:@][\w:.@-]*+"
    rf"(?:=(?:\"[^\"<]*+(?:{_INNER}[^\"<]*+)*+\"|'[^'<]*+(?:{_INNER}[^'<]*+)*+'"
    r"|[\w:./#?%+,;@!*()&~$-]++))?+)*+"
)
# Element names by their first letter. Left out: raw text, foreign content, and elements in which,
# or by which, a browser may read tags otherwise than they stand there.
_COMMON = (
    r"(?i:[a-eghj-loqru-wyz]|f(?!rame)|i(?!frame\b)|t(?!extarea\b|itle\b|emplate\b)"
    r"|s(?!cript\b|tyle\b|vg\b|elect\b)|p(?!laintext\b)|m(?!ath\b)"
    r"|n(?!oembed\b|oframes\b|oscript\b))[A-Za-z0-9-]*+"
)
#: Text; a "<" that no reader takes for a tag's.
_PLAIN_TEXT = r"[^<]++|<(?![A-Za-z/!?]|\Z)"
_RAW = "".join(
    rf"|<{name}{_ATTRIBUTES}{WS}*+>(?:{_PLAIN_TEXT})*+</{name}{WS}*+>"
    for name in ("script", "style", "textarea", "title")
)
_SELECT = (
    rf"<select{_ATTRIBUTES}{WS}*+>"
    rf"(?:{_PLAIN_TEXT}|</?(?:option|optgroup){_ATTRIBUTES}{WS}*+>)*+</select{WS}*+>"
)
# The elements of icons. None of them ends foreign content, or is read otherwise outside of it.
_DRAWING = (
    "a|animate|animateTransform|circle|clipPath|defs|ellipse|feBlend|feColorMatrix|feFlood|filter"
    "|feGaussianBlur|feOffset|g|line|linearGradient|marker|mask|path|pattern|polygon|polyline"
    "|radialGradient|rect|stop|symbol|text|tspan|use"
)
_DRAWN = (
    rf"{_PLAIN_TEXT}|</?(?:{_DRAWING}){_ATTRIBUTES}{WS}*+/?+>"
    rf"|<title{_ATTRIBUTES}{WS}*+>[^<]*+</title>|<desc{_ATTRIBUTES}{WS}*+>[^<]*+</desc>"
    rf"|<style{_ATTRIBUTES}{WS}*+>[^<]*+</style>"
)
_SVG = rf"<svg{_ATTRIBUTES}{WS}*+>(?:{_DRAWN})*+</svg{WS}*+>"
_WHOLE = (
    rf"{_PLAIN_TEXT}|<(?:{_COMMON}){_ATTRIBUTES}{WS}*+/?+>|</(?:{_COMMON}){WS}*+>"
    # The first ">" of a comment ends it, by whatever rules it is read.
    rf"|{_SVG}|{_SELECT}{_RAW}|<!--(?!-?>)(?:[^<>-]|-(?!-)|{_INNER})*+-->"
)
# Whatever it holds, </template> ends it: by the rules of "in head" in every mode (13.2.6.4.4).
_BEGIN, _END = rf"<template{_ATTRIBUTES}{WS}*+>", rf"</template{WS}*+>"
_HELD = rf"{_WHOLE}|{_BEGIN}(?:{_WHOLE})*+{_END}"
COMPLETE = later(rf"(?:{_WHOLE}|{_BEGIN}(?:{_HELD})*+{_END})*+", re.ASCII)
#: The same but for elements whose content is a document of its own.
PLAINLY_COMPLETE = later(rf"(?:{_WHOLE})*+", re.ASCII)
#: The same inside an <svg> of the template.
_COMPLETE_DRAWING = later(rf"(?:{_DRAWN}|<!--(?!-?>)[^<>-]*+-->)*+", re.ASCII)

#: Elements that change how a browser reads what is in them; markup that leaves one open is closed.
_CHANGING = ("noscript", "select", "template", "frameset", "svg", "math")
_OPENING = re.compile("<(" + "|".join(_CHANGING) + ")", re.IGNORECASE)
_DRAWING_WHOLE = later(_SVG, re.ASCII)
_MOST_OPENED = 64
#: Wherever a browser may be behind it: it is text again, and no tag of ours has been begun.
#: In text these are two comments; in a tag, a value or a comment they end it.
_BARRIER = "<!--'--><!--\"-->"

#: As much odd markup as is read in about a second.
_LONGEST = 500_000
#: Longer markup is not kept in memory.
_REMEMBERED = 4096


def vouch(state: Markup, text: str) -> tuple[str, Markup]:
    """Return vouched markup and the state behind it: the text state, by force if need be.

    ``state`` is the text state. Whatever the markup leaves open is closed, so that it cannot
    reach into the template's own tags.
    """
    if "<" not in text:
        return text, state
    if type(text) is Rendered and not state.foreign:
        return text, state
    complete = COMPLETE if not state.foreign else _COMPLETE_DRAWING
    if complete.fullmatch(text) and state.foreign[-1:] in ((), ("svg",)):
        return text, state
    if len(text) > _LONGEST:
        raise Refused(
            "This markup is too long to be read tag by tag, and it is not plainly complete.",
            "Close its tags, and quote its attributes, before it is marked safe.",
            by_place=False,
        )
    return _closed_again(state, text) if len(text) <= _REMEMBERED else _closed(state, text)


@functools.lru_cache(maxsize=512)
def _closed_again(state: Markup, text: str) -> tuple[str, Markup]:
    return _closed(state, text)


def _closed(state: Markup, text: str) -> tuple[str, Markup]:
    """Return ``text`` closed: by what it left open, and so that no browser is left in a tag.

    What a browser makes of odd markup depends on the whole tree, which is not known here. So
    markup that is not plainly complete is followed by end tags and by a barrier.
    """
    after = state.feed(text)
    closed = text
    for _ in range(6):
        closer = _closer(after)
        if not closer:
            break
        if closer[0] == "\b":
            closed = closed[: closed.rfind("<")] + "&lt;" + closed[closed.rfind("<") + 1 :]
            after = state.feed(closed)
            continue
        closed += closer
        after = after.feed(closer)
    else:
        raise _cannot_be_closed()
    if COMPLETE.fullmatch(closed):
        return closed, state
    # A drawing that ends is left open by no reading of what is around it.
    opened = [match[1].lower() for match in _OPENING.finditer(_DRAWING_WHOLE.sub(" ", text))]
    if len(opened) > _MOST_OPENED:
        raise _cannot_be_closed()
    ends = "".join(f"</{name}>" for name in reversed(opened))
    return closed + _BARRIER + ends, state


def _cannot_be_closed() -> Refused:
    return Refused(
        "This markup ends inside a token, or so many elements, that it cannot be closed.",
        "Complete the markup before it is marked safe.",
        by_place=False,
    )


def _closer(state: Markup) -> str:
    at = state.at
    if at == "data":
        return ""
    if at in ("tag open", "end tag open", "markup declaration open"):
        return "\b"
    if state.element and at in ("script data", "RAWTEXT", "RCDATA"):
        return f"</{state.element}>"
    if at.startswith(("script data escaped", "script data double escaped")):
        return "-->"
    if at.startswith(("script data", "RAWTEXT", "RCDATA")):
        return "\n"
    if at == "attribute value (double-quoted)":
        return '">'
    if at == "attribute value (single-quoted)":
        return "'>"
    if at.startswith("comment"):
        return "-->"
    if at.startswith("CDATA"):
        return "]]>"
    if at == "PLAINTEXT":
        raise Refused(
            "<plaintext> has no end: the rest of the page would be text.",
            "Use <pre>.",
            by_place=False,
        )
    return ">"
