"""Find what there is to attack: pages, forms and stored text, as the victim with every ring off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.prove.attacks.forgery import marked_fields
from ringfence.prove.attacks.script import payload
from ringfence.prove.contexts import new_number, ways_of
from ringfence.prove.contexts import payload as context_payload
from ringfence.prove.stage import new_marker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringfence.sandbox.boot import Sandbox
    from ringfence.sandbox.browser import Form
    from ringfence.sandbox.database import Column

__all__ = ["Page", "Survey", "survey"]

#: What ends the session, or takes away what the next attack needs.
_LEAVES = re.compile(r"log-?_?out|sign-?_?out|delete|remove|deactivate|unsubscribe", re.IGNORECASE)

#: How many pages are opened in the browser; paths beyond are only fetched.
_BROWSED = 30
_FETCHED = 400


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the victim can see."""

    path: str
    html: bool
    shows_secret: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    ``forms`` are those whose ordinary use changes the database; ``firing`` pairs a column with a
    page on which a script stored in that column runs; ``contexts`` has the name of an attack, a
    column and a page on which text stored there runs in that attack's way.
    """

    pages: tuple[Page, ...]
    forms: tuple[Form, ...]
    firing: tuple[tuple[str, str], ...]
    contexts: tuple[tuple[str, str, str], ...]
    why_no_forms: str
    why_nothing_fires: str
    why_no_contexts: str
    notes: tuple[str, ...]

    def with_secret(self) -> tuple[Page, ...]:
        """Return the pages that show the victim's data."""
        return tuple(page for page in self.pages if page.shows_secret)


def survey(sandbox: Sandbox, paths: Iterable[str], tell: Callable[[str], None]) -> Survey:
    """Look at the site, which must be arranged with every ring off and the victim logged in.

    Changes the database copy: what the forms stored stays, so that stored text has rows to be in.
    """
    finder = _Finder(sandbox)
    tell("looking for pages")
    pages, forms = finder.crawl(paths)
    tell(f"{len(pages)} pages; trying {len(forms)} forms")
    working = [form for form in forms if finder.works(form)]
    tried = ", ".join(sorted({urlsplit(form.action).path for form in forms})) or "none found"
    sandbox.site.database.keep()
    tell("storing scripts in every text column")
    columns = finder.harmless_columns(pages)
    html = [page.path for page in pages if page.html]
    firing = finder.fires(columns, html)
    contexts = finder.runs(columns, html)
    sandbox.site.database.reset()
    return Survey(
        pages=tuple(pages),
        forms=tuple(working),
        firing=tuple(firing),
        contexts=tuple(contexts),
        why_no_forms=f"no POST form whose use changes the database was found (tried: {tried})",
        why_nothing_fires=(
            f"no script stored in any of {len(columns)} text columns runs on any of {len(pages)} "
            "pages: the templates escape them"
        ),
        why_no_contexts=(
            f"no text stored in any of {len(columns)} text columns runs this way on any of "
            f"{len(pages)} pages"
        ),
        notes=tuple(finder.notes),
    )


