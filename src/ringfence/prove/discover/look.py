"""Look at the booted site, with every ring off, as every visitor: the :class:`Survey`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.prove.discover.crawl import LEAVES, Crawl
from ringfence.prove.discover.filling import marked_fields
from ringfence.prove.discover.survey import Page, Survey
from ringfence.prove.stage import new_marker, new_number
from ringfence.prove.stage_of_sandbox import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringfence.prove.stage_of_sandbox import SandboxStage
    from ringfence.sandbox.boot import Sandbox
    from ringfence.sandbox.database import Column
    from ringfence.sandbox.visit import Form

__all__ = ["look"]

#: Markup that any page should stand: what breaks of it is machinery, a path or a class's name.
_MARKUP = "{}'\"><b title='"
_LOOKED_AT = 40


def look(
    sandbox: Sandbox,
    stage: SandboxStage,
    *,
    visitors: Sequence[str],
    pages: int,
    tell: Callable[[str], None],
) -> Survey:
    """Look at the site, which must be arranged with every ring off.

    Changes the database copy: what the forms stored stays, so that stored text has rows to be in.
    """
    crawl = Crawl(stage, pages=pages)
    for visitor in visitors:
        tell(f"looking for pages as {visitor}")
        crawl.walk(visitor)
    crawl.guess_parameters()
    tell(f"{len(crawl.pages)} pages; trying the forms on them")
    trial = _Trial(sandbox, stage)
    forms = crawl.forms(trial.changes)
    sandbox.site.database.keep()
    stage.restore()
    tell("storing markup in every text column")
    html = [page for page in crawl.pages if page.status == 200 and page.is_html]
    columns = trial.harmless_columns(html)
    stage.restore()
    notes = crawl.notes + trial.notes
    return Survey(
        visitors=tuple(visitors),
        pages=tuple(crawl.pages),
        forms=forms,
        requests=crawl.requests,
        parameters=crawl.parameters(),
        columns=tuple((column.label, column.max_length) for column in columns),
        coverage=crawl.coverage(),
        notes=tuple(notes),
        unfollowed=crawl.unfollowed,
        variables=tuple(map(place_of, sandbox.site.taint.met())),
    )


class _Trial:
    """Tries what changes the database copy."""

    def __init__(self, sandbox: Sandbox, stage: SandboxStage) -> None:
        self._database = sandbox.site.database
        self._stage = stage
        self.notes: list[str] = []

    def changes(self, form: Form, visitor: str) -> bool:
        """Whether the form's ordinary use changes the database."""
        kinds = {field.kind for field in form.fields}
        # A log-in or a change of password needs what neither attacker nor sandbox knows.
        if (
            form.method != "post"
            or "password" in kinds
            or LEAVES.search(urlsplit(form.action).path)
        ):
            return False
        self._stage.become(visitor)
        marker = new_marker()
        values = marked_fields(form, marker)
        before = "" if values else self._database.digest()
        self._stage.submit(form, values)
        if values:
            return self._database.contains(marker) is not None
        return self._database.digest() != before

    def harmless_columns(self, pages: Sequence[Page]) -> list[Column]:
        """Return the columns that can be poisoned without breaking a page.

        Some text is machinery (a path, a name of a class): with markup in it the site crashes,
        which would hide everything else. Found by halving.
        """
        every = [
            c for c in self._database.text_columns() if c.max_length is None or c.max_length > 30
        ]
        kinds: dict[str, Page] = {}
        for page in pages:
            kinds.setdefault(page.pattern, page)
        self._stage.restore()
        # What answers otherwise by now (somebody logged out, something is gone) tells nothing.
        sound = [page for page in kinds.values() if self._is_sound(page)][:_LOOKED_AT]
        good = self._without_breaking(every, sound)
        if len(good) < len(every):
            left_out = ", ".join(c.label for c in every if c not in good)
            self.notes.append(f"not poisoned, because a page breaks with markup in it: {left_out}")
        return good

    def _without_breaking(self, columns: list[Column], pages: Sequence[Page]) -> list[Column]:
        if not columns or not self._breaks(columns, pages):
            return columns
        if len(columns) == 1:
            return []
        half = len(columns) // 2
        return [
            *self._without_breaking(columns[:half], pages),
            *self._without_breaking(columns[half:], pages),
        ]

    def _breaks(self, columns: Sequence[Column], pages: Sequence[Page]) -> bool:
        self._stage.restore()
        for column in columns:
            self._database.poison(column, _MARKUP.format(new_number()))
        return not all(map(self._is_sound, pages))

    def _is_sound(self, page: Page) -> bool:
        return self._stage.ask("GET", page.path, visitor=page.visitor).status == 200
