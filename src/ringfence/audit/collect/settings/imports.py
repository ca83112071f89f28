"""Imports between settings modules, and split_settings' ``include()``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any, Final

from ringfence.audit.collect.settings.attributes import known_name
from ringfence.audit.collect.settings.values import Ref, plain
from ringfence.audit.collect.settings.world import Frame, ModuleValue
from ringfence.audit.model import UNKNOWN

__all__ = ["ELSEWHERE", "HERE", "import_from", "import_names", "include", "missing"]

Run = Callable[[list[ast.stmt], Frame], str]

#: Where a module that a ``try`` imports is: in the tree, or in another package.
HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"

#: Modules that people keep their secrets in.
_PRIVATE: Final = re.compile(
    r"(?:local|private|secret|production|dev)_?settings|settings_(?:local|private|secret)"
)
#: Helpers larger than this are no settings, and are not evaluated.
_MAX_HELPER: Final = 40_000


def load(path: str, frame: Frame, run: Run, *, as_helper: bool = False) -> Frame | None:
    """Return the module at ``path``, evaluated; one that is being evaluated, as far as it is."""
    world = frame.world
    if path in world.modules:
        return world.modules[path]
    if as_helper and frame.is_helper:
        return None
    parsed = world.sources.parse(path)
    if parsed is None:
        return None
    module = world.modules[path] = Frame(world, parsed, is_helper=as_helper)
    run(parsed.body, module)
    if parsed.gaps:
        module.doubt(f"parts of {path}")
    return module


def import_from(node: ast.ImportFrom, frame: Frame, run: Run) -> bool:
    """Import names; false where the module is missing and a ``try`` awaits that."""
    dotted = "." * node.level + (node.module or "")
    path = frame.world.sources.module(node.module or "", node.level, frame.path)
    star = any(alias.name == "*" for alias in node.names)
    if not path and not star and node.level:
        path = _package(node, frame)
    if star:
        return _star(dotted, path, frame, run)
    module = None
    if path and "settings" in path:
        module = load(path, frame, run)
    elif path and not frame.is_helper and frame.world.sources.size(path) <= _MAX_HELPER:
        module = load(path, frame, run, as_helper=True)
    for alias in node.names:
        local = alias.asname or alias.name
        if module is not None and alias.name in module.names:
            frame.names[local] = module.names[alias.name]
            if alias.name in module.places:
                frame.places[local] = module.places[alias.name]
            continue
        joined = f"{node.module}.{alias.name}" if node.module else alias.name
        inner = frame.world.sources.module(joined, node.level, frame.path)
        if inner and inner != frame.path:
            below = load(inner, frame, run, as_helper="settings" not in inner)
            frame.names[local] = UNKNOWN if below is None else ModuleValue(below)
        elif path or node.level:
            frame.names[local] = UNKNOWN
        else:
            frame.names[local] = known_name(f"{dotted}.{alias.name}")
    if path or not frame.trying:
        return True
    return not node.level and not _is_kept_out(node.module or "", frame)


def _package(node: ast.ImportFrom, frame: Frame) -> str:
    """``from . import base``, in a folder without an ``__init__.py``."""
    first = f"{node.module}.{node.names[0].name}" if node.module else node.names[0].name
    return frame.world.sources.module(first, node.level, frame.path)


def _star(dotted: str, path: str, frame: Frame, run: Run) -> bool:
    if dotted == "django.conf.global_settings" or dotted.startswith(("csp.constants", "typing")):
        return True
    module = load(path, frame, run) if path and path != frame.path else None
    if module is None:
        frame.doubt(dotted)
        return not frame.trying
    frame.world.absorbed.add(path)
    absorb(module, frame)
    return True


def absorb(module: Frame, frame: Frame) -> None:
    """Take over the public names of a module."""
    for name, value in module.names.items():
        if name.startswith("_"):
            continue
        frame.names[name] = value
        frame.uncertain.discard(name)
        if name in module.uncertain:
            frame.uncertain.add(name)
        if name in module.places:
            frame.places[name] = module.places[name]


def include(pattern: Any, frame: Frame, run: Run) -> None:
    """Execute the files that a pattern names in the names of the module that includes them."""
    if not isinstance(pattern, str):
        frame.doubt("what include() names")
        return
    for path in frame.world.sources.matching(plain(pattern), frame.path):
        parsed = frame.world.sources.parse(path)
        if parsed is None or path == frame.path or path in frame.world.modules:
            continue
        inner = frame.world.modules[path] = Frame(frame.world, parsed, frame.names)
        inner.places, inner.uncertain = frame.places, frame.uncertain
        run(parsed.body, inner)
        # A branch of it may have put others in their place.
        frame.names, frame.places, frame.uncertain = inner.names, inner.places, inner.uncertain
        frame.world.absorbed.add(path)


def import_names(node: ast.Import, frame: Frame, run: Run) -> None:
    """Bind what ``import a.b`` and ``import a.b as c`` bind."""
    for alias in node.names:
        path = frame.world.sources.module(alias.name, 0, frame.path)
        if path and alias.asname and frame.world.sources.size(path) <= _MAX_HELPER:
            module = load(path, frame, run, as_helper="settings" not in path)
            frame.names[alias.asname] = UNKNOWN if module is None else ModuleValue(module)
        else:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            frame.names[alias.asname or name] = Ref(name)


def missing(body: list[ast.stmt], frame: Frame) -> str:
    """Say where what a ``try`` imports is, "" if it imports nothing."""
    where = ""
    for node in body:
        if isinstance(node, ast.Import):
            names = [(alias.name, 0) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            star = any(alias.name == "*" for alias in node.names)
            if node.level or star:
                # Settings that are kept out of the repository, most of the time.
                where = where or HERE
                continue
            names = [(node.module or "", 0)]
        else:
            continue
        for name, level in names:
            found = frame.world.sources.module(name, level, frame.path)
            where = where or HERE if found or _is_kept_out(name, frame) else ELSEWHERE
    return where


def _is_kept_out(name: str, frame: Frame) -> bool:
    """Say whether a module that is not there is one of the project's own, kept out of the tree."""
    first, dot, _ = name.partition(".")
    return (bool(dot) and first in frame.path.split("/")[:-1]) or (
        _PRIVATE.fullmatch(name.rpartition(".")[2]) is not None
    )
