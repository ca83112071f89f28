"""What a stranger puts into a request of the visitor's, and what becomes code in the answer.

First it is asked without a browser whether the answer shows a number that was put in, and where; of
the payloads for such places those are tried whose decisive part the site leaves as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urlsplit
from weakref import WeakKeyDictionary

from ringfence.prove.contexts import Context, contexts
from ringfence.prove.discover.filling import filled
from ringfence.prove.payloads import Payload, payloads_for
from ringfence.prove.stage import (
    REFUSED,
    Attack,
    Outcome,
    Result,
    Target,
    new_number,
    one_by_one,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import AnswerLike, Stage, VisitLike

__all__ = ["attack"]

#: What the escaping ring writes where a value could not stand (its documentation).
_PLACEHOLDER: Final = "ringfence-refused"

#: How many payloads are asked for without a browser, and opened in one, at one target: with every
#: ring off, and in another state beside the one that ran.
_ASKED, _OPENED = 80, 6
_ASKED_AGAIN, _OPENED_AGAIN = 12, 2

_FORM: Final = "application/x-www-form-urlencoded"


def attack(name: str, *, digit: str, title: str, stopped_by: tuple[str, ...], fix: str) -> Attack:
    """Return the attack by the way of ``digit``: see :mod:`ringfence.prove.payloads`.

    Of the two ways that leave a string, ``name`` says which: ``reflected_handler`` or
    ``reflected_string``.
    """

    def strike(stage: Stage, target: Target) -> Result:
        return _strike(stage, target, _Way(digit, in_handlers="handler" in name))

    return Attack(
        name=name,
        title=title,
        cwe="CWE-79",
        stopped_by=stopped_by,
        find=_find,
        strike=one_by_one(strike),
        use=_use,
        fix=fix,
        guess=True,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    digit: str
    in_handlers: bool

    def payloads(self, where: Sequence[Context]) -> Iterator[Payload]:
        """Yield what may run by this way in any of the contexts, each once, in turn."""
        fit = [each for each in where if self.digit != "2" or self._fits(each)]
        families = [payloads_for(context, self.digit) for context in fit]
        seen: set[str] = set()
        for number in range(max(map(len, families), default=0)):
            for family in families:
                if number < len(family) and family[number].id not in seen:
                    seen.add(family[number].id)
                    yield family[number]

    def _fits(self, context: Context) -> bool:
        return (context.kind == "handler") == self.in_handlers


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = [
        Target(
            each.target,
            f"{each.name} ({each.where}) at {urlsplit(each.target).path}",
            visitor=each.visitor,
            form=each.form,
            parameter=each.name,
            place=each.place,
            data={"where": each.where},
        )
        for each in survey.parameters
    ]
    patterns: dict[str, Target] = {}
    for page in survey.html_pages():
        label = f"Referer (header) at {page.path}"
        where = {"where": "referer"}
        target = Target(page.path, label, visitor=page.visitor, place=page.place, data=where)
        patterns.setdefault(page.pattern, target)
    targets += patterns.values()
    return tuple(targets) or "nothing was found that a stranger can put into a request"


# One shot


def _strike(stage: Stage, target: Target, way: _Way) -> Result:
    known = target.data.get("payload", "")
    asked, opened = (_ASKED_AGAIN, _OPENED_AGAIN + 1) if known else (_ASKED, _OPENED)
    payloads: list[Payload] = [Payload("known", way.digit, known, "")] if known else []
    shown = _shown(stage, target)
    payloads += islice(way.payloads(shown.where), asked)
    last: Result | None = None
    for payload in payloads:
        if opened == 0:
            break
        number = new_number()
        needs = payload.needs(number)
        if not _SPECIAL.intersection(needs) <= shown.kept:
            continue
        stage.trace([number])
        text = payload.text(number)
        if needs and needs not in _ask(stage, target, text).text:
            continue
        opened -= 1
        visit = _open(stage, target, text)
        identifier = number + way.digit
        if identifier in visit.fired:
            return Result(
                Outcome.SUCCEEDED,
                "ran",
                f"what a stranger put into the request ran in the {target.visitor}'s page: {text}",
                place=stage.place(identifier, pressed=identifier not in visit.on_load),
                target=replace(target, data={**target.data, "payload": payload.form}),
                picture=stage.picture(),
            )
        last = last or _stopped(visit, number)
    return last or Result(Outcome.STOPPED, "not shown", "the answer has no place for such text")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where an answer shows what is put in, and which of ``_SPECIAL`` it shows as they are."""

    where: tuple[Context, ...] = ()
    kept: frozenset[str] = frozenset()


