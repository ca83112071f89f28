"""What else of a tree matters: who needs an app that may go, which classes are middlewares."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.collect import tree
from ringfence.audit.collect.settings import find
from ringfence.audit.fixes._calls import dotted
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Place
from ringfence.audit.moving.plan import Around
from ringfence.replaced import FENCE, PACKAGES, REPLACED

__all__ = ["look_around"]

_MIDDLEWARES: Final = frozenset({FENCE, *REPLACED})
_CLASSES: Final = frozenset(each.rpartition(".")[2] for each in _MIDDLEWARES)

_LOAD: Final = re.compile(r"\{%-?\s{0,20}load\s([^%{}]{0,500})%\}")


def look_around(found: tree.Tree) -> Around:
    """Return who needs an app that may go, and which classes build upon a middleware that does.

    A file that cannot be read as Python, and has an app's name in it, needs it.
    """
    places: dict[str, list[Place]] = {package: [] for package in PACKAGES}
    heirs: dict[str, str] = {}
    for file in found.files:
        text = tree.read(file) if file.kind in ("python", "template") else ""
        if not isinstance(text, str):
            continue
        named = [package for package in PACKAGES if package in text]
        builds = file.kind == "python" and any(name in text for name in _CLASSES)
        if not named and not builds:
            continue
        read = Text(file.path, text)
        for package in named:
            lines = _in_python(read, package) if file.kind == "python" else _in_page(read, package)
            places[package] += [
                Place(file.path, line, text=read.lines[line - 1].strip()[:200])
                for line in sorted(set(lines))
            ]
        if builds:
            heirs.update(_heirs(read))
    return Around(places, heirs)


def _in_python(text: Text, package: str) -> Iterator[int]:
    if text.tree is None:
        yield from (at for at, line in enumerate(text.lines, 1) if package in line)
    for node in text.nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Its middleware is replaced, and its name in INSTALLED_APPS is what this is about.
            known = node.value in REPLACED or ".apps." in node.value
            names = [] if known or "." not in node.value else [node.value]
        if any(name == package or name.startswith(f"{package}.") for name in names):
            yield getattr(node, "lineno", 1)


def _in_page(text: Text, package: str) -> Iterator[int]:
    for match in _LOAD.finditer(text.text):
        if package in match[1].split():
            yield text.line_of(match.start())


def _heirs(text: Text) -> Iterator[tuple[str, str]]:
    """Yield the classes of a module that build upon a middleware, and upon which."""
    names: dict[str, str] = {}
    for node in text.nodes:
        if isinstance(node, ast.ImportFrom) and not node.level:
            for each in node.names:
                names[each.asname or each.name] = f"{node.module}.{each.name}"
    for node in text.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        for base in node.bases:
            # By a name that was imported, or by its module's.
            parent = names.get(dotted(base)) or dotted(base)
            first, dot, rest = parent.partition(".")
            parent = f"{names.get(first, first)}{dot}{rest}"
            if parent in _MIDDLEWARES:
                yield f"{find.dotted(text.path)}.{node.name}", parent
