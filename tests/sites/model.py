"""What a site under test is: its pages, what is done on them in a browser, and for whom.

No Django here: the process that drives the browser and compares has none configured.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sites.browse import Tab

__all__ = ["ADMIN", "MODES", "SITES", "Page", "Site"]

ROOT = Path(__file__).resolve().parents[2]

ADMIN = "keeper"

#: ``stock``: the site as it is. ``backend``: with ringfence's template backend and nothing else of
#: it. ``fenced``: with the backend and the middleware under a strict policy.
MODES = ("stock", "backend", "fenced")


@dataclass(frozen=True, slots=True)
class Page:
    """A request. Pages are asked for in order, so what one changes the next ones see.

    ``user`` "" is a visitor who is not logged in. ``browse`` False: not opened in the browser.
    """

    name: str
    path: str
    status: int = 200
    user: str = ADMIN
    post: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    browse: bool = True
    #: False for a page that shows what ringfence brings, such as a list of all filters.
    compared: bool = True

    @property
    def browsed(self) -> bool:
        """Whether the browser opens it as well."""
        return self.browse and self.post is None and self.status in {200, 404}


@dataclass(frozen=True, slots=True)
class Site:
    """A project under ``projects/``: ``settings.py``, ``urls.py``, ``data.py`` and ``pages.py``."""

    name: str
    #: Modules that the site needs beside Django.
    needs: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the project stands."""
        return ROOT / "tests" / "sites" / "projects" / self.name

    @property
    def heavy(self) -> bool:
        """Whether its packages are not among the suite's own."""
        return not set(self.needs) <= {"rest_framework", "docutils"}

    @property
    def pages(self) -> list[Page]:
        """The requests, in order."""
        pages: list[Page] = self._module().PAGES
        names = [page.name for page in pages]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"{self.name} has two pages named {sorted(doubled)}")
        return pages

    @property
    def captures(self) -> dict[str, str]:
        """Names for what an answer holds and a later page's path asks for, as ``{name}``."""
        captures: dict[str, str] = getattr(self._module(), "CAPTURES", {})
        return captures

    @property
    def acts(self) -> list[Callable[[Tab], None]]:
        """What is done in the browser besides opening the pages."""
        acts: list[Callable[[Tab], None]] = self._module().ACTS
        return acts

    def _module(self) -> Any:
        return importlib.import_module(f"tests.sites.projects.{self.name}.pages")


SITES = {
    site.name: site
    for site in (
        Site("admin"),
        Site("drf", ("rest_framework",)),
        Site("allauth", ("allauth",)),
        Site("toolbar", ("debug_toolbar",)),
        Site("wagtail", ("wagtail",)),
        Site("oscar", ("oscar",)),
    )
}
