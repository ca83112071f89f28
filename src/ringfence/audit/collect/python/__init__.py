"""Python source -> facts, without importing or running any of it.

:func:`read_python` reads one file on its own; :func:`link` finds out what files mean to one
another, from the facts alone.
"""

from __future__ import annotations

import gc

from ringfence.audit.collect.python.link import link
from ringfence.audit.collect.python.names import imported_packages, is_close_reading, module_of
from ringfence.audit.collect.python.parse import Unreadable, parse
from ringfence.audit.collect.python.state import Unit
from ringfence.audit.collect.python.statements import Reader
from ringfence.audit.collect.python.urls import has_urls, read_urls
from ringfence.audit.model import PythonFacts, Skipped

__all__ = ["link", "read_python"]


def read_python(text: str, path: str, *, is_test: bool = False) -> PythonFacts | Skipped:
    """Return the facts of one module, or why there are none.

    Of tests only the lines are counted: they are not deployed. Modules in which nothing is named
    that a rule could be about are not parsed: of them, no more than the imports is known.
    """
    module = module_of(path)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.count("\n") + (not text.endswith("\n") and bool(text))
    if is_test:
        return _empty(path, module, lines)
    if not (is_close_reading(text) or _is_models(path) or _is_views(path) or has_urls(text)):
        imports = imported_packages(text)
        return PythonFacts(path, module, imports, (), (), (), (), (), lines)
    # A syntax tree is thousands of objects and no circles: looking for circles takes a third of
    # the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _read(text, path, module, lines)
    finally:
        if collects:
            gc.enable()


def _read(text: str, path: str, module: str, lines: int) -> PythonFacts | Skipped:
    try:
        tree = parse(text)
    except Unreadable as error:
        return Skipped(path, str(error))
    unit = Unit(path, module, text.split("\n"))
    package = module.split(".") if path.endswith("__init__.py") else module.split(".")[:-1]
    reader = Reader(unit, package=package)
    try:
        reader.module(tree)
    except RecursionError:
        return Skipped(path, "nested too deeply")
    return PythonFacts(
        path,
        module,
        unit.imports,
        tuple(unit.star_imports),
        tuple(unit.calls),
        tuple(unit.assignments),
        tuple(unit.functions),
        tuple(unit.classes),
        lines,
        urls=read_urls(tree, unit) if has_urls(text) else (),
    )


def _empty(path: str, module: str, lines: int) -> PythonFacts:
    return PythonFacts(path, module, {}, (), (), (), (), (), lines, is_test=True)


def _is_models(path: str) -> bool:
    """Say whether it may define models: templates show their fields, whatever else is in it."""
    parts = path.split("/")
    return parts[-1] == "models.py" or "models" in parts[-2:-1]


def _is_views(path: str) -> bool:
    """Say whether it may define views: what a URL leads to is asked of all of them."""
    parts = path.removesuffix(".py").split("/")
    return bool({"views", "viewsets", "api"} & set(parts[-2:])) or parts[-1].endswith("_views")
