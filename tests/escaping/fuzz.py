"""Random templates with random values: data changes nothing but text.

    python -m tests.escaping.fuzz --cases 1000000 --seed 1 --jobs 4
    python -m tests.escaping.fuzz --seed 1 --template 4711

A case is one template rendered with one pair of values by the ring's engine. The oracle compares
the page with that of the same template and harmless values. A failure prints what repeats it.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_grammar
import fuzz_oracle
from django.utils.text import slugify

#: Values for each template: a template takes longer to make than to render.
VALUES = 8
#: A failing template is likely to fail with other values too; these are not all shown.
SHOWN_OF_EACH = 1
#: Templates that a process does at a time.
CHUNK = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that went wrong."""

    number: int
    source: str
    parts: dict[str, str]
    values: dict[str, Any]
    problem: str
    page: str = ""

    def __str__(self) -> str:
        lines = [f"template {self.number}: {self.problem}", f"  source {self.source!r}"]
        if self.parts:
            lines.append(f"  parts  {self.parts!r}")
        lines.append(f"  values {self.values!r}")
        if self.page:
            lines.append(f"  page   {self.page!r}")
        return "\n".join(lines)


def engine(parts: dict[str, str]) -> Any:
    """Return an engine of the ring's that can include ``parts``."""
    from ringfence.template import Engine

    return Engine(loaders=[("django.template.loaders.locmem.Loader", parts)])


def render(template: Any, values: dict[str, Any]) -> str:
    """Return the page."""
    from django.template import Context

    return str(template.render(Context({"yes": True, "nothing": "", "three": "123"} | values)))


def failures(seed: int, first: int, templates: int) -> Iterator[Failure | None]:
    """Yield for each case None, or what went wrong in it."""
    for number in range(first, first + templates):
        grammar = fuzz_grammar.Grammar(f"{seed}:{number}")
        case = grammar.template()
        yield from _of_template(number, case, grammar)


def _of_template(
    number: int, case: fuzz_grammar.Case, grammar: fuzz_grammar.Grammar
) -> Iterator[Failure | None]:
    pages: dict[str, str] = {}
    try:
        template = engine(case.parts).from_string(case.source)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is a finding
        yield Failure(number, case.source, case.parts, {}, f"does not compile: {error!r}")
        return
    for _ in range(VALUES):
        values = {"a": grammar.value(), "b": grammar.value()}
        if case.fragile and any(not str(value).strip() for value in values.values()):
            # Blank text opens no element again that damaged markup left open; other text does.
            continue
        if "<{{" in case.source and any(slugify(value) == "p" for value in values.values()):
            # A paragraph ends before many an element; one of another name has it inside.
            continue
        safe = {name: fuzz_grammar.harmless(value) for name, value in values.items()}
        page = ""
        try:
            page = render(template, values)
            key = repr(safe)
            if key not in pages:
                pages[key] = render(template, safe)
            problems = _problems(page, pages[key], values)
        except Exception as error:  # noqa: BLE001 - as above
            problems = [f"raised {type(error).__name__}: {error}"]
        if problems:
            yield Failure(number, case.source, case.parts, values, "; ".join(problems), page)
        else:
            yield None


def _problems(page: str, expected: str, values: dict[str, Any]) -> list[str]:
    if page == expected:
        return []
    needles = _needles(values)
    harmless = fuzz_oracle.View(expected, needles)
    if harmless.open_names:
        harmless = fuzz_oracle.View(expected, needles, harmless)
    blank = any(not str(value).strip() for value in values.values())
    found = fuzz_oracle.View(page, needles, harmless)
    return fuzz_oracle.differences(found, harmless, blank=blank)


def _needles(values: dict[str, Any]) -> tuple[str, ...]:
    """Return what shows that a variable is part of a name: HTML's white space and = end names."""
    texts = [part for value in values.values() for part in re.split("[\t\n\f\r =]+", str(value))]
    whole = [*texts, *map(str, values.values())]
    texts += [filtered for text in whole for filtered in (slugify(text), text.replace("a", ""))]
    return ("zzz", fuzz_oracle.REFUSED, *{text.lower() for text in texts if text})


def main() -> int:
    """Run the cases; the exit code is 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--template", type=int, help="only this one, all failures")
    parser.add_argument("--show", type=int, default=40, help="how many failing templates")
    parser.add_argument("--jobs", type=int, default=1, help="in how many processes")
    options = parser.parse_args()
    first = options.template or 0
    count = 1 if options.template is not None else -(-options.cases // VALUES)
    chunks = [
        (options.seed, at, min(CHUNK, first + count - at))
        for at in range(first, first + count, CHUNK)
    ]
    started = time.monotonic()
    cases = said = 0
    failed: Counter[int] = Counter()
    for done, found in _in_processes(chunks, options.jobs):
        cases += done
        for failure in found:
            failed[failure.number] += 1
            few = failed[failure.number] <= SHOWN_OF_EACH and len(failed) <= options.show
            if few or options.template is not None:
                print(failure, flush=True)  # noqa: T201 - a command speaks on standard output
        if cases // 100_000 > said:
            said = cases // 100_000
            print(f"FUZZ: {cases} cases, {failed.total()} failed", flush=True)  # noqa: T201
    seconds = time.monotonic() - started
    print(  # noqa: T201
        f"FUZZ: seed {options.seed}: {cases} cases of {count} templates, {failed.total()} failed "
        f"in {len(failed)} templates, {seconds:.0f} s, {cases / seconds:.0f} cases/s"
    )
    return int(bool(failed))


def _in_processes(
    chunks: list[tuple[int, int, int]], jobs: int
) -> Iterator[tuple[int, list[Failure]]]:
    """Yield each chunk's number of cases and its failures, in order."""
    if jobs <= 1:
        configure()
        yield from map(_chunk, chunks)
        return
    # A fresh interpreter for each: nothing of this one's is theirs.
    with multiprocessing.get_context("spawn").Pool(jobs, configure) as pool:
        yield from pool.imap(_chunk, chunks)


def _chunk(chunk: tuple[int, int, int]) -> tuple[int, list[Failure]]:
    results = list(failures(*chunk))
    return len(results), [failure for failure in results if failure is not None]


def configure() -> None:
    """Set Django up for a run outside of pytest, and keep the ring's log quiet."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_TZ=True, TEMPLATES=[], INSTALLED_APPS=["ringfence"])
        django.setup()
    logging.disable(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
