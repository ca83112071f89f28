"""What an attack is, what it is given, and what it may answer. No Django here."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey

__all__ = [
    "NO_REQUEST",
    "NO_SESSION",
    "REFUSED",
    "Attack",
    "Outcome",
    "Place",
    "Result",
    "Stage",
    "Target",
    "Use",
    "new_marker",
    "new_number",
    "one_by_one",
    "path_of",
    "stopped_by_answer",
]

#: How something was stopped. Two rings that use the same one of these may be one defence: see
#: ``Attack.overriding``.
NO_REQUEST = "no request"
NO_SESSION = "no session"
REFUSED = "refused"


class Outcome(enum.Enum):
    """What one attack on one target in one state of the rings came to."""

    SUCCEEDED = "succeeded"
    STOPPED = "stopped"
    #: Stopped, but by the browser alone: nothing that the site said had a part in it.
    ENVIRONMENT = "environment"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's project something is to be changed.

    ``kind`` is one of ``template``, ``script``, ``view``, ``setting``, ``column``, ``url``;
    ``text`` names it, such as ``{{ comment.text }}`` or ``shop.views.transfer``. ``file`` and
    ``line`` are empty and 0 where they are not known.
    """

    kind: str
    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome, how it came about, and one sentence of evidence.

    ``place`` and ``target`` are given by an attack that learns only by succeeding what is to be
    changed, and what it really aimed at; ``picture`` is a JPEG of what the visitor saw.
    """

    outcome: Outcome
    mechanism: str
    evidence: str
    place: Place | None = None
    target: Target | None = None
    picture: bytes = field(default=b"", repr=False)


class FieldLike(Protocol):
    """A field of a form."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def checked(self) -> bool: ...


