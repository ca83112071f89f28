"""What is known of a Python module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ringfence.audit.facts.values import Place, Value
from ringfence.records import record

__all__ = ["Assignment", "Call", "ClassFacts", "FunctionFacts", "PythonFacts", "UrlEntry"]


@record
class Call:
    """One call: ``target`` is its dotted name through imports.

    ``mark_safe`` imported from Django is ``django.utils.safestring.mark_safe`` whatever its local
    name; a method of something unknown keeps its end: ``?.objects.raw``, ``?.execute``.
    ``function`` is the qualified name of the function it stands in, "" for the module.
    """

    target: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    place: Place
    function: str = ""
    #: Whether its result is what the function returns (a response).
    returned: bool = False
    #: Of a method's call, the value that it is a method of.
    receiver: Value | None = None


@record
class Assignment:
    """A name, attribute or subscript given a value: ``target`` as its dotted text."""

    target: str
    value: Value
    place: Place
    function: str = ""
    #: Whether it stands under a condition (``if DEBUG:``), or in a ``try``.
    conditional: bool = False


@record
class FunctionFacts:
    """A function or method: ``decorators`` are its decorators' values, outermost first.

    ``returns`` is what it may return, in terms of its parameters: how a call of it is judged.
    ``reads`` and ``writes`` name what its body does: attributes of the request that it reads
    (``request.POST``), methods of the ORM that write (``?.save``, ``?.delete``).
    """

    name: str
    parameters: tuple[str, ...]
    decorators: tuple[Value, ...]
    returns: Value
    place: Place
    class_name: str = ""
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    #: The parameters that reach a dangerous use in it, and which: ``{"html": {"name"}}``.
    sinks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Where the decorators stand, in their order.
    decorator_places: tuple[Place, ...] = ()
    #: Where it returns text that is put together of what nobody made safe for HTML.
    return_place: Place | None = None


@record
class ClassFacts:
    """A class: its bases by dotted name, its body's assignments by name, its methods' names."""

    name: str
    bases: tuple[str, ...]
    decorators: tuple[Value, ...]
    attributes: Mapping[str, Value]
    methods: tuple[str, ...]
    place: Place
    decorator_places: tuple[Place, ...] = ()


@record
class UrlEntry:
    """One entry of a list of URL patterns, as it is written down.

    ``owner`` is the list's (or the router's) name, ``Class.get_urls`` in a class. ``kind`` is
    ``"view"``, ``"viewset"`` (registered with a router), ``"include"``, ``"static"``, or of
    django-ninja ``"ninja"`` (the API itself) and ``"operation"``; ``target`` is the full name of
    the view, module or list, "" where it is not known, and ``wrappers`` the decorators around it,
    outermost first. ``options`` are what ``as_view()`` was given. ``condition`` is ``"debug"``
    under a test of ``DEBUG``, ``"if"`` under another.
    """

    owner: str
    pattern: str
    kind: str
    target: str
    wrappers: tuple[str, ...]
    options: Mapping[str, str]
    condition: str
    place: Place


@record
class PythonFacts:
    """All that is known of one Python module. ``module`` is its dotted name in the tree."""

    path: str
    module: str
    imports: Mapping[str, str]
    star_imports: tuple[str, ...]
    calls: tuple[Call, ...]
    assignments: tuple[Assignment, ...]
    functions: tuple[FunctionFacts, ...]
    classes: tuple[ClassFacts, ...]
    lines: int
    is_test: bool = False
    #: Accepted findings: ``{line: ((code, reason), ...)}``.
    accepted: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    urls: tuple[UrlEntry, ...] = ()
