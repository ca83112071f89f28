"""Who imports whom in ``src/ringfence``, read from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"

#: For each module of the package, the dotted names that it imports, wherever in the file.
Graph = Mapping[str, frozenset[str]]


def module_name(path: Path) -> str:
    """Return the dotted name of the module that ``path``, under ``src``, holds."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, Path]:
    """Return every module of the package, by its dotted name."""
    return {module_name(path): path for path in sorted(SRC.rglob("*.py"))}


def imported(tree: ast.AST, module: str, modules: Mapping[str, object]) -> Iterator[str]:
    """Yield what the parsed ``module`` imports: modules where it can be told, else names.

    ``from ringfence.rings import csp`` is an import of ``ringfence.rings.csp``, since that is a
    module; ``from ringfence.origin import Origin`` one of ``ringfence.origin``.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{module} imports relatively: house style is absolute imports")
            base = node.module or ""
            for alias in node.names:
                longer = f"{base}.{alias.name}"
                yield longer if longer in modules else base


def graph() -> Graph:
    """Return the package's import graph."""
    modules = sources()
    return {
        name: frozenset(imported(ast.parse(path.read_text("utf-8")), name, modules))
        for name, path in modules.items()
    }


def within(name: str, package: str) -> bool:
    """Tell whether ``name`` is ``package`` or something in it."""
    return name == package or name.startswith(f"{package}.")


def reach(of: Graph, start: str) -> dict[str, str]:
    """Return all that ``start`` imports directly or through the package, and through whom."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        for target in of.get(module, ()):
            if target not in seen:
                seen[target] = module
                waiting.append(target)
    return seen
