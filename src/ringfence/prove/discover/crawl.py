"""Walk through the site as each visitor: pages, forms and parameters."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode, urlsplit

from ringfence.prove.discover.links import links_of, locations_of
from ringfence.prove.discover.survey import Coverage, FoundForm, FoundRequest, Page, Parameter
from ringfence.prove.stage import Place, new_marker
from ringfence.sandbox.arguments import filled_paths
from ringfence.sandbox.patterns import Pattern, patterns, viewed
from ringfence.sandbox.roles import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringfence.prove.discover.links import Link
    from ringfence.prove.stage_of_sandbox import SandboxStage
    from ringfence.sandbox.visit import Form

__all__ = ["LEAVES", "Crawl"]

#: What ends the session, or takes away what the next attack needs: followed by no crawl.
LEAVES = re.compile(r"log-?_?out|sign-?_?out|delete|remove|deactivate|unsubscribe", re.IGNORECASE)

#: Pages of one pattern are alike: so many are looked at, as one visitor.
_PER_PATTERN = 3
_MOST_PARAMETERS = 400
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
#: Names that sites read without ever writing them into a link.
_GUESSED = ("q", "next", "search", "page", "url", "redirect", "id", "name", "callback", "message")


class Crawl:
    """What was seen so far. ``pages`` is how many are fetched as one visitor."""

    def __init__(self, stage: SandboxStage, *, pages: int) -> None:
        self._stage = stage
        self._origin = stage.origin_of("victim")
        self._most = pages
        self._patterns = patterns()
        self._reached: set[str] = set()
        self._tried: dict[str, str] = {}
        self._examples: dict[str, str] = {}
        self._forms: dict[tuple[str, str, tuple[str, ...]], tuple[Form, str]] = {}
        self._parameters: dict[tuple[str, str, str], Parameter] = {}
        self._unfollowed: dict[tuple[str, str], Page] = {}
        self._requests: dict[tuple[str, str], FoundRequest] = {}
        self.pages: list[Page] = []
        self.notes: list[str] = []

    def walk(self, visitor: str) -> None:
        """Fetch what this visitor can reach, and look with the browser at each kind of page."""
        stage = self._stage
        stage.become(visitor)
        waiting: list[Link] = [("/", ()), *((path, ()) for path in self._starts())]
        sitemap = stage.ask("GET", "/sitemap.xml", visitor=visitor)
        if sitemap.status == 200:
            waiting += locations_of(self._origin, sitemap.text)
        seen: set[str] = set()
        alike: Counter[str] = Counter()
        browsed: Counter[str] = Counter()
        # Appending to the list that is walked: links are followed after what is known.
        for path, query in waiting:
            self._note_parameters(path, query, visitor)
            if path in seen:
                continue
            if LEAVES.search(path):
                self._leave_alone(path, visitor)
                continue
            if len(seen) >= self._most:
                self.notes.append(f"as {visitor} only the first {self._most} pages were fetched")
                break
            seen.add(path)
            found = viewed(unquote(path))
            pattern = found.route if found else path
            if alike[pattern] >= _PER_PATTERN:
                continue
            if found:
                self._examples.setdefault(found.route, path)
            answer = stage.ask("GET", path, visitor=visitor)
            if answer.status in (0, 404) or answer.status >= 500:
                if answer.status >= 500:
                    self.notes.append(f"{path} answers {answer.status} to the {visitor}")
                self._tried.setdefault(pattern, f"answers {answer.status} at {path}")
                continue
            alike[pattern] += 1
            self._reached.add(pattern)
            place = Place("view", found.view, found.file, found.line) if found else None
            page = Page(
                path,
                visitor,
                answer.status,
                answer.kind,
                self._is_private(path, visitor, answer.text),
                pattern,
                place,
                answer.headers,
            )
            self.pages.append(page)
            if answer.status != 200 or not page.is_html:
                continue
            waiting += links_of(self._origin, path, answer.text)
            if browsed[pattern] < 1:
                browsed[pattern] += 1
                waiting += self._browse(path, visitor)

    def _is_private(self, path: str, visitor: str, text: str) -> bool:
        """Whether the page shows what only its visitor is shown, and not what everybody is."""
        secret = self._stage.secret(visitor)
        if visitor == ANONYMOUS or secret not in text:
            return False
        # With a query of its own, so that no cache of the site's answers.
        others = self._stage.ask("GET", f"{path}?{new_marker()}=1")
        return secret not in others.text

    def _leave_alone(self, path: str, visitor: str) -> None:
        found = viewed(unquote(path))
        if found is not None:
            place = Place("view", found.view, found.file, found.line)
            page = Page(
                path,
                visitor,
                0,
                "",
                shows_secret=False,
                pattern=found.route,
                place=place,
                headers={},
            )
            self._unfollowed.setdefault((found.route, visitor), page)

    def _browse(self, path: str, visitor: str) -> list[Link]:
        stage = self._stage
        stage.become(visitor)
        # The page may have made rows by being asked for; what its use changes is undone.
        stage.keep()
        mark = stage.mark()
        visit = stage.visit(stage.url(path), survey=True, press=True)
        self._note_requests(mark, visitor, path)
        for form in visit.forms:
            action = urlsplit(form.action)
            if f"{action.scheme}://{action.netloc}" != self._origin:
                continue
            key = (form.method, action.path, tuple(field.name for field in form.fields))
            # What also a visitor sees who has a session is attacked with one.
            if key not in self._forms or self._forms[key][1] == ANONYMOUS:
                self._forms[key] = (form, visitor)
            if form.method == "get":
                query = tuple((f.name, f.value) for f in form.fields if f.kind != "submit")
                self._note_parameters(action.path, query, visitor)
        return [
            (urlsplit(link).path, ()) for link in visit.links if urlsplit(link).scheme == "https"
        ]

    def _note_requests(self, mark: int, visitor: str, page: str) -> None:
        """Note what the page's scripts have sent, and undo what it changed."""
        sent = [e for e in self._stage.requests_since(mark) if e.method not in _SAFE]
        for each in sent:
            key = (each.method, each.path)
            target = f"{each.path}?{each.query}" if each.query else each.path
            known = self._requests.get(key)
            if each.status < 400 and (known is None or known.visitor == ANONYMOUS):
                self._requests[key] = FoundRequest(
                    each.method,
                    target,
                    each.kind,
                    each.body.decode("utf-8", "replace"),
                    visitor,
                    _place(each.path),
                    page,
                )
        if sent:
            self._stage.restore()
            self._stage.become(visitor, afresh=True)

    def _starts(self) -> Iterable[str]:
        for pattern in self._patterns:
            if pattern.arguments:
                yield from filled_paths(pattern)
            else:
                yield pattern.template.replace("%%", "%")

    def _note_parameters(self, path: str, query: Sequence[tuple[str, str]], visitor: str) -> None:
        for name, _ in query:
            key = ("query", path, name)
            if key in self._parameters or len(self._parameters) >= _MOST_PARAMETERS:
                continue
            others = urlencode([pair for pair in query if pair[0] != name])
            target = f"{path}?{others}{'&' if others else ''}{quote(name)}={{}}"
            self._parameters[key] = Parameter("query", name, target, visitor, _place(path))

    def guess_parameters(self) -> None:
        """Add parameters that no link names, where a page shows what is put into them."""
        stage = self._stage
        asked: set[str] = set()
        for page in self.pages:
            if page.pattern in asked or not page.is_html or page.status >= 400:
                continue
            asked.add(page.pattern)
            words = {name: new_marker() for name in _GUESSED}
            answer = stage.ask("GET", f"{page.path}?{urlencode(words)}", visitor=page.visitor)
            told = answer.text + answer.headers.get("location", "")
            for name, word in words.items():
                if word in told:
                    self._note_parameters(page.path, ((name, ""),), page.visitor)

    def parameters(self) -> tuple[Parameter, ...]:
        """Return what can be put into requests: of queries, of forms and of paths."""
        found = dict(self._parameters)
        for form, visitor in self._forms.values():
            path = urlsplit(form.action).path
            if form.method != "post" or LEAVES.search(path):
                continue
            for field in form.fields:
                if field.kind in ("text", "search", "textarea", "hidden", "email", "url"):
                    key = ("form", path, field.name)
                    if field.name != "csrfmiddlewaretoken":
                        found.setdefault(
                            key, Parameter("form", field.name, path, visitor, _place(path), form)
                        )
        for pattern in self._patterns:
            for name in pattern.arguments:
                known = self._examples.get(pattern.route)
                filled = known or next(iter(filled_paths(pattern)), None)
                if filled is None or len(pattern.arguments) > 1:
                    continue
                target = pattern.template.replace(f"%({name})s", "{}").replace("%%", "%")
                if viewed(target.replace("{}", "a'b")) is None:
                    continue  # a number, an identifier: nothing that markup fits into
                found.setdefault(
                    ("path", pattern.route, name),
                    Parameter("path", name, target, self._visitor_of(pattern), _place(filled)),
                )
        return tuple(found.values())

    def forms(self, changes: Callable[[Form, str], bool]) -> tuple[FoundForm, ...]:
        """Return the forms; ``changes`` says of each whether its use changes the database."""
        return tuple(
            FoundForm(form, visitor, changes(form, visitor), _place(urlsplit(form.action).path))
            for form, visitor in self._forms.values()
        )

    @property
    def unfollowed(self) -> tuple[Page, ...]:
        """What was left alone for its name, one page of each pattern for each visitor."""
        return tuple(self._unfollowed.values())

    @property
    def requests(self) -> tuple[FoundRequest, ...]:
        """What scripts of pages have sent that may change something."""
        return tuple(self._requests.values())

    def coverage(self) -> Coverage:
        """Say which URL patterns were reached, and what those lack that were not."""
        routes = {pattern.route: pattern for pattern in self._patterns}
        missing = [
            (route or "/", self._lack(pattern))
            for route, pattern in routes.items()
            if route not in self._reached
        ]
        return Coverage(len(routes), len(routes) - len(missing), tuple(missing))

    def _lack(self, pattern: Pattern) -> str:
        if pattern.route in self._tried:
            return self._tried[pattern.route]
        if LEAVES.search(pattern.template):
            return "ends a session or takes something away: not followed"
        if pattern.arguments and not filled_paths(pattern):
            return f"no row gives a value for {', '.join(pattern.arguments)}"
        return "no visitor got there within the pages that were fetched"

    def _visitor_of(self, pattern: Pattern) -> str:
        return next((p.visitor for p in self.pages if p.pattern == pattern.route), ANONYMOUS)


def _place(path: str) -> Place | None:
    found = viewed(unquote(path))
    return Place("view", found.view, found.file, found.line) if found else None
