"""What the expressions of a Jinja2 template say: for messages, and for a value's history."""

from __future__ import annotations

from jinja2 import nodes

__all__ = ["describe", "filter_names", "joined_by", "translated"]

#: What the ``i18n`` extension calls.
_GETTEXT = frozenset(("_", "gettext", "ngettext", "pgettext", "npgettext"))


def filter_names(node: nodes.Node | None) -> tuple[str, ...]:
    """Return the names of the filters of an expression, the first that is applied first."""
    names = []
    inner: nodes.Node | None = node
    while isinstance(inner, nodes.Filter):
        names.append(inner.name)
        inner = inner.node
    return tuple(reversed(names))


def describe(node: nodes.Node | None) -> str:
    """Return an expression as it was written, more or less."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Const():
            return repr(node.value)
        case nodes.Getattr():
            return f"{describe(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{describe(node.node)}[{describe(node.arg)}]"
        case nodes.Filter():
            name = node.name + ("(…)" if node.args or node.kwargs else "")
            return name if node.node is None else f"{describe(node.node)}|{name}"
        case nodes.Call():
            arguments = ", ".join(describe(argument) for argument in node.args)
            return f"{describe(node.node)}({arguments}{', …' if node.kwargs else ''})"
        case nodes.Concat():
            return " ~ ".join(describe(part) for part in node.nodes)
        case nodes.BinExpr():
            return f"{describe(node.left)} {node.operator} {describe(node.right)}"
        case nodes.CondExpr():
            return f"{describe(node.expr1)} if … else {describe(node.expr2)}"
        case nodes.MarkSafe() | nodes.MarkSafeIfAutoescape():
            return describe(node.expr)
    return "…"


def translated(node: nodes.Node) -> list[nodes.Expr]:
    """Return the values in a translated sentence, as the ``i18n`` extension compiles it."""
    while isinstance(node, nodes.Filter) and node.name == "safe" and node.node is not None:
        node = node.node
    match node:
        case nodes.Call(node=nodes.Name(name=name)) if name in _GETTEXT:
            return [keyword.value for keyword in node.kwargs]
        case nodes.Mod(left=nodes.MarkSafeIfAutoescape(), right=nodes.Dict(items=items)):
            return [pair.value for pair in items]
    return []


def joined_by(node: nodes.Node) -> tuple[nodes.Expr, str] | None:
    """Return what ``|join`` with a text of the template joins last, and that text; else None."""
    while isinstance(node, nodes.Filter) and node.name == "safe" and node.node is not None:
        node = node.node
    match node:
        case nodes.Filter(
            name="join",
            node=nodes.Expr() as items,
            args=[nodes.Const(value=str(separator))],
            kwargs=[],
            dyn_args=None,
            dyn_kwargs=None,
        ):
            return items, separator
    return None
