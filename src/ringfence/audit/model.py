"""What the audit's parts hand to one another: files, facts, findings, a report. All of it is data.

Facts of a file depend on that file alone, so they can be kept from one run to the next; what one
file means to another (an include, a helper function, a settings module that imports another) is
found out from the facts of both, by :class:`Project`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.finding import Confidence, Severity

__all__ = [
    "UNKNOWN",
    "Assignment",
    "Call",
    "ClassFacts",
    "Edit",
    "Finding",
    "Form",
    "FunctionFacts",
    "Hit",
    "Live",
    "Markup",
    "Place",
    "Project",
    "PythonFacts",
    "Report",
    "Response",
    "Route",
    "Rule",
    "Setting",
    "Settings",
    "Skipped",
    "Source",
    "TemplateFacts",
    "TemplateVariable",
    "Tls",
    "UrlEntry",
    "Value",
]


class _Unknown(enum.Enum):
    """What cannot be known without running the code; it equals nothing else."""

    UNKNOWN = enum.auto()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``path`` is relative to the audited tree, with ``/``; lines from 1.

    Of a site's answer ``path`` is the URL, ``line`` 0, and ``scope`` the method and the header.

    ``scope`` is the dotted name of the function or class around it, or the template's block.
    ``text`` is the first line of it, stripped and at most 200 characters long, as it is in the
    file: whoever prints it escapes it.
    """

    path: str
    line: int
    end_line: int = 0
    scope: str = ""
    text: str = ""


