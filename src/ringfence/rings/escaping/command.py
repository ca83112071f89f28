"""``manage.py ringfence explain-template TEMPLATE [--backend NAME] [--json]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.utils import InvalidTemplateEngineError

from ringfence.rings.escaping.backend import DjangoTemplates
from ringfence.rings.escaping.explain import Row, explain
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.site import policy
from ringfence.terminal import printable

__all__ = ["add_arguments", "handle"]


class _CannotExplainError(Exception):
    """Why a template cannot be explained, as lines for the terminal."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("template", help="a template's name, as a view gives it")
    parser.add_argument(
        "--backend", help="the NAME of an engine in TEMPLATES; default: the first of ringfence's"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Print what becomes of each variable; return 0, or 1 where there is nothing to explain.

    Nothing from the templates reaches the terminal unescaped.
    """
    name = options["template"]
    try:
        backend = _backend(options.get("backend"))
        template = backend.get_template(name).template
        rows = explain(template, policy() or EscapingPolicy())
    except _CannotExplainError as error:
        stderr.write(f"{printable(str(error))}\n")
        return 1
    except TemplateDoesNotExist as error:
        stderr.write("\n".join(map(printable, _missing(error))) + "\n")
        return 1
    except TemplateSyntaxError as error:
        stderr.write(f"{printable(name)} has an error in its syntax: {printable(str(error))}\n")
        return 1
    if options.get("json"):
        document = {
            "template": name,
            "backend": backend.name,
            "rows": [asdict(row) for row in rows],
        }
        stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        stdout.write("\n".join(_lines(name, backend.name, rows)) + "\n")
    return 0


def _backend(name: str | None) -> DjangoTemplates:
    if name is None:
        found = [engine for engine in engines.all() if isinstance(engine, DjangoTemplates)]
        if not found:
            raise _CannotExplainError(
                "No engine in TEMPLATES is ringfence's: write "
                '"BACKEND": "ringfence.template.DjangoTemplates".'
            )
        return found[0]
    try:
        engine = engines[name]
    except InvalidTemplateEngineError:
        known = ", ".join(repr(each.name) for each in engines.all())
        raise _CannotExplainError(
            f"TEMPLATES has no engine named {name!r}. There are: {known}."
        ) from None
    if isinstance(engine, DjangoTemplates):
        return engine
    kind = f"{type(engine).__module__}.{type(engine).__qualname__}"
    if "jinja" in kind.lower():
        raise _CannotExplainError(
            f"The engine {name!r} is Jinja2's: only templates in Django's language can be "
            "explained. What a place is called, and what happens there, is the same in both."
        )
    raise _CannotExplainError(
        f"The engine {name!r} is {kind}, which escapes for HTML text alone: write "
        '"BACKEND": "ringfence.template.DjangoTemplates".'
    )


def _missing(error: TemplateDoesNotExist) -> Iterator[str]:
    yield f"There is no template {str(error)!r}."
    tried = [
        (str(getattr(origin, "name", origin)), str(status))
        for each in (error, *error.chain)
        for origin, status in each.tried
    ]
    if tried:
        yield "It was looked for in:"
        for place, status in dict(tried).items():
            yield f"- {place} ({status})"


def _lines(name: str, backend: str, rows: list[Row]) -> Iterator[str]:
    yield f"{printable(name)}, as the engine {backend!r} renders it"
    template = None
    for row in rows:
        if row.template != template:
            template = row.template
            yield ""
            yield f"{printable(template)}:"
        what = printable(" ".join(row.what.split()))
        if row.kind == "variable":
            yield f"{row.line:>5}  {what}  [{row.context}]  {printable(row.how)}"
        else:
            sign = "+" if row.kind == "grant" else "!"
            yield f"{row.line:>5}  {sign} {what}: {printable(row.how)}"
        if row.fix:
            yield f"{'':7}Fix: {printable(row.fix)}"
    variables = [row for row in rows if row.kind == "variable"]
    refused = sum(bool(row.fix) for row in variables)
    grants = sum(row.kind == "grant" for row in rows)
    yield ""
    yield f"Variables: {len(variables)}, refused: {refused}. Grants: {grants}."
