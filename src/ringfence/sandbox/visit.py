"""What a browser saw of a page: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Form", "FormField", "Visit", "form_of"]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form as the browser sees it."""

    name: str
    kind: str
    value: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form that the victim sees on the page at ``page``, the ``index``-th one there."""

    page: str
    index: int
    action: str
    method: str
    enctype: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of opening a URL.

    ``status`` is 0 where there was no answer; ``source`` is the answer's body, ``frames`` the
    text that each frame's own document holds (an error page holds none of the site's words).
    ``on_load`` and ``on_press`` are the ids with which payloads called the binding while the page
    loaded, and when its handlers and links were set off. ``said`` is what the console was told,
    ``blocked`` what the browser says that it blocked. ``stacks`` has, for ids that a script of the
    page's made markup or code of, its stack then.
    """

    url: str
    status: int = 0
    source: str = ""
    text: str = ""
    frames: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    error: str | None = None
    on_load: frozenset[str] = frozenset()
    on_press: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    stacks: Mapping[str, str] = field(default_factory=dict)

    @property
    def fired(self) -> frozenset[str]:
        """The ids with which payloads called the binding."""
        return self.on_load | self.on_press


def form_of(page: str, found: Mapping[str, Any]) -> Form:
    """Return a form as the script that looked for it on ``page`` describes it."""
    fields = tuple(FormField(**item) for item in found["fields"])
    return Form(
        page=page,
        index=found["index"],
        action=found["action"],
        method=found["method"],
        enctype=found["enctype"],
        fields=fields,
    )
