"""What an attack is, what it is given, and what it may answer. No Django here."""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringfence.prove.survey import Survey

__all__ = [
    "NO_REQUEST",
    "NO_SESSION",
    "REFUSED",
    "Attack",
    "Outcome",
    "Result",
    "Stage",
    "Target",
    "new_marker",
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
class Result:
    """An outcome, how it came about, and one sentence of evidence."""

    outcome: Outcome
    mechanism: str
    evidence: str


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
    """A form that the victim sees."""

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
    """What came of opening a page."""

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


class ExchangeLike(Protocol):
    """A request that reached the site."""

    @property
    def status(self) -> int: ...
    @property
    def with_session(self) -> bool: ...
    @property
    def crashed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Target:
    """What an attack aims at: a page, and for some a form on it or a column shown on it."""

    path: str
    label: str
    form: FormLike | None = None
    column: str | None = None


class Stage(Protocol):
    """The sandbox as an attack sees it, in one state of the rings, with the victim logged in."""

    #: The words that only the victim's pages show.
    secret: str
    #: How long something may take before it counts as not happening.
    patience: float

    def url(self, path: str) -> str:
        """Return the address of a page of the victim's site."""
        ...

    def visit(self, url: str) -> VisitLike:
        """Let the victim's browser open ``url`` and wait for it."""
        ...

    def press(self, url: str) -> VisitLike:
        """Open ``url`` and set off every event handler and every link of it that is code."""
        ...

    def lure(self, url: str) -> None:
        """Let the victim's browser open ``url`` and look away."""
        ...

    def submit(self, form: FormLike, values: Mapping[str, str]) -> VisitLike:
        """Let the victim fill in and submit the form on the site's own page."""
        ...

    def attacker_page(self, name: str, html: str) -> str:
        """Serve ``html`` on the attacker's site and return its address."""
        ...

    def collect_path(self, name: str) -> str:
        """Return the path on the attacker's site that keeps what is posted to it."""
        ...

    def collected(self, name: str) -> str | None:
        """Wait for what was posted there."""
        ...

    def mark(self) -> int:
        """Remember this moment of the site's journal."""
        ...

    def request_since(self, mark: int, method: str, path: str) -> ExchangeLike | None:
        """Wait for the request that reached the site since ``mark``."""
        ...

    def stored(self, text: str) -> str | None:
        """Return the column of the site's database that contains ``text``."""
        ...

    def digest(self) -> str:
        """Return a digest of the site's whole state."""
        ...

    def poison(self, column: str, text: str) -> bool:
        """Write ``text`` into a column of the site's database."""
        ...

    def fired(self) -> set[str]:
        """Return the ids with which payloads have called the browser's binding."""
        ...


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack.

    ``stopped_by`` is the rings' claim, which tests hold them to. ``overriding`` names mechanisms
    of which a browser obeys one and ignores the other: rings that stop the attack by the same one
    of them count once. ``find`` gives the targets, or the reason why there is none; ``use`` is the
    same-origin visitor's ordinary way, and answers what failed of it.
    """

    name: str
    title: str
    cwe: str
    stopped_by: tuple[str, ...]
    find: Callable[[Survey], tuple[Target, ...] | str]
    strike: Callable[[Stage, Target], Result]
    use: Callable[[Stage, Target], str | None]
    fix: str
    overriding: frozenset[str] = frozenset()


def new_marker() -> str:
    """Return a word that stands nowhere yet."""
    return f"rf{secrets.token_hex(8)}"


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