class FormLike(Protocol):
    """A form that a visitor sees."""

    @property
    def page(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def enctype(self) -> str: ...
    @property
    def fields(self) -> tuple[FieldLike, ...]: ...


class VisitLike(Protocol):
    """What came of opening a page: :class:`ringfence.sandbox.visit.Visit` says what is what."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def frames(self) -> tuple[str, ...]: ...
    @property
    def error(self) -> str | None: ...
    @property
    def on_load(self) -> frozenset[str]: ...
    @property
    def on_press(self) -> frozenset[str]: ...
    @property
    def fired(self) -> frozenset[str]: ...
    @property
    def said(self) -> tuple[str, ...]: ...
    @property
    def blocked(self) -> tuple[str, ...]: ...


class ExchangeLike(Protocol):
    """A request that reached the site."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def with_session(self) -> bool: ...
    @property
    def crashed(self) -> bool: ...


class AnswerLike(Protocol):
    """An answer that was had without a browser. ``headers`` are by lower-case name.

    ``written`` is alike for two pages that have the followed numbers from the same places.
    """

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def is_html(self) -> bool: ...
    @property
    def error(self) -> str: ...
    @property
    def written(self) -> frozenset[str]: ...


class MailLike(Protocol):
    """A mail that the site would have sent."""

    @property
    def to(self) -> Sequence[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Target:
    """What an attack aims at.

    ``path`` is a path of the site's, with its query where that matters; ``label`` is unique within
    an attack and says to its reader what is attacked. ``visitor`` is the role of the victim.
    ``parameter`` is the query parameter, field or argument that the attack is put into; ``column``
    an ``app.Model.field``; ``data`` whatever else the attack's own ``find`` learnt.
    """

    path: str
    label: str
    visitor: str = "user"
    form: FormLike | None = None
    column: str | None = None
    parameter: str | None = None
    place: Place | None = None
    data: Mapping[str, str] = field(default_factory=dict)


class Stage(Protocol):
    """The sandbox as an attack sees it, in one state of the rings."""

    #: The state: ``off``, ``reference``, ``on`` or a ring's name.
    state: str
    #: What was found of the site, with every ring off.
    survey: Survey
    #: How long something may take before it counts as not happening, in seconds.
    patience: float

    def secret(self, visitor: str) -> str:
        """Return the words that only this visitor's pages show."""
        ...

    def url(self, path: str) -> str:
        """Return the address of a page of the victim's site."""
        ...

    def become(self, visitor: str, *, afresh: bool = False, bare: bool = False) -> None:
        """Let the visitor of that role use the browser from now on.

        Who was there before is forgotten, with all cookies; ``afresh`` does so also where it is the
        same visitor, for an attack that changes what the browser keeps. With ``bare`` the session
        cookie has no flag, unless something of the site gives it one.
        """
        ...

    @property
    def session_cookie(self) -> str:
        """The name of the session cookie that the last visitor was given."""
        ...

    @property
    def session_is_for_tls(self) -> bool:
        """Whether the session cookie was given out as one for TLS alone (``Secure``)."""
        ...

    def readable_cookies(self) -> str:
        """Return the cookies that a script of the page may read that is open now."""
        ...

    def credentials(self, visitor: str) -> tuple[str, str]:
        """Return the name and the password by which the visitor of that role logs in."""
        ...

    def visit(self, url: str, *, press: bool = False) -> VisitLike:
        """Let the visitor open ``url`` and wait for it.

        ``press`` then waits, scrolls, hovers and clicks: it sets off every event handler and every
        link that is code.
        """
        ...

    def send(self, url: str) -> VisitLike:
        """Let the visitor open ``url``, where the first form sends itself, wherever it goes to."""
        ...

    def follow(self, url: str) -> VisitLike:
        """Let the visitor open ``url`` and follow the link there whose id is ``link``."""
        ...

    def land(self, url: str, *, press: bool = False) -> VisitLike:
        """Let the visitor open ``url``, where the first form sends itself, and wait for the answer.

        What is told is the page that it led to; ``press`` as in :meth:`visit`, there.
        """
        ...

    def click(self, url: str, x: int, y: int) -> VisitLike:
        """Let the visitor open ``url`` and really click at that place of the window."""
        ...

    def click_again(self, x: int, y: int) -> None:
        """Let the visitor click once more: a frame that has just come is not heard at once."""
        ...

    def submit(self, form: FormLike, values: Mapping[str, str]) -> VisitLike:
        """Let the visitor fill in and submit the form on the site's own page."""
        ...

    def run(self, url: str, script: str, argument: object = None) -> Any:
        """Let the visitor open ``url``, run ``script`` there, and return what it returns.

        Of the browser's protocol, outside the page's policy: for what a visitor does by hand.
        None where the page does not load.
        """
        ...

    def files(self) -> Mapping[str, str]:
        """Return the names of stored files by row and field, ``app.Model:pk:field``."""
        ...

    def paths_of(self, row: str) -> Sequence[str]:
        """Return where the site may show a row of :meth:`files`, the file's own address first."""
        ...

    def picture(self) -> bytes:
        """Return a JPEG of what the visitor sees now."""
        ...

    def ask(
        self,
        method: str,
        target: str,
        *,
        visitor: str = "anonymous",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> AnswerLike:
        """Send a request without a browser, with that visitor's cookies of this state.

        ``target`` is a path with its query, quoted as in a URL.
        """
        ...

    def cookies(self, visitor: str) -> Mapping[str, str]:
        """Return the cookies that :meth:`ask` has been given as that visitor, by name."""
        ...

    def serve(
        self,
        html: str,
        *,
        by: str = "attacker",
        name: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Serve ``html`` on a site of the attacker's and return its address.

        ``by`` is one of ``attacker``, ``sibling``, ``suffixed``, ``prefixed``, ``downgraded``,
        ``plain``.
        """
        ...

    def origin_of(self, kind: str) -> str:
        """Return the attacker's origin of that kind; ``victim`` is the site's own."""
        ...

    def collect_path(self, name: str) -> str:
        """Return the path, on each site of the attacker's, that keeps what is posted to it."""
        ...

    def collected(self, name: str) -> str | None:
        """Wait for what was posted there."""
        ...

    def new_address(self) -> str:
        """Return an address of the attacker's that nobody has asked for yet."""
        ...

    def asked_for(self, text: str) -> Mapping[str, str] | None:
        """Return the first request to the attacker whose address or ``Referer`` holds ``text``.

        A mapping of ``url``, ``host``, ``referer``, ``method``, ``cookie`` and ``scheme``.
        """
        ...

    def waits_for(self, text: str) -> Mapping[str, str] | None:
        """Wait for such a request; None where none comes in time."""
        ...

    def mark(self) -> int:
        """Remember this moment of the site's journal."""
        ...

    def request_since(
        self, mark: int, method: str, path: str, *, query: str = "", seconds: float | None = None
    ) -> ExchangeLike | None:
        """Wait for the request that reached the site since ``mark``, ``patience`` long or so."""
        ...

    def requests_since(self, mark: int) -> Sequence[ExchangeLike]:
        """Return what reached the site since ``mark``, without waiting."""
        ...

    def stored(self, text: str) -> str | None:
        """Return the column of the site's database that contains ``text``."""
        ...

    def digest(self) -> str:
        """Return a digest of the site's whole state; what only counts or dates is left out."""
        ...

    def changes(self) -> int:
        """Return a number that is another one once anything was written to the database.

        Far cheaper than :meth:`digest`, and sees sessions and counters too; always another one
        where the database cannot tell.
        """
        ...

    def poison(self, column: str, text: str) -> bool:
        """Write ``text`` into a column of the site's database; False where it does not take it."""
        ...

    def restore(self) -> None:
        """Put the site's database and caches back to what they were."""
        ...

    def trace(self, numbers: Iterable[str]) -> None:
        """Trace numbers of :func:`new_number` to where the site writes them.

        Only with every ring off: what is found there holds in the other states, too.
        """
        ...

    def line(self, source: str, number: int) -> Place | None:
        """Return what line of a template the ``number``-th line of a page's source is."""
        ...

    def tainted(
        self, make: Callable[[str], str], places: Collection[Place] | None = None
    ) -> AbstractContextManager[None]:
        """Add what ``make`` makes of a number to the text of template variables, for the block.

        Each variable has a number of its own, and what is added passes all its filters. ``places``
        are of the survey's variables; None for all.
        """
        ...

    def variable(self, number: str) -> Place | None:
        """Return the variable that had that number in the last :meth:`tainted`."""
        ...

    def place(self, identifier: str, *, pressed: bool = False) -> Place | None:
        """Return what wrote the payload that fired with that id last, None where it is not known.

        ``identifier`` begins with a number that is traced; ``pressed`` asks for what fired when the
        page was pressed, and not while it loaded.
        """
        ...

    def mails(self) -> Sequence[MailLike]:
        """Return the mails that the site would have sent in this state."""
        ...


#: The ordinary, same-origin use of a target: None where it works, else what failed of it.
Use = Callable[[Stage, Target], str | None]


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack.

    ``find`` gives the candidates, or the reason why there is none. ``strike`` attacks them in one
    volley and answers for each, in their order; :func:`one_by_one` makes it of a function for a
    single target. With every ring off all candidates are struck; where the attack is a ``guess``
    (a payload that may be shown nowhere) those that come to nothing there are counted and let go,
    else each is *inconclusive*. ``use`` is the visitor's ordinary way.

    ``stopped_by`` is the rings' claim, which tests hold them to; empty where the cure is the site's
    own code, and the reference fix of the sandbox is the negative control. ``overriding`` names
    mechanisms of which a browser obeys one and ignores the other: rings that stop the attack by the
    same one of them count once. ``changes`` says that it changes the site's database.
    """

    name: str
    title: str
    cwe: str
    stopped_by: tuple[str, ...]
    find: Callable[[Survey], tuple[Target, ...] | str]
    strike: Callable[[Stage, Sequence[Target]], Sequence[Result]]
    use: Use
    fix: str
    overriding: frozenset[str] = frozenset()
    guess: bool = False
    changes: bool = False


def one_by_one(
    strike: Callable[[Stage, Target], Result],
) -> Callable[[Stage, Sequence[Target]], Sequence[Result]]:
    """Return a volley of single shots, each with the browser in its visitor's hands."""

    def volley(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
        results: dict[int, Result] = {}
        for visitor in dict.fromkeys(target.visitor for target in targets):
            for number, target in enumerate(targets):
                if target.visitor == visitor:
                    # Each time: the one before may have been a log-out.
                    stage.become(visitor)
                    results[number] = strike(stage, target)
        return [results[number] for number in range(len(targets))]

    return volley


def new_marker() -> str:
    """Return a word that stands nowhere yet."""
    return f"rf{secrets.token_hex(8)}"


def new_number() -> str:
    """Return a number of nine digits that stands nowhere yet: short, and it needs no quotes."""
    return str(secrets.randbelow(9 * 10**8) + 10**8)


def path_of(url: str) -> str:
    """Return the path of ``url`` without its query."""
    return urlsplit(url).path


def stopped_by_answer(exchange: ExchangeLike | None, otherwise: str) -> Result:
    """Say how a request that came to nothing was stopped.

    ``otherwise`` is the mechanism where the site answered as ever, with the victim's session, and
    the attack failed all the same.
    """
    if exchange is None:
        return Result(Outcome.STOPPED, NO_REQUEST, "the browser sent no request to the site")
    if exchange.crashed:
        return Result(
            Outcome.INCONCLUSIVE, "crash", f"the site answered {exchange.status}: a crash"
        )
    if not exchange.with_session:
        return Result(
            Outcome.STOPPED, NO_SESSION, "the browser left the victim's session out of the request"
        )
    if exchange.status >= 400:
        return Result(Outcome.STOPPED, REFUSED, f"the site refused it with {exchange.status}")
    return Result(Outcome.STOPPED, otherwise, f"the site answered {exchange.status}: {otherwise}")
