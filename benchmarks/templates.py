"""What contextual escaping costs: the time to render a page, against stock Django and Jinja2.

Run ``python -m benchmarks --templates-only``. All engines are in one process and take turns: a
round renders each page once (or a few times, where it is short) with each of them, in an order
that rotates. Ratios compare the medians, and the minima, of the same rounds.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import sys
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import change_list
from pages import PAGES, Page

STOCK, OURS = change_list.STOCK, change_list.OURS
#: A sample takes at least about this long.
_SAMPLE_NS = 8_000_000

Render = Callable[[], str]
current = STOCK


class Renderer:
    """Django's form renderer on the backend whose turn it is."""

    def __init__(self) -> None:
        from django.forms import renderers
        from django.template.backends.django import DjangoTemplates as Stock

        from ringfence.template import DjangoTemplates as Ours

        def renderer(backend: type) -> Any:
            return type("Renderer", (renderers.DjangoTemplates,), {"backend": backend})()

        self.renderers = {STOCK: renderer(Stock), OURS: renderer(Ours)}
        self.__dict__.update(
            form_template_name=renderers.DjangoTemplates.form_template_name,
            formset_template_name=renderers.DjangoTemplates.formset_template_name,
            field_template_name=renderers.DjangoTemplates.field_template_name,
            bound_field_class=getattr(renderers.DjangoTemplates, "bound_field_class", None),
        )

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """Render a form's, a field's or a widget's template."""
        return str(self.renderers[current].render(template_name, context, request))

    def get_template(self, template_name: str) -> Any:
        """Return the template."""
        return self.renderers[current].get_template(template_name)


def _by_django(engine: type, page: Page) -> Render:
    from django.template import Context

    made = engine(loaders=[("django.template.loaders.locmem.Loader", page.django)])
    template = made.get_template("page")
    values = page.context()
    return lambda: str(template.render(Context(values)))


def _cached(engine: type) -> Callable[..., Any]:
    def make(*, loaders: list[Any]) -> Any:
        return engine(loaders=[("django.template.loaders.cached.Loader", loaders)])

    return make


def _by_jinja(page: Page, environment: Any) -> Render:
    import jinja2

    made = environment(loader=jinja2.DictLoader(page.jinja), autoescape=True)
    template = made.get_template("page")
    values = page.context()
    return lambda: str(template.render(values))


def _jinjas() -> dict[str, Any]:
    """Return the Jinja environments that there are here, by name."""
    try:
        import jinja2
    except ImportError:
        return {}
    found: dict[str, Any] = {"jinja2": jinja2.Environment}
    import ringfence.template

    backend = getattr(ringfence.template, "Jinja2", None)
    if backend is not None:

        def environment(*, loader: Any, autoescape: bool) -> Any:
            params = {"NAME": "j", "DIRS": [], "APP_DIRS": False}
            options = {"loader": loader, "autoescape": autoescape}
            return backend(params | {"OPTIONS": options}).env

        found["ringfence jinja2"] = environment
    return found


def renders() -> dict[str, dict[str, Render]]:
    """Return ``{page: {engine: a function that renders it}}``."""
    from django.template import Engine as Stock

    from ringfence.template import Engine as Ours

    table: dict[str, dict[str, Render]] = {}
    for page in PAGES:
        table[page.name] = {
            STOCK: _by_django(_cached(Stock), page),
            OURS: _by_django(_cached(Ours), page),
        }
        if page.jinja:
            table[page.name] |= {
                name: _by_jinja(page, environment) for name, environment in _jinjas().items()
            }
    answer = change_list.prepare()
    table["admin change list, 100 rows"] = {
        name: (lambda name=name: answer(name)) for name in (STOCK, OURS)
    }
    return table


def unequal(table: dict[str, dict[str, Render]]) -> list[str]:
    """Return how the pages differ from stock's: figures of another page say nothing.

    Scripts are written differently on purpose and not compared.
    """
    found = []
    for page, by_engine in table.items():
        if "script" in page:
            continue
        stock, ours = (
            re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", _once(name, by_engine[name]))
            for name in (STOCK, OURS)
        )
        for left, right in zip(stock.splitlines(), ours.splitlines(), strict=False):
            if left != right:
                found.append(f"{page}: {right.strip()!r}, not {left.strip()!r}")
                break
    return found


