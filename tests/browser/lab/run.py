"""Render every context with every value, look at it in the browser, and judge what was seen."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.browser.lab import harmless
from tests.browser.lab.browser import Document, Seen, look_at
from tests.browser.lab.contexts import Context
from tests.browser.lab.engines import engine
from tests.browser.lab.harmless import PLACEHOLDER
from tests.browser.lab.sets import FIRST, LabSet

__all__ = ["QUICK", "Outcome", "measure"]

#: Payloads of a quick run, for each context; of harmless values a third as many.
QUICK = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """A context and a value, with what was seen of them."""

    context: str
    value: Any
    note: str = ""

    def __str__(self) -> str:
        shown = repr(self.value)
        shown = shown if len(shown) < 100 else shown[:97] + "..."
        return f"{self.context}: {shown}" + (f"  [{self.note}]" if self.note else "")


@dataclass(slots=True)
class Outcome:
    """All that came of a run; pairs in the order of the contexts."""

    engine: str
    attacks: int = 0
    documents: int = 0
    executed: list[Pair] = field(default_factory=list)
    changed: list[Pair] = field(default_factory=list)
    #: Harmless values that arrived, of how many; and those that did not.
    harmless: int = 0
    broken: list[Pair] = field(default_factory=list)
    #: Attacks, and harmless values, that were replaced by the placeholder.
    refused: int = 0
    refused_harmless: list[Pair] = field(default_factory=list)
    #: Renders that raised: the page is an error, which is neither safe nor intact.
    raised: list[Pair] = field(default_factory=list)
    fired: set[str] = field(default_factory=set)
    attacked: set[str] = field(default_factory=set)
    payloads: Sequence[str] = ()
    #: The contexts that were run.
    rows: Sequence[Context] = ()

    @property
    def contexts(self) -> int:
        return len(self.rows)

    @property
    def intact(self) -> int:
        return self.harmless - len(self.broken)

    @property
    def clean(self) -> bool:
        """Nothing ran, nothing changed, everything harmless arrived."""
        return not (self.executed or self.changed or self.broken or self.raised)

    def never_fired(self) -> list[str]:
        return [payload for payload in self.payloads if payload not in self.fired]

    def never_attacked(self) -> list[str]:
        return [
            context.name
            for context in self.rows
            if context.counts and not context.unattackable and context.name not in self.attacked
        ]


@dataclass(frozen=True, slots=True)
class _Case:
    context: Context
    value: Any
    attack: bool
    document: Document


def _chosen(which: LabSet, names: str | None, name: str) -> list[Context]:
    pattern = re.compile(names or "")
    return [
        context
        for context in which.contexts
        if pattern.search(context.name) and not (context.django_only and name.endswith("jinja2"))
    ]


def _sample(context: Context, values: Sequence[Any], size: int) -> list[Any]:
    """A few of them: the same in every run, others in each context."""
    chance = random.Random(context.name)  # noqa: S311 - nothing is kept secret by it
    return chance.sample(values, min(size, len(values)))


def measure(
    name: str,
    *,
    names: str | None = None,
    sample: int = 0,
    which: LabSet = FIRST,
    navigate: bool = False,
    browser: str | None = None,
) -> Outcome:
    """Run the lab for the engine of that name, over the contexts of a set that match ``names``.

    ``sample`` is how many payloads each context gets; nought is all of them.
    """
    contexts = _chosen(which, names, name)
    render, raw = engine(name, contexts), engine("raw", contexts)
    outcome = Outcome(name, rows=contexts, payloads=which.payloads)
    cases: list[_Case] = []
    references: dict[str, list[Document]] = {}
    for context in contexts:
        references[context.name] = list(_references(context, render, raw))
        attacks = which.payloads
        values = harmless.values(context.accepts, which.values)
        if sample:
            attacks = _sample(context, which.payloads, sample)
            values = _sample(context, values, max(1, sample // 3))
        for value, attack in [*((p, True) for p in attacks), *((v, False) for v in values)]:
            try:
                html = render(context, value)
            except Exception as error:  # noqa: BLE001 - whatever it is, the page is gone
                outcome.raised.append(Pair(context.name, value, f"{type(error).__name__}: {error}"))
                continue
            document = Document(
                html, context.read, context.after, exact=not attack, group=context.name
            )
            cases.append(_Case(context, value, attack, document))
    documents = {case.document for case in cases}.union(*references.values())
    seen = look_at(
        sorted(documents, key=lambda one: (one.read, one.key)), browser=browser, navigate=navigate
    )
    outcome.documents = len({id(one) for one in seen.values()})
    shapes = {
        context.name: {
            _normal(context, seen[document.key].shape) for document in references[context.name]
        }
        for context in contexts
    }
    for case in cases:
        _judge(case, seen[case.document.key], shapes[case.context.name], outcome)
    return outcome


def _references(context: Context, render: Any, raw: Any) -> Iterator[Document]:
    """The page as it is with a harmless value and with the placeholder."""
    for how, value in (
        (render, context.reference),
        (render, PLACEHOLDER),
        (raw, context.reference),
        (raw, PLACEHOLDER),
    ):
        try:
            html = how(context, value)
        except Exception:  # noqa: BLE001, S112 - reported where the attacks raise
            continue
        yield Document(html, context.read, context.after, group=context.name)


def _normal(context: Context, shape: str) -> str:
    for pattern, name in context.names:
        shape = re.sub(pattern, name, shape)
    return re.sub(" +", " ", shape).replace("[ ", "[").replace(" ]", "]")


def _judge(case: _Case, seen: Seen, shapes: set[str], outcome: Outcome) -> None:
    context, value = case.context, case.value
    # What stands for a name in a script.
    refused = PLACEHOLDER in case.document.html or "_refused" in case.document.html
    if case.attack:
        if not context.counts:
            return
        outcome.attacks += 1
        outcome.refused += refused
        if seen.ran:
            outcome.executed.append(Pair(context.name, value, " ".join(seen.ran)))
            outcome.fired.add(value)
            outcome.attacked.add(context.name)
        if _normal(context, seen.shape) not in shapes:
            outcome.changed.append(Pair(context.name, value, _difference(seen.shape, shapes)))
        return
    if refused and context.refused:
        return
    outcome.harmless += 1
    found = seen.value if isinstance(seen.value, list) else [seen.value]
    wanted = context.expect(value)
    intact = any(_same(one, other) for one in (seen.value, *found) for other in wanted)
    if refused:
        outcome.refused_harmless.append(Pair(context.name, value))
    if refused or not intact:
        note = "refused" if refused else seen.error or f"reads {seen.value!r:.80}"
        outcome.broken.append(Pair(context.name, value, note))


def _same(one: Any, other: Any) -> bool:
    """Equal, and true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _difference(shape: str, shapes: set[str]) -> str:
    """Where the shape first departs from the reference nearest to it."""
    best = 0
    for other in shapes:
        common = 0
        for a, b in zip(shape, other, strict=False):
            if a != b:
                break
            common += 1
        best = max(best, common)
    return "…" + shape[max(0, best - 15) : best + 35]
