"""Calls on a finding's line, and modules' imports."""

from __future__ import annotations

import ast

from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["call_at", "dotted", "imported"]


def call_at(text: Text, finding: Finding, *names: str) -> ast.Call | None:
    """Return the call that begins on the finding's line and ends in one of the names, if one does.

    ``names`` are the last part of what is called.
    """
    line = finding.hit.place.line
    found = [
        node
        for node in text.nodes
        if isinstance(node, ast.Call)
        and node.lineno == line
        and dotted(node.func).rpartition(".")[2] in names
    ]
    return found[0] if len(found) == 1 else None


def dotted(node: ast.expr) -> str:
    """Return a name with its dots as written; "?" stands for what is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def imported(text: Text, module: str, name: str, *, safe: bool) -> list[Edit] | None:
    """Return the edits after which ``name`` of ``module`` has its own name; None if there are none.

    No edit is needed where it is imported at the top already.
    """
    if text.tree is None:
        return None
    imports = [
        node for node in text.tree.body if isinstance(node, ast.ImportFrom) and not node.level
    ]
    for node in imports:
        if node.module == module and any(each.name == name for each in node.names):
            fits = any(each.name == name and each.asname is None for each in node.names)
            return [] if fits else None
    if _is_bound(text, name):
        return None
    # In alphabetical order among the imports of the same package.
    package = module.partition(".")[0]
    family = [node for node in imports if (node.module or "").partition(".")[0] == package]
    for node in family:
        if node.module == module and node.lineno == node.end_lineno:
            source = text.source(node)
            if not source.endswith((")", "\\", "*")) and ";" not in text.lines[node.lineno - 1]:
                _, end = text.span(node)
                return [text.edit(end, end, f", {name}", safe=safe)]
    if not family:
        return None
    behind = [node for node in family if (node.module or "") > module]
    line = behind[0].lineno if behind else (family[-1].end_lineno or 0) + 1
    if line > len(text.lines):
        return None
    at = text.start_of(line)
    return [text.edit(at, at, f"from {module} import {name}\n", safe=safe)]


def _is_bound(text: Text, name: str) -> bool:
    """Whether the name means something else somewhere in the module."""
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)
        or (isinstance(node, ast.alias) and (node.asname or node.name) == name)
        or (isinstance(node, ast.arg) and node.arg == name)
        for node in text.nodes
    )