class Source(enum.Enum):
    """Where a value may come from."""

    REQUEST = "the request"
    URL = "the URL"
    FORM = "a form"
    MODEL = "the database"
    FILE = "a file or an answer from elsewhere"
    PARAMETER = "a parameter of its function"


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an expression's value without running it.

    ``literal`` is the value itself where it is constant, else :data:`UNKNOWN`. ``sources`` says
    where parts of it may come from; empty and not literal means that nobody knows, which is no
    evidence of danger. ``parameters`` are the names of the function's parameters in it.
    ``safe_for`` are the uses that all parts with a known source were made safe for: ``"html"``,
    ``"sql"``, ``"shell"``, ``"path"``, ``"url"``. ``built`` says that it is a string put together
    here (``%``, ``+``, ``format``, an f-string, ``join``) of more than literals. ``name`` is the
    dotted name or the call it is, as it resolves through imports (``request.GET.get``,
    ``os.environ``), "" where it is neither. ``items`` are the elements of a list, tuple, set or
    dict display (a dict's as pairs), or a decorator's arguments.
    """

    literal: Any = UNKNOWN
    sources: frozenset[Source] = frozenset()
    parameters: frozenset[str] = frozenset()
    safe_for: frozenset[str] = frozenset()
    built: bool = False
    name: str = ""
    items: tuple[Value | tuple[Value, Value], ...] = ()
    #: Whether a part of it is not known at all.
    opaque: bool = False
    #: Functions that parts of it are results of; "exception" where it is the text of one.
    calls: frozenset[str] = frozenset()
    #: What was given to these functions, by the argument's place or name, and may be in the result.
    through: frozenset[tuple[str, Source]] = frozenset()

    @property
    def is_literal(self) -> bool:
        """Whether the value is a constant."""
        return self.literal is not UNKNOWN

    def from_outside(self, use: str) -> bool:
        """Whether an attacker may have a part in it that was not made safe for ``use``."""
        return use not in self.safe_for and bool(self.sources - {Source.PARAMETER})


# Python


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Assignment:
    """A name, attribute or subscript given a value: ``target`` as its dotted text."""

    target: str
    value: Value
    place: Place
    function: str = ""
    #: Whether it stands under a condition (``if DEBUG:``), or in a ``try``.
    conditional: bool = False


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class: its bases by dotted name, its body's assignments by name, its methods' names."""

    name: str
    bases: tuple[str, ...]
    decorators: tuple[Value, ...]
    attributes: Mapping[str, Value]
    methods: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


# Templates


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Markup:
    """An element of template text that matters: script, style, link, a, iframe, with handlers.

    ``attributes`` has the values as written, variables in their place; ``content`` is the text
    of an inline script or style, at most 100,000 characters.
    """

    element: str
    attributes: Mapping[str, str]
    place: Place
    content: str = ""


@dataclass(frozen=True, slots=True)
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


# Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's value, and where it was given. ``value`` is :data:`UNKNOWN` if it cannot be told.

    ``default`` is the value that holds where the environment says nothing
    (``env.bool("DEBUG", default=True)``), :data:`UNKNOWN` if there is none.
    """

    value: Any
    place: Place
    default: Any = UNKNOWN
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """One settings module with all that it imports.

    ``purpose`` is ``"deployed"``, ``"development"``, ``"test"`` or ``"base"`` (imported by
    others, not used itself).
    """

    module: str
    path: str
    purpose: str
    values: Mapping[str, Setting]
    #: Why some of them are unknown: names of modules that could not be read.
    unread: tuple[str, ...] = ()

    def get(self, name: str) -> Any:
        """Return the value of a setting: UNKNOWN if it cannot be told, None if it is not set."""
        setting = self.values.get(name)
        return None if setting is None else setting.value


# URLs


@dataclass(frozen=True, slots=True)
class Route:
    """A URL of the site and the view behind it, as far as both are known.

    ``pattern`` is joined of all includes on the way, with ``?`` where a part is not known.
    ``kind`` is ``"function"``, ``"class"``, ``"api"`` (a view of an API framework), ``"unknown"``
    (a view that is not in the tree), ``"include"`` (of what is not in the tree) or ``"static"``.
    """

    pattern: str
    kind: str
    #: The view's full name: where it is defined, if that is known.
    view: str
    #: The entry in the URL file, and the view's definition.
    place: Place
    defined: Place | None = None
    #: Whether it was reached from ``ROOT_URLCONF``; only under a test of ``DEBUG``, or another.
    rooted: bool = False
    debug: bool = False
    conditional: bool = False
    #: The methods it answers, none if they are not known.
    methods: frozenset[str] = frozenset()
    #: What takes it out of CSRF protection, "" if nothing does: ``"decorator"``, ``"urls"``.
    exempt: str = ""
    #: ``"required"``, ``"open"``, or ``"unknown"`` where something may ask who it is.
    login: str = "unknown"
    #: What its body does: ``"writes"``, ``"queries"``, ``"asks"`` (who it is), ``"proof"`` (looks
    #: at a signature or a key), ``"fetched"`` (a GET comes to a write).
    does: frozenset[str] = frozenset()


# A site that answers


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of a site. ``url`` is what people see: without what a probe added to it.

    ``role`` says what was asked for: ``"page"`` (named by the user, or by the site's URLs),
    ``"again"`` (the first page a second time), ``"hop"`` (an answer on the way to a page),
    ``"plain"`` (the same over http), ``"login"``, ``"private"`` (a page that only the visitor who
    is logged in gets), ``"missing"`` (a page that cannot be there), ``"asset"``, ``"map"``,
    ``"folder"``, ``"file"``, ``"admin"``, ``"debug"``, ``"cors"``, ``"preflight"``, ``"host"``,
    ``"forwarded"``, ``"trace"``. ``sent`` is what a probe sent: an origin, a host, a mark.
    ``headers`` are as they came, in their order; ``body`` is the beginning of it, as text.
    """

    url: str
    role: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    method: str = "GET"
    sent: str = ""
    #: Of an asset, the element that names it: ``"script"``, ``"style"``, ``"image"``.
    kind: str = ""
    #: Of a page, the policies that stand in its ``<meta>``.
    in_meta: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a header's fields; ``name`` is in lower case."""
        return tuple(value for own, value in self.headers if own.lower() == name)

    def get(self, name: str) -> str:
        """Return a header's value, its fields joined as HTTP has it, "" if there is none."""
        return ", ".join(self.all(name))

    @property
    def media_type(self) -> str:
        """The type and subtype of Content-Type, in lower case."""
        return self.get("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Tls:
    """What a site's TLS is like.

    ``problem`` is ``"expired"``, ``"early"`` (not valid yet), ``"host"`` (another's), ``"self"``
    (signed by itself), ``"untrusted"`` or "". ``days`` are those that the certificate is valid
    for, None where that is not known; ``old`` are the protocols below 1.2 that it agreed to.
    """

    problem: str = ""
    days: int | None = None
    old: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """One site (an origin) and what it answered.

    ``sandbox`` says that it is the project's own, booted to be asked: TLS, addresses and server
    are then not those that it is deployed with.
    """

    origin: str
    responses: tuple[Response, ...]
    tls: Tls | None = None
    sandbox: bool = False
    session_cookie: str = "sessionid"
    csrf_cookie: str = "csrftoken"

    @property
    def secure(self) -> bool:
        """Whether it is served over https."""
        return self.origin.startswith("https:")

    def of(self, *roles: str) -> Iterator[Response]:
        """Yield the answers that were asked for as one of ``roles``."""
        return (each for each in self.responses if each.role in roles)


# What comes of it


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, or not wholly, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Project:
    """All facts of one tree, and how they belong together."""

    python: dict[str, PythonFacts] = field(default_factory=dict)
    templates: dict[str, TemplateFacts] = field(default_factory=dict)
    settings: list[Settings] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: The resolved URLs; none if nothing is known of them.
    urls: list[Route] = field(default_factory=list)
    #: Packages that the tree says it needs, or imports: lower-case distribution or module names.
    packages: frozenset[str] = frozenset()
    live: list[Live] = field(default_factory=list)

    def calls(self, *targets: str) -> Iterator[Call]:
        """Yield the calls of these targets outside of tests, in order of path and line."""
        wanted = frozenset(targets)
        for facts in self.python.values():
            if not facts.is_test:
                yield from (call for call in facts.calls if call.target in wanted)

    def deployed(self) -> Iterator[Settings]:
        """Yield the settings that may be in use on a server."""
        return (each for each in self.settings if each.purpose == "deployed")


@dataclass(frozen=True, slots=True)
class Edit:
    r"""A replacement in one file: offsets in its text as the audit reads it, end exclusive.

    That text is without a byte order mark, and its lines end with ``\n``. ``line`` and ``column``
    say the same from 1 on, in characters, as other programs want it. An edit is ``safe`` if no
    site that works can stop working through it.
    """

    path: str
    start: int
    end: int
    text: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found.

    ``reason`` says in one sentence why it matters *here*, ``fix`` what to write instead (code,
    where it can be). No secret stands in either of them.
    """

    place: Place
    reason: str
    fix: str
    confidence: Confidence = Confidence.HIGH
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code in the register, the source of its facts, and the pure function."""

    code: str
    #: ``"settings"``, ``"python"``, ``"template"``, ``"url"`` or ``"live"``.
    source: str
    check: Callable[[Project], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule's code, and a fingerprint that survives moved lines."""

    code: str
    title: str
    severity: Severity
    confidence: Confidence
    cwe: int
    source: str
    hit: Hit
    fingerprint: str
    #: Why it was accepted, "" if it was not.
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an audit."""

    findings: Sequence[Finding]
    skipped: Sequence[Skipped]
    lines: int
    files: int
    #: Rules that could not be asked, and why.
    unasked: Mapping[str, str] = field(default_factory=dict)
    #: How many answers of sites were read.
    responses: int = 0
    #: Whether sites were to be asked, and none answered.
    unanswered: bool = False
