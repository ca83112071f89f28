"""APIs of django-ninja: objects that functions are registered with, by decorators."""

from __future__ import annotations

import ast
from typing import Final

from ringfence.audit.collect.python.shapes import dotted

__all__ = ["VERBS", "is_api", "of_decorator", "options"]

VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "api_operation"})
_APIS: Final = frozenset({"NinjaAPI", "NinjaExtraAPI", "Router"})


def is_api(node: ast.expr, imports: dict[str, str]) -> bool:
    """Say whether an expression makes an API or a router of django-ninja's."""
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func)
    head, _, rest = name.partition(".")
    full = f"{imports.get(head, head)}.{rest}" if rest else imports.get(head, "")
    return name.rpartition(".")[2] in _APIS and full.partition(".")[0].startswith("ninja")


def of_decorator(node: ast.expr) -> tuple[str, str, ast.Call] | None:
    """Return, of ``@api.post("/x")``, the API's name, the method, and the call."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    if node.func.attr not in VERBS or not isinstance(owner, ast.Name):
        return None
    return owner.id, node.func.attr, node


def options(node: ast.Call) -> dict[str, str]:
    """Return what is said of who may use it: ``auth`` and ``csrf``, as they are written."""
    found: dict[str, str] = {}
    for keyword in node.keywords:
        if keyword.arg in {"auth", "csrf"}:
            value = keyword.value
            parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
            shown = [
                repr(part.value) if isinstance(part, ast.Constant) else dotted(part) or "?"
                for part in parts[:20]
            ]
            found[keyword.arg] = " ".join(shown)[:200]
    return found
