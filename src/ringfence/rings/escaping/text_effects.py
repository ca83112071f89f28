"""Which effects a template's text has: found from the marks that reading it left, once.

Rendering the text does them; see ``effects``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ringfence.rings.escaping.effects import (
    FOREIGN_BASE,
    FORGOTTEN,
    HAS_TOKEN,
    Begin,
    Code,
    Effect,
    End,
    Form,
    FormEnd,
    Insert,
    Integrity,
    More,
    Recorded,
    Window,
    Written,
)
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.html_tags import EXECUTED, Mark, Tag, script_kind
from ringfence.rings.escaping.provenance import hash_of

__all__ = ["compile_text"]

_LOADING_RELS = frozenset(("stylesheet", "preload", "modulepreload"))


def compile_text(  # noqa: C901, PLR0912 -- a branch for each kind of mark
    text: str, marks: list[Mark], before: Markup, after: Markup
) -> Sequence[str | Effect] | None:
    """Return the parts of ``text``: texts and effects; None where there is no effect."""
    recording_before = _recorded(before)
    if not marks and recording_before is None:
        return None
    found: list[tuple[int, Effect]] = [
        (match.end(), Written())
        for begins, ends in _scripts(text, marks, before)
        for match in _WRITTEN.finditer(text, begins, ends)
    ]
    opened: tuple[str, int] | None = None
    if recording_before is not None:
        opened = (recording_before, 0)
    began_here = False
    for index, mark in enumerate(marks):
        if mark.kind == "insert":
            found.append((mark.at, Insert(mark.data)))
        elif mark.kind == "tag":
            found.extend(
                (mark.at, effect) for effect in _of_tag(mark.data, marks[index + 1 :], text)
            )
        elif mark.kind == "form end":
            found.append((max(mark.at, 0), FormEnd()))
        elif mark.kind in ("value", "content"):
            kind = mark.data if mark.kind == "value" else mark.data.name
            if mark.kind == "value" or _is_recorded(mark.data):
                opened, began_here = (kind, mark.at), True
        elif mark.kind in ("value end", "content end") and opened is not None:
            kind, start = opened
            # "</scr" may stand in the text before: then the recorded text has it at its end.
            piece = text[start : max(mark.at, 0)]
            if began_here:
                if kind in ("handler", "style attribute"):
                    found.append((mark.at, Recorded(kind, piece)))
            else:
                found.append((max(mark.at, 0), End(kind, piece)))
            opened, began_here = None, False
    if opened is not None:
        kind, start = opened
        found.append((len(text), Begin(kind, text[start:]) if began_here else More(kind, text)))
    if not found:
        return None
    return _split(text, found)


#: A script tag in the first string that document.write() is given, as far as it is written there.
_WRITTEN = re.compile(
    r"document\.write(?:ln)?+\s{0,9}\(\s{0,9}[\"'`][^\"'`<;]{0,99}+<script(?=[\s>])", re.IGNORECASE
)


def _scripts(text: str, marks: list[Mark], before: Markup) -> list[tuple[int, int]]:
    """Return where in ``text`` scripts stand that are executed."""
    regions = []
    begins = 0 if before.content_recorded and before.element == "script" else -1
    for mark in marks:
        if mark.kind == "content" and mark.data.name == "script" and _is_recorded(mark.data):
            begins = mark.at
        elif mark.kind == "content end" and begins >= 0:
            regions.append((begins, max(mark.at, 0)))
            begins = -1
    if begins >= 0:
        regions.append((begins, len(text)))
    return regions


def _split(text: str, found: list[tuple[int, Effect]]) -> list[str | Effect]:
    parts: list[str | Effect] = []
    at = 0
    for offset, effect in sorted(found, key=lambda item: item[0]):
        if offset > at:
            parts.append(text[at:offset])
            at = offset
        parts.append(effect)
    if at < len(text):
        parts.append(text[at:])
    return parts


def _recorded(state: Markup) -> str | None:
    """Return what is being recorded in this state, None for nothing."""
    if state.recording:
        return state.recording
    return state.element if state.content_recorded else None


def _is_recorded(tag: Tag) -> bool:
    if tag.name == "script":
        return not tag.has("src") and script_kind(tag) in EXECUTED
    return tag.name == "style"


def _of_tag(  # noqa: C901, PLR0912 -- a branch for each element
    tag: Tag, following: list[Mark], text: str
) -> list[Effect]:
    effects: list[Effect] = []
    name = tag.name
    if name in ("script", "style"):
        if name == "style" or script_kind(tag) in EXECUTED:
            # Before the code: it uses the final URL up.
            if tag.has("src") and not tag.has("integrity"):
                effects.append(Integrity(tag, "src"))
            effects.append(Code(tag, _literal_hash(following, text)))
    elif name == "link":
        if _LOADING_RELS.intersection((tag.get("rel") or "").lower().split()):
            if not tag.has("integrity"):
                effects.append(Integrity(tag, "href"))
            effects.append(Code(tag, None))
    elif name == "form":
        posts = (tag.get("method") or "").strip().lower() == "post"
        effects.append(Form(tag.get("action"), posts=posts))
    elif name == "base" and tag.has("href"):
        href = tag.get("href") or "//"
        if not href.startswith("/") or href.startswith(("//", "/\\")):
            effects.append(FOREIGN_BASE)
    elif name == "input" and tag.get("name") == "csrfmiddlewaretoken":
        effects.append(HAS_TOKEN)
    if tag.has("formaction"):
        effects.append(HAS_TOKEN)
    if name in ("script", "link") and not any(isinstance(each, Code) for each in effects):
        effects.append(FORGOTTEN)
    if (
        name in ("a", "area", "form")
        and (tag.get("target") or "").lower() == "_blank"
        and not tag.has("rel")
    ):
        effects.append(Window())
    return effects


def _literal_hash(following: list[Mark], text: str) -> str | None:
    """Return the hash of the element's text, None where it does not end in this text."""
    if len(following) < 2:
        return None
    begins, ends = following[:2]
    if begins.kind != "content" or ends.kind != "content end":
        return None
    if _WRITTEN.search(text, begins.at, ends.at):
        return None  # Its text will hold a nonce.
    return hash_of(text[begins.at : ends.at])
