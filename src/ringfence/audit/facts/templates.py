"""What is known of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ringfence.audit.facts.scripts import Flow
from ringfence.audit.facts.values import Place
from ringfence.records import record

__all__ = ["Form", "Markup", "TemplateFacts", "TemplateVariable"]


@record
class TemplateVariable:
    """A variable of a template, in the place where a browser would find its value.

    One that Django's escaping is enough for (text, an ordinary quoted attribute, a URL behind its
    host) is not noted, unless it is not escaped.

    ``context`` is what it stands in, in the escaping ring's words; ``language`` is one of
    ``"text"``, ``"attribute"``, ``"unquoted"``, ``"url"``, ``"script"``, ``"string"`` (a
    script's), ``"handler"``, ``"style"``, ``"srcdoc"``, ``"name"``, ``"comment"``, ``"plain"``
    (no markup).
    ``escaped`` is false under ``autoescape off`` and for what is marked ``safe``.
    """

    expression: str
    filters: tuple[str, ...]
    context: str
    language: str
    escaped: bool
    place: Place
    #: The tag it is an argument of, "" for ``{{ … }}``.
    tag: str = ""
    #: The element and attribute it stands in.
    element: str = ""
    attribute: str = ""
    #: The line of the ``autoescape off`` around it, 0 if there is none.
    since: int = 0


@record
class Form:
    """A form of template text. ``action`` has ``{{ … }}`` in it where a variable stands."""

    method: str
    action: str
    has_token: bool
    includes: tuple[str, ...]
    place: Place
    #: The kinds of its fields: ``"password"``, ``"file"``, ``"textarea"``.
    fields: tuple[str, ...] = ()
    #: The template's blocks in it, which a child may fill.
    blocks: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@record
class Markup:
    """An element of template text that matters: script, style, link, a, iframe, with handlers.

    ``attributes`` has the values as written, variables in their place; ``content`` is the text
    of an inline script or style, at most 100,000 characters.
    """

    element: str
    attributes: Mapping[str, str]
    place: Place
    content: str = ""


@record
class TemplateFacts:
    """All that is known of one template. ``names`` are the names loaders may find it by."""

    path: str
    engine: str
    names: tuple[str, ...]
    variables: tuple[TemplateVariable, ...]
    forms: tuple[Form, ...]
    markup: tuple[Markup, ...]
    extends: tuple[str, ...]
    includes: tuple[str, ...]
    lines: int
    is_test: bool = False
    accepted: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    #: Its blocks, and the text that leads to where each stands (``<script>``), "" for text.
    blocks: Mapping[str, str] = field(default_factory=dict)
    #: The same of what it includes, by name; only those that do not stand in text.
    opens: Mapping[str, str] = field(default_factory=dict)
    #: The blocks in which a CSRF token is rendered, "" for outside of any; "?" if a tag of the
    #: project's own, or what is included by a variable, may render one.
    tokens: frozenset[str] = frozenset()
    #: What data reaches in its scripts where something is made of it.
    flows: tuple[Flow, ...] = ()
