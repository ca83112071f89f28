"""What was found of a site: plain data, and what the attacks ask of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.prove.stage import FormLike, Place

__all__ = ["NOTHING", "Coverage", "FoundForm", "FoundRequest", "Page", "Parameter", "Survey"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as one visitor got it.

    ``path`` has no query; ``kind`` is the content type, ``pattern`` the URL pattern that answered,
    ``place`` the view. ``shows_secret``: it holds the words that only this visitor's pages show.
    """

    path: str
    visitor: str
    status: int
    kind: str
    shows_secret: bool
    pattern: str
    place: Place | None
    headers: Mapping[str, str]

    @property
    def is_html(self) -> bool:
        """Whether a browser shows it as a document with markup."""
        return self.kind in ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form that a visitor sees, and the view that it is sent to.

    ``changes``: its ordinary use changes the database.
    """

    form: FormLike
    visitor: str
    changes: bool
    place: Place | None

    @property
    def kinds(self) -> frozenset[str]:
        """The types of its fields."""
        return frozenset(field.kind for field in self.form.fields)


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a stranger can put into a request of the visitor's.

    ``where`` is ``query``, ``form`` or ``path``. ``target`` is a path with its query in which
    ``{}`` stands for the value, which has to be quoted; of a form ``form`` is given as well.
    """

    where: str
    name: str
    target: str
    visitor: str
    place: Place | None
    form: FormLike | None = None


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request that may change something, and that scripts of a page send when it is used.

    ``kind`` is its content type, ``body`` what it held; ``page`` the page whose script sent it.
    """

    method: str
    target: str
    kind: str
    body: str
    visitor: str
    place: Place | None
    page: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the URL configuration was seen.

    ``missing`` has each pattern that no visitor reached, with what it lacks.
    """

    patterns: int
    reached: int
    missing: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """The share of patterns that was reached, from 0 to 1."""
        return self.reached / self.patterns if self.patterns else 1.0


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to attack, as every visitor sees it with all rings off.

    ``columns`` are the text columns that can be poisoned without breaking a page, with their
    greatest length (None for any). ``visitors`` are the roles there are, ``anonymous`` first.
    ``unfollowed`` are pages that nobody has asked for yet (status 0): by their names they end a
    session or take something away.
    ``variables`` are those of the project's templates that held text on some page.
    """

    visitors: tuple[str, ...]
    pages: tuple[Page, ...]
    forms: tuple[FoundForm, ...]
    requests: tuple[FoundRequest, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[tuple[str, int | None], ...]
    coverage: Coverage
    notes: tuple[str, ...]
    unfollowed: tuple[Page, ...] = ()
    variables: tuple[Place, ...] = ()

    def html_pages(self) -> tuple[Page, ...]:
        """Return the pages with markup that their visitor really got."""
        return tuple(page for page in self.pages if page.is_html and page.status == 200)

    def with_secret(self) -> tuple[Page, ...]:
        """Return the pages that show their visitor's data, each path for the lowest role only."""
        found: dict[str, Page] = {}
        for page in self.pages:
            if page.shows_secret and page.status == 200:
                found.setdefault(page.path, page)
        return tuple(found.values())


#: Of a site that nobody has looked at yet.
NOTHING = Survey((), (), (), (), (), (), Coverage(0, 0, ()), ())
