"""What one tag of a document says, as far as it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ringfence.rings.escaping import attributes

__all__ = ["EXECUTED", "LONGEST_NAME", "Mark", "Tag", "kind_of", "may_be_supplied", "script_kind"]

#: As much of a name is kept.
LONGEST_NAME = 64

#: What a script element may hold that a browser runs.
EXECUTED = frozenset(("script", "module", "importmap", "speculationrules"))

_JAVASCRIPT_TYPES = frozenset(
    f"{kind}/{name}"
    for kind, names in (
        ("application", "ecmascript javascript x-ecmascript x-javascript"),
        (
            "text",
            (
                "ecmascript javascript javascript1.0 javascript1.1 javascript1.2 javascript1.3 "
                "javascript1.4 javascript1.5 jscript livescript x-ecmascript x-javascript"
            ),
        ),
    )
    for name in names.split()
)
#: Types that a library in the page compiles to JavaScript, with JavaScript's strings.
_COMPILED = frozenset(
    {"text/babel", "text/jsx", "text/tsx", "text/typescript", "text/typescript-jsx"}
    | {"text/ecmascript-6", "application/jsx", "application/typescript"}
    | {"module-shim", "importmap-shim"}
)
#: Types of data blocks that are markup for a library.
_MARKUP = frozenset(("text/html", "text/plain", "text/xml", "application/xml", "image/svg+xml"))
_TEMPLATES = re.compile(r"template|tmpl|handlebars|mustache|underscore|jsrender|x-jquery|shader")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as far as it was read.

    ``attributes`` are those that decide about something, each with its literal value, or None
    where a variable is part of it. ``volatile`` says that a variable is part of the name.
    """

    name: str = ""
    end: bool = False
    attributes: tuple[tuple[str, str | None], ...] = ()
    volatile: bool = False
    self_closing: bool = False

    def get(self, name: str) -> str | None:
        """Return the literal value of the attribute, "" where it is missing or unknown."""
        for known, value in self.attributes:
            if known == name:
                return value
        return ""

    def has(self, name: str) -> bool:
        """Whether the tag has the attribute (of those that are kept)."""
        return any(known == name for known, _ in self.attributes)

    @property
    def known(self) -> dict[str, str]:
        """The attributes whose values are literal."""
        return {name: value for name, value in self.attributes if value is not None}


class Mark(NamedTuple):
    """Something that happened at an offset of a literal text.

    ``tag``: a tag ends there (the offset is where another attribute may be put). ``content`` and
    ``content end``: the text of a ``script`` or ``style`` element. ``value`` and ``value end``: an
    event handler or a style attribute. ``insert``: ``data`` must be put in there, so that a name
    or a scheme which a variable began stays harmless. ``form end``: before ``</form>``.
    """

    kind: str
    at: int
    data: Any


def script_kind(tag: Tag) -> str:
    """Return what a ``script`` element holds, by its ``type`` (WHATWG HTML, "prepare the script").

    >>> script_kind(Tag("script", attributes=(("type", "application/ld+json"),)))
    'json'
    """
    kind = tag.get("type")
    if kind is None:
        return "unknown"
    if not kind:
        spoken = tag.get("language")
        kind = "text/" + spoken if spoken and not tag.has("type") else "text/javascript"
    # A script whose type has parameters does not run, but some did once: JavaScript all the same.
    kind = kind.partition(";")[0].strip().lower()
    if kind in _JAVASCRIPT_TYPES:
        return "script"
    if kind in ("module", "importmap", "speculationrules"):
        return kind
    if kind.endswith(("/json", "+json")):
        return "json"
    if kind in _COMPILED:
        return "script"
    return "markup" if kind in _MARKUP or _TEMPLATES.search(kind) else "unknown"


def kind_of(tag: Tag | None, name: str) -> str | None:
    """Return what the value of the tag's attribute is written in, as ``language_of`` says it."""
    tag = tag or Tag()
    return attributes.language_of(tag.name, name, known=tag.known)


def may_be_supplied(tag: Tag | None, name: str) -> bool:
    """Whether a variable may have been part of this attribute's name."""
    kind = kind_of(tag, name)
    if kind in ("handler", "expression", "style", "srcdoc"):
        return False
    return kind is not None or attributes.harmless_name(name)