class _Finder:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._site = sandbox.site
        self._browser = sandbox.browser
        self._secret = sandbox.victim.secret
        self._cookie = sandbox.browser.cookies(sandbox.site.origin + "/")
        self.notes: list[str] = []

    def crawl(self, paths: Iterable[str]) -> tuple[list[Page], list[Form]]:
        """Follow links from the start page, then what the URL patterns name."""
        waiting = ["/", *paths]
        seen: set[str] = set()
        pages: list[Page] = []
        forms: dict[tuple[str, tuple[str, ...]], Form] = {}
        browsed = 0
        for path in waiting:
            if path in seen or _LEAVES.search(path) or len(seen) >= _FETCHED:
                continue
            seen.add(path)
            status, kind, text = self._site.fetch(path, self._cookie)
            if status != 200:
                continue
            html = kind == "text/html"
            shown = self._secret in text
            pages.append(Page(path, html, shown))
            if not html or browsed >= _BROWSED:
                continue
            browsed += 1
            visit = self._browser.visit(self._site.origin + path, survey=True)
            # Appending to the list that is being walked: links are followed after what is known.
            waiting += [urlsplit(link).path for link in visit.links]
            for form in visit.forms:
                if self._may_be_attacked(form):
                    forms.setdefault((form.action, tuple(f.name for f in form.fields)), form)
        if browsed >= _BROWSED:
            self.notes.append(f"only the first {_BROWSED} pages were opened in the browser")
        return pages, list(forms.values())

    def _may_be_attacked(self, form: Form) -> bool:
        kinds = {field.kind for field in form.fields}
        return (
            form.method == "post"
            and form.action.startswith(self._site.origin + "/")
            and not _LEAVES.search(urlsplit(form.action).path)
            # A log-in or a change of password needs what neither attacker nor sandbox knows.
            and "password" not in kinds
        )

    def works(self, form: Form) -> bool:
        """Whether the form's ordinary use changes the database."""
        marker, database = new_marker(), self._site.database
        values = marked_fields(form, marker)
        before = database.digest()
        self._browser.submit(form, values)
        return database.contains(marker) is not None if values else database.digest() != before

    def harmless_columns(self, pages: Sequence[Page]) -> list[Column]:
        """Return the columns that can be poisoned without breaking a page.

        Some text is machinery (a path, a name of a class): with markup in it the site crashes,
        which would hide everything else. Found by halving.
        """
        size = len(payload(new_marker()))
        columns = [
            column
            for column in self._site.database.text_columns()
            if column.max_length is None or column.max_length >= size
        ]
        good = self._without_breaking(columns, [page.path for page in pages[:_BROWSED]])
        if len(good) < len(columns):
            left_out = ", ".join(c.label for c in columns if c not in good)
            self.notes.append(f"not poisoned, because a page breaks with markup in it: {left_out}")
        return good

    def _without_breaking(self, columns: list[Column], paths: Sequence[str]) -> list[Column]:
        if not columns or not self._breaks(columns, paths):
            return columns
        if len(columns) == 1:
            return []
        half = len(columns) // 2
        return [
            *self._without_breaking(columns[:half], paths),
            *self._without_breaking(columns[half:], paths),
        ]

    def _breaks(self, columns: Sequence[Column], paths: Sequence[str]) -> bool:
        self._poison(columns)
        return any(self._site.fetch(path, self._cookie)[0] != 200 for path in paths)

    def _poison(self, columns: Sequence[Column]) -> dict[str, str]:
        self._site.refresh()
        identifiers = {new_marker(): column for column in columns}
        for identifier, column in identifiers.items():
            self._site.database.poison(column, payload(identifier))
        return {identifier: column.label for identifier, column in identifiers.items()}

    def fires(self, columns: Sequence[Column], paths: Sequence[str]) -> list[tuple[str, str]]:
        """Return each column whose script runs, with the first page on which it does."""
        if not columns:
            return []
        labels = self._poison(columns)
        found: dict[str, str] = {}
        for path in paths[:_BROWSED]:
            self._browser.fired.clear()
            self._browser.visit(self._site.origin + path)
            for identifier in {fired.rpartition(".")[0] for fired in self._browser.fired}:
                if identifier in labels:
                    found.setdefault(labels[identifier], path)
        self._browser.fired.clear()
        return list(found.items())

    def runs(self, columns: Sequence[Column], paths: Sequence[str]) -> list[tuple[str, str, str]]:
        """Return the attacks by which text stored in a column runs, each with the first page."""
        size = len(context_payload(new_number()))
        numbers = {
            new_number(): column
            for column in columns
            if column.max_length is None or column.max_length >= size
        }
        if not numbers:
            return []
        self._site.refresh()
        for number, column in numbers.items():
            self._site.database.poison(column, context_payload(number))
        found: dict[tuple[str, str], str] = {}
        for path in paths[:_BROWSED]:
            visit = self._browser.press(self._site.origin + path)
            for number, column in numbers.items():
                for way in ways_of(visit, number):
                    found.setdefault((way, column.label), path)
        self._browser.fired.clear()
        return [(way, column, path) for (way, column), path in found.items()]
