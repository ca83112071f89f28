"""The sandbox as the attacks see it: :class:`ringfence.prove.stage.Stage`, made real."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.prove.discover.survey import NOTHING, Survey
from ringfence.prove.stage import Place, new_marker
from ringfence.sandbox.arguments import paths_of_row
from ringfence.sandbox.database import Column
from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.lines import line_of_stack
from ringfence.sandbox.roles import ANONYMOUS
from ringfence.sandbox.states import OFF
from ringfence.sandbox.trail import TEMPLATE, Spot, decisive
from ringfence.sandbox.visit import Form
from ringfence.sandbox.watch import shown

if TYPE_CHECKING:
    from ringfence.prove.stage import FormLike, MailLike
    from ringfence.sandbox.boot import Sandbox
    from ringfence.sandbox.client import Answer
    from ringfence.sandbox.journal import Exchange
    from ringfence.sandbox.visit import Visit

__all__ = ["SandboxStage", "place_of"]

_PATIENCE = 5.0

#: A number that is followed, at the beginning of a payload's id.
_DIGITS = 9


class SandboxStage:
    """One state of the sandbox. Make a new one for each."""

    patience = _PATIENCE

    def __init__(self, sandbox: Sandbox, state: str, survey: Survey = NOTHING) -> None:
        self.state = state
        self.survey = survey
        self._sandbox = sandbox
        self._site = sandbox.site
        self._browser = sandbox.browser
        self._cookies: dict[str, dict[str, str]] = {}
        self._present = ""
        self._kept = -1
        self._ended = self._site.sessions_ended
        #: For each id with the number that the site was told, and whether it fired when the page
        #: was pressed: the id that fired.
        self._fired: dict[tuple[str, bool], str] = {}
        #: For each id that a script of the site's made code of: the line of that script.
        self._scripts: dict[str, Place] = {}

    def secret(self, visitor: str) -> str:
        return self._sandbox.visitors[visitor].secret

    def url(self, path: str) -> str:
        return self._site.origin + path

    def _notice_log_outs(self) -> None:
        """Forget who is logged in where the site ended a session: nobody knows whose it was."""
        if self._site.sessions_ended != self._ended:
            self._ended = self._site.sessions_ended
            self._present = ""
            self._cookies.clear()

    def become(self, visitor: str, *, afresh: bool = False, bare: bool = False) -> None:
        self._notice_log_outs()
        if visitor == self._present and not (afresh or bare):
            return
        self._browser.do(lambda tab: tab.forget())
        # Whoever comes next must not find bare cookies.
        self._present = "" if bare else visitor
        if visitor == ANONYMOUS:
            return
        address = self._site.admit(self._sandbox.visitors[visitor], bare=bare)
        visit = self._browser.do(lambda tab: tab.visit(address))
        if not self._site.session_began:
            error = self._site.journal.error or visit.error or f"status {visit.status}"
            raise SandboxError(f"the {visitor} could not be logged in: {error}")

    @property
    def session_cookie(self) -> str:
        return self._site.session_cookie

    @property
    def session_is_for_tls(self) -> bool:
        return self._site.session_is_for_tls

    def readable_cookies(self) -> str:
        return self._browser.do(lambda tab: tab.readable_cookies())

    def credentials(self, visitor: str) -> tuple[str, str]:
        known = self._sandbox.visitors[visitor]
        return known.name, known.password

    def visit(self, url: str, *, press: bool = False, survey: bool = False) -> Visit:
        return self._told(self._browser.do(lambda tab: tab.visit(url, press=press, survey=survey)))

    def send(self, url: str) -> Visit:
        return self._told(self._browser.do(lambda tab: tab.send(url)))

    def land(self, url: str, *, press: bool = False) -> Visit:
        return self._told(self._browser.do(lambda tab: tab.land(url, press=press)))

    def follow(self, url: str) -> Visit:
        return self._browser.do(lambda tab: tab.follow(url))

    def click(self, url: str, x: int, y: int) -> Visit:
        return self._browser.do(lambda tab: tab.click(url, x, y))

    def click_again(self, x: int, y: int) -> None:
        self._browser.do(lambda tab: tab.click_again(x, y))

    def submit(self, form: FormLike, values: Mapping[str, str]) -> Visit:
        if not isinstance(form, Form):
            raise TypeError("Only a form that the browser found can be submitted.")
        return self._browser.do(lambda tab: tab.submit(form, values))

    def run(self, url: str, script: str, argument: object = None) -> Any:
        return self._browser.do(lambda tab: tab.run(url, script, argument))

    def files(self) -> Mapping[str, str]:
        return self._site.database.files()

    def paths_of(self, row: str) -> Sequence[str]:
        return paths_of_row(row)

    def picture(self) -> bytes:
        return self._browser.do(lambda tab: tab.picture())

    def ask(
        self,
        method: str,
        target: str,
        *,
        visitor: str = ANONYMOUS,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        jar = self._jar(visitor)
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
        answer = self._site.ask(method, target, cookie=cookie, headers=headers, body=body)
        if visitor != ANONYMOUS:
            jar.update(_set_by(answer))
        trail = self._site.trail
        return replace(answer, text=trail.plain(answer.text), written=trail.written(answer.text))

    def cookies(self, visitor: str) -> Mapping[str, str]:
        return self._jar(visitor)

    def _jar(self, visitor: str) -> dict[str, str]:
        """Return the visitor's cookies; nobody's are new each time."""
        self._notice_log_outs()
        if visitor == ANONYMOUS:
            return {}
        if visitor not in self._cookies:
            path = self._site.admit(self._sandbox.visitors[visitor]).removeprefix(self._site.origin)
            answer = self._site.ask("GET", path)
            if not self._site.session_began:
                error = self._site.journal.error or answer.error or f"status {answer.status}"
                raise SandboxError(f"the {visitor} could not be logged in: {error}")
            self._cookies[visitor] = _set_by(answer)
        return self._cookies[visitor]

    def serve(
        self,
        html: str,
        *,
        by: str = "attacker",
        name: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        name = name or new_marker()
        self._sandbox.attacker.page(name, html, headers)
        return self._sandbox.attacker.page_of(by, name)

    def origin_of(self, kind: str) -> str:
        if kind == "victim":
            return self._site.origin
        return self._sandbox.attacker.origin_of(kind)

    def collect_path(self, name: str) -> str:
        return self._sandbox.attacker.collect_url(name)

    def collected(self, name: str) -> str | None:
        return self._sandbox.attacker.collected(name, self.patience)

    def new_address(self) -> str:
        return self._sandbox.attacker.new_address()

    def asked_for(self, text: str) -> Mapping[str, str] | None:
        return self._sandbox.attacker.asked_for(text)

    def waits_for(self, text: str) -> Mapping[str, str] | None:
        return self._sandbox.attacker.waits_for(text, self.patience)

    def mark(self) -> int:
        return self._site.journal.mark()

    def request_since(
        self, mark: int, method: str, path: str, *, query: str = "", seconds: float | None = None
    ) -> Exchange | None:
        wait = self.patience if seconds is None else seconds
        return self._site.journal.wait(mark, method=method, path=path, query=query, seconds=wait)

    def requests_since(self, mark: int) -> Sequence[Exchange]:
        return self._site.journal.since(mark)

    def stored(self, text: str) -> str | None:
        return self._site.database.contains(text)

    def digest(self) -> str:
        return self._site.database.digest()

    def changes(self) -> int:
        return self._site.database.changes()

    def poison(self, column: str, text: str) -> bool:
        return self._site.database.poison(Column(column, None), text)

    def restore(self) -> None:
        self._site.refresh()

    def keep(self) -> None:
        """Let what was written so far stay, whatever :meth:`restore` takes back."""
        now = self._site.database.changes()
        if now != self._kept:
            self._site.database.keep()
            self._kept = now

    def trace(self, numbers: Iterable[str]) -> None:
        if self.state == OFF:
            self._site.trail.follow(numbers)

    def place(self, identifier: str, *, pressed: bool = False) -> Place | None:
        if identifier in self._scripts:
            return self._scripts[identifier]
        fired = self._fired.get((identifier, pressed), identifier)
        spot = decisive(self._site.trail.spots(fired[:_DIGITS]))
        return None if spot is None else place_of(spot)

    def tainted(
        self, make: Callable[[str], str], places: Collection[Place] | None = None
    ) -> AbstractContextManager[None]:
        only = None if places is None else frozenset(map(_spot_of, places))
        return self._site.taint.adding(make, only)

    def variable(self, number: str) -> Place | None:
        spot = self._site.taint.spot_of(number)
        return None if spot is None else place_of(spot)

    def _line_of(self, stack: str, visit: Visit) -> Place | None:
        """Return the line of the project's script that a stack came from."""
        found = line_of_stack(stack, self._site.origin)
        if found is None:
            return None
        url, number = found
        lines = self._site.lines
        file = lines.static(url)
        if file is not None:
            text = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
            return Place("script", text[number - 1].strip()[:200], shown(file), number)
        return self.line(visit.source, number)

    def line(self, source: str, number: int) -> Place | None:
        known = self._site.lines.find(source, number)
        if known is None:
            return None
        text = source.splitlines()[number - 1].strip()
        return Place("template", text[:200], shown(known[0]), known[1])

    def _told(self, visit: Visit) -> Visit:
        """Return the visit with the numbers that the attack made, and remember which fired."""
        trail = self._site.trail
        ids = {each: trail.root(each[:_DIGITS]) + each[_DIGITS:] for each in visit.fired}
        self._fired |= {(ids[each], False): each for each in visit.on_load}
        self._fired |= {(ids[each], True): each for each in visit.on_press}
        for each in visit.fired & visit.stacks.keys() if self.state == OFF else ():
            place = self._line_of(visit.stacks[each], visit)
            if place is not None:
                self._scripts[ids[each]] = place
        return replace(
            visit,
            source=trail.plain(visit.source),
            text=trail.plain(visit.text),
            frames=tuple(map(trail.plain, visit.frames)),
            on_load=frozenset(ids[each] for each in visit.on_load),
            on_press=frozenset(ids[each] for each in visit.on_press),
        )

    def mails(self) -> Sequence[MailLike]:
        return self._site.mails()

    @property
    def session_left_to_browser(self) -> bool:
        """Whether the session cookie names no SameSite, so that the browser's default decides."""
        return self._site.session_left_to_browser


def _set_by(answer: Answer) -> dict[str, str]:
    fields = answer.headers.get("set-cookie", "").split("\n")
    pairs = (field.partition(";")[0].partition("=") for field in fields if field)
    return {name.strip(): value for name, _, value in pairs}


def place_of(spot: Spot) -> Place:
    """Return a spot of the sandbox's as a finding has it."""
    kind = "template" if spot.kind == TEMPLATE else "view"
    return Place(kind, spot.text, spot.file, spot.line)


def _spot_of(place: Place) -> Spot:
    return Spot(TEMPLATE, place.text, place.file, place.line)