#: By stage and target: all ways ask the same.
_KNOWN: WeakKeyDictionary[Stage, dict[str, _Shown]] = WeakKeyDictionary()
_SPECIAL: Final = frozenset("<>'\"`$")


def _shown(stage: Stage, target: Target) -> _Shown:
    known = _KNOWN.setdefault(stage, {})
    if target.label not in known:
        word = new_number()
        answer = _ask(stage, target, word)
        where = contexts(answer.text, word) if answer.is_html or not answer.kind else ()
        known[target.label] = _Shown(where, _kept(stage, target)) if where else _Shown()
    return known[target.label]


def _kept(stage: Stage, target: Target) -> frozenset[str]:
    """Ask with every special character at once; a site that refuses that may keep each."""
    word = new_number()
    answer = _ask(stage, target, "".join(f"{word}{each}" for each in sorted(_SPECIAL)) + word)
    if word not in answer.text:
        return _SPECIAL
    return frozenset(each for each in _SPECIAL if f"{word}{each}" in answer.text)


def _address(target: Target, value: str) -> str:
    if target.data["where"] in ("query", "path"):
        return target.path.replace("{}", quote(value, safe=""), 1)
    return target.path


def _fields(target: Target, value: str) -> list[tuple[str, str]]:
    sent = filled(target.form, new_number()) if target.form is not None else []
    return [
        *(pair for pair in sent if pair[0] != target.parameter),
        (target.parameter or "", value),
    ]


def _ask(stage: Stage, target: Target, value: str) -> AnswerLike:
    where, visitor = target.data["where"], target.visitor
    if where == "form":
        body = urlencode(_fields(target, value)).encode()
        headers = {"Content-Type": _FORM}
        return stage.ask("POST", target.path, visitor=visitor, headers=headers, body=body)
    if where == "referer":
        address = f"{stage.origin_of('attacker')}/?{quote(value, safe='')}"
        return stage.ask("GET", target.path, visitor=visitor, headers={"Referer": address})
    return stage.ask("GET", _address(target, value), visitor=visitor)


def _open(stage: Stage, target: Target, value: str) -> VisitLike:
    """Let the visitor follow the attacker's link, or open the page that sends the form."""
    where, url = target.data["where"], stage.url(_address(target, value))
    if where not in ("form", "referer"):
        return stage.visit(url, press=True)
    method, fields, headers, query = "get", "", {}, ""
    if where == "form":
        method = "post"
        fields = "".join(
            f'<textarea name="{escape(name)}">\n{escape(text)}</textarea>'
            for name, text in _fields(target, value)
        )
    else:
        headers = {"Referrer-Policy": "unsafe-url"}
        query = f"?{quote(value, safe='')}"
    page = f"""<!doctype html><meta charset="utf-8"><title>Win</title>
        <form method="{method}" action="{escape(url)}">{fields}</form>"""
    return stage.land(stage.serve(page, headers=headers) + query, press=True)


def _stopped(visit: VisitLike, number: str) -> Result:
    if visit.error is not None or visit.status >= 500 or visit.status == 0:
        return Result(
            Outcome.INCONCLUSIVE, "crash", f"the page did not load: {visit.error or visit.status}"
        )
    if number in visit.source or _PLACEHOLDER in visit.source:
        why = f" ({visit.blocked[0]})" if visit.blocked else ""
        return Result(
            Outcome.STOPPED, "not run", f"the page carries the payload and nothing ran{why}"
        )
    if visit.status >= 400:
        return Result(Outcome.STOPPED, REFUSED, f"the site refused it with {visit.status}")
    return Result(Outcome.INCONCLUSIVE, "absent", "the page does not carry what was put in")


def _use(stage: Stage, target: Target) -> str | None:
    if target.form is not None:
        path = urlsplit(target.form.page).path
        answer = stage.ask("GET", path, visitor=target.visitor)
        return None if not answer.error and answer.status < 400 else f"{path}: {answer.status}"
    word = new_number()
    answer = _ask(stage, target, word)
    # Some pages show it on an error page, which is as much a page as any.
    if word in answer.text or (not answer.error and answer.status < 400):
        return None
    return f"the page does not load ({answer.error or answer.status})"
