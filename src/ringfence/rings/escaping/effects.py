"""What template text is granted, found when the text is read and done when it is rendered.

The text of a template is a developer's. Where it holds a script, a style, a form, an event handler
or a link to a new window, rendering it does something for the response: each such thing is an
:class:`Effect` at its place in the text. Values have none: what data brings is granted nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal

from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.html_tags import Tag
from ringfence.rings.escaping.provenance import hash_of

if TYPE_CHECKING:
    from ringfence.rings.escaping.run import Run

__all__ = [
    "FOREIGN_BASE",
    "FORGOTTEN",
    "HAS_TOKEN",
    "Begin",
    "Code",
    "Effect",
    "End",
    "Form",
    "FormEnd",
    "Insert",
    "Integrity",
    "More",
    "Recorded",
    "Switch",
    "Window",
    "Written",
]


class Effect(ABC):
    """Something that rendering a text does beside writing it."""

    #: Whether it does nothing where nothing is granted.
    grants_only: bool = False
    __slots__ = ()

    @abstractmethod
    def apply(self, run: Run) -> str:
        """Do it, and return the text that stands at its place."""


class Insert(Effect):
    """A text that makes harmless what a variable began."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def apply(self, run: Run) -> str:
        """Return the text."""
        del run
        return self.text


class Code(Effect):
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


class Recorded(Effect):
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


class _Recording(Effect):
    """A text of which a part or all is recorded: a value, or an element's text."""

    __slots__ = ("grants_only", "kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text
        # An action is recorded for the form's token.
        self.grants_only = kind != "action"


class Begin(_Recording):
    """A value, or an element's text, begins here and does not end in this text."""

    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Record from here on."""
        run.begin(self.kind, self.text)
        return ""


class More(_Recording):
    """A text that is part of what is being recorded as a whole."""

    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Record it."""
        run.more(self.text)
        return ""


class End(_Recording):
    """What was being recorded ends here."""

    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Note what was recorded."""
        run.end(self.kind, self.text)
        return ""


class Written(Effect):
    """A ``script`` tag in a string that a script of the template hands to ``document.write``."""

    grants_only = True
    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return its nonce."""
        return run.grant_written()


class Window(Effect):
    """A link that opens a new window."""

    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return what cuts the new window's way back."""
        return ' rel="noopener"' if run.policy.noopener else ""


class Integrity(Effect):
    """A static file that is loaded."""

    grants_only = True
    __slots__ = ("attribute", "tag")

    def __init__(self, tag: Tag, attribute: str) -> None:
        self.tag = tag
        self.attribute = attribute

    def apply(self, run: Run) -> str:
        """Return its ``integrity`` attribute, where the site wants one and the file is known."""
        return run.integrity(self.tag.get(self.attribute)) if run.policy.integrity else ""


class Form(Effect):
    """A form, and whether it posts."""

    __slots__ = ("action", "posts")

    def __init__(self, action: str | None, *, posts: bool) -> None:
        self.action = action
        self.posts = posts

    def apply(self, run: Run) -> str:
        """Remember that it may want a token."""
        run.form_begins(self.action, posts=self.posts)
        return ""


class FormEnd(Effect):
    """A form ends."""

    __slots__ = ()

    def apply(self, run: Run) -> str:
        """Return the token's field, where the form has none."""
        return run.form_ends()


class Switch(Effect):
    """Something that the response remembers, and that is set to another value here."""

    __slots__ = ("name", "value")

    def __init__(
        self, name: Literal["form_action", "last_url", "tokens"], value: Literal[False] | None
    ) -> None:
        self.name = name
        self.value = value

    def apply(self, run: Run) -> str:
        """Set it."""
        setattr(run, self.name, self.value)
        return ""


#: The form holds a token already, or a button that sends it elsewhere: it gets none.
HAS_TOKEN = Switch("form_action", None)
#: A base is not this origin for sure, so that no relative action is what it seems: no form gets a
#: token from here on.
FOREIGN_BASE = Switch("tokens", value=False)
#: A tag that is granted nothing ends: what was recorded of it is nobody else's.
FORGOTTEN = Switch("last_url", None)