def _once(name: str, render: Render) -> str:
    global current  # noqa: PLW0603 - as in _timed
    current = name
    return render()


def measure(table: dict[str, dict[str, Render]], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return ``{page: {engine: microseconds for a page, a figure for each round}}``."""
    samples: dict[str, dict[str, list[float]]] = {}
    for page, by_engine in table.items():
        repeats = {}
        for name, render in by_engine.items():
            _timed(name, render, 2)
            # As many for each as make the first one's sample long enough.
            repeats[name] = 1
        took = _timed(STOCK, by_engine[STOCK], 1)
        repeats = dict.fromkeys(repeats, max(1, round(_SAMPLE_NS / max(took, 1))))
        found: dict[str, list[float]] = defaultdict(list)
        names = list(by_engine)
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                nanoseconds = _timed(name, by_engine[name], repeats[name])
                found[name].append(nanoseconds / repeats[name] / 1000)
        samples[page] = dict(found)
    return samples


def _timed(name: str, render: Render, repeats: int) -> int:
    global current  # noqa: PLW0603 - Django makes one form renderer for the whole process
    current = name if name in (STOCK, OURS) else STOCK
    gc.collect(0)
    gc.disable()
    try:
        started = time.process_time_ns()
        for _ in range(repeats):
            render()
        return time.process_time_ns() - started
    finally:
        gc.enable()


def render(samples: dict[str, dict[str, list[float]]]) -> str:
    """Return the figures as a table."""
    lines = [
        "\nTEMPLATES: CPU time to render a page, µs; ratios to stock Django of the same rounds",
        (
            f"{'page':<30}{'engine':<18}{'median':>10}{'quartiles':>22}{'least':>10}"
            f"{'of median':>11}{'of least':>10}"
        ),
    ]
    for page, by_engine in samples.items():
        stock = by_engine[STOCK]
        for name, values in by_engine.items():
            low, middle, high = statistics.quantiles(values, n=4)
            share = statistics.median(
                value / base for value, base in zip(values, stock, strict=True)
            )
            lines.append(
                f"{page:<30}{name:<18}{middle:>10.1f}{f'{low:.1f} to {high:.1f}':>22}"
                f"{min(values):>10.1f}{share:>11.3f}{min(values) / min(stock):>10.3f}"
            )
    return "\n".join(lines)


def remembered() -> str:
    """Return what the first renderings leave in memory, over what compiling left there."""
    from django.template import Engine as Stock

    from ringfence.template import Engine as Ours
    from ringfence.template import statistics as counted

    lines = ["\nMEMORY: what the first rendering leaves behind, kB; then after 20 more"]
    for page in PAGES:
        for name, engine in ((STOCK, Stock), (OURS, Ours)):
            gc.collect()
            tracemalloc.start()
            function = _by_django(_cached(engine), page)
            gc.collect()
            compiled, _ = tracemalloc.get_traced_memory()
            _timed(name, function, 1)
            gc.collect()
            once, _ = tracemalloc.get_traced_memory()
            _timed(name, function, 20)
            gc.collect()
            often, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            lines.append(
                f"{page.name:<30}{name:<12}compiled {compiled / 1024:>8.1f}"
                f"   first {(once - compiled) / 1024:>8.1f}   then {(often - once) / 1024:>8.1f}"
            )
    lines.append(f"in all: {counted()}")
    return "\n".join(lines)


def set_up() -> None:
    """Configure Django for all of them."""
    import logging

    import django
    from django.conf import settings

    # Django imports the form renderer by this name.
    sys.modules.setdefault("templates", sys.modules[__name__])
    settings.configure(**change_list.settings())
    django.setup()
    logging.disable(logging.WARNING)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="8 rounds: a first impression")
    parser.add_argument("--page", metavar="TEXT", default="", help="pages whose name holds TEXT")
    parser.add_argument("--linear", action="store_true", help="long values instead")
    options = parser.parse_args(arguments)
    set_up()
    if options.linear:
        import linear

        linear.report()
        return
    chosen = {page: row for page, row in renders().items() if options.page in page}
    for difference in unequal(chosen):
        print(f"NOT THE SAME PAGE: {difference}")
    gc.freeze()
    print(render(measure(chosen, 8 if options.quick else max(options.rounds, 4))), flush=True)
    print(remembered(), flush=True)


if __name__ == "__main__":
    main()
