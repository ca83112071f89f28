"""What template text is granted, found when the text is read and done when it is rendered.

The text of a template is a developer's. Where it holds a script, a style, a form, an event handler
or a link to a new window, rendering it does something for the response: each such thing is an
:class:`Effect` at its place in the text. Values have none: what data brings is granted nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.html_tags import EXECUTED, Mark, Tag, script_kind
from ringfence.rings.escaping.provenance import hash_of

if TYPE_CHECKING:
    from ringfence.rings.escaping.run import Run

__all__ = ["Effect", "compile_text"]

_LOADING_RELS = frozenset(("stylesheet", "preload", "modulepreload"))


class Effect(Protocol):
    """Something that rendering a text does beside writing it."""

    @property
    def grants_only(self) -> bool:
        """Whether it does nothing where nothing is granted."""

    def apply(self, run: Run) -> str:
        """Do it, and return the text that stands at its place."""


class Insert:
    """A text that makes harmless what a variable began."""

    grants_only = False
    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def apply(self, run: Run) -> str:
        """Return the text."""
        del run
        return self.text


class Code:
    """A ``script`` or ``style`` element, or a link that loads one: it gets the nonce."""

    grants_only = True
    __slots__ = ("has_nonce", "hash", "inline", "kind", "tag", "url")

    def __init__(self, tag: Tag, text_hash: str | None) -> None:
        self.tag = tag
        self.kind = "script" if tag.name == "script" else "style"
        if tag.name == "link":
            rel = (tag.get("rel") or "").lower().split()
            if "stylesheet" not in rel and (
                "modulepreload" in rel or (tag.get("as") or "").lower() == "script"
            ):
                self.kind = "script"
        self.inline = tag.name == "style" or (tag.name == "script" and not tag.has("src"))
        self.hash = text_hash
        self.url = None if self.inline else tag.get("href" if tag.name == "link" else "src")
        self.has_nonce = tag.has("nonce")

    def apply(self, run: Run) -> str:
        """Note the element, and return its nonce."""
        return run.grant_code(self)


class Recorded:
    """A handler or a style attribute that is literal as a whole."""

    grants_only = True
    __slots__ = ("hash", "kind")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.hash = hash_of(decode(text, attribute=True))

    def apply(self, run: Run) -> str:
        """Note its hash."""
        run.grant_attribute(self.kind, self.hash, data=False)
        return ""


class Begin:
    """A value, or an element's text, begins here and does not end in this text."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text

    @property
    def grants_only(self) -> bool:
        """Whether what is recorded is wanted for a grant alone."""
        return self.kind != "action"

    def apply(self, run: Run) -> str:
        """Record from here on."""
        run.begin(self.kind, self.text)
        return ""


class More:
    """A text that is part of what is being recorded as a whole."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text

    @property
    def grants_only(self) -> bool:
        """Whether what is recorded is wanted for a grant alone."""
        return self.kind != "action"

    def apply(self, run: Run) -> str:
        """Record it."""
        run.more(self.text)
        return ""


class End:
    """What was being recorded ends here."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text

    @property
    def grants_only(self) -> bool:
        """Whether what is recorded is wanted for a grant alone."""
        return self.kind != "action"

    def apply(self, run: Run) -> str:
        """Note what was recorded."""
        run.end(self.kind, self.text)
        return ""


class Written:
    """A ``script`` tag in a string that a script of the template hands to ``document.write``."""

    grants_only = True
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return its nonce."""
        return run.grant_written()


class Window:
    """A link that opens a new window."""

    grants_only = False
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return what cuts the new window's way back."""
        return ' rel="noopener"' if run.policy.noopener else ""


class Integrity:
    """A static file that is loaded."""

    grants_only = True
    __slots__ = ("attribute", "tag")

    def __init__(self, tag: Tag, attribute: str) -> None:
        self.tag = tag
        self.attribute = attribute

    def apply(self, run: Run) -> str:
        """Return its ``integrity`` attribute, where the site wants one and the file is known."""
        return run.integrity(self.tag.get(self.attribute)) if run.policy.integrity else ""


class Form:
    """A form, and whether it posts."""

    grants_only = False
    __slots__ = ("action", "posts")

    def __init__(self, action: str | None, *, posts: bool) -> None:
        self.action = action
        self.posts = posts

    def apply(self, run: Run) -> str:
        """Remember that it may want a token."""
        run.form_begins(self.action, posts=self.posts)
        return ""


class FormToken:
    """A field that holds a token already, or a button that sends the form elsewhere."""

    grants_only = False
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Let the form have none."""
        run.form_action = None
        return ""


class Base:
    """A base that is not this origin for sure: no relative action is what it seems."""

    grants_only = False
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Let no form have a token from here on."""
        run.tokens = False
        return ""


class Forget:
    """A tag that is granted nothing ends: what was recorded of it is nobody else's."""

    grants_only = False
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Forget it."""
        run.last_url = None
        return ""


class FormEnd:
    """A form ends."""

    grants_only = False
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return the token's field, where the form has none."""
        return run.form_ends()


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
            effects.append(Base())
    elif name == "input" and tag.get("name") == "csrfmiddlewaretoken":
        effects.append(FormToken())
    if tag.has("formaction"):
        effects.append(FormToken())
    if name in ("script", "link") and not any(isinstance(each, Code) for each in effects):
        effects.append(Forget())
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
