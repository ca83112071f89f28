"""Whether a page runs what was put into it: parsers of HTML and JavaScript say, no pattern does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import esprima
import html5lib

#: Called by each payload; no page of the example calls it.
CALLED = "boom"

#: For each kind of place one text that runs in it.
PAYLOADS = (
    "\"'><svg onload=boom()>",
    "--></style></title></script><svg onload=boom()>",
    "x onfocus=boom() y=",
    "javascript:boom()",
    "'-boom()-'",
    '"-boom()-"',
    "${boom()}",
)

_SCRIPTS = ("", "text/javascript", "application/javascript", "module")
_ADDRESSES = ("href", "src", "action", "formaction")


def elements(html: str) -> list[Element]:
    """Return the elements of a page, as a browser sees it."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def scripts(html: str) -> list[str]:
    """Return the scripts that stand in a page."""
    return [
        element.text or ""
        for element in elements(html)
        if element.tag == "script" and (element.get("type") or "").lower() in _SCRIPTS
    ]


def nodes(code: str) -> list[Any]:
    """Return every node of a script's syntax tree; none where it is no script."""
    try:
        tree = esprima.parseScript(code)
    except esprima.Error:
        return []
    return list(_walk(tree))


def _walk(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif hasattr(node, "type"):
        yield node
        for value in vars(node).values():
            if isinstance(value, list) or hasattr(value, "type"):
                yield from _walk(value)


def _calls(code: str, name: str) -> bool:
    return any(
        node.type == "CallExpression" and getattr(node.callee, "name", None) == name
        for node in nodes(code)
    )


def runs(html: str) -> bool:
    """Return whether a page calls ``boom``: on loading, or once something on it is used."""
    return any(_calls(code, CALLED) for code in _code(html))


def _code(html: str) -> Iterator[str]:
    yield from scripts(html)
    for element in elements(html):
        for name, value in element.attrib.items():
            scheme, _, rest = value.strip().partition(":")
            if name.startswith("on"):
                yield value
            elif name in _ADDRESSES and scheme.lower() == "javascript":
                yield rest
        framed, sandbox = element.get("srcdoc"), element.get("sandbox")
        if framed and (sandbox is None or "allow-scripts" in sandbox):
            yield from _code(framed)


def written(html: str) -> list[tuple[str, Any]]:
    """Return what the page's scripts give to properties: the property's name, and the value."""
    return [
        (node.left.property.name, node.right)
        for code in scripts(html)
        for node in nodes(code)
        if node.type == "AssignmentExpression" and node.left.type == "MemberExpression"
    ]


def called(html: str) -> list[tuple[str, Any]]:
    """Return what the page's scripts call: the function's last name, and the arguments."""
    return [
        (getattr(node.callee, "name", None) or node.callee.property.name, node.arguments)
        for code in scripts(html)
        for node in nodes(code)
        if node.type == "CallExpression"
        and (getattr(node.callee, "name", None) or hasattr(node.callee, "property"))
    ]


def compares_origin(html: str) -> bool:
    """Return whether a script of the page's compares an origin, as a whole, with something."""
    return any(
        node.type == "BinaryExpression"
        and node.operator in ("===", "!==")
        and getattr(getattr(node.left, "property", None), "name", None) == "origin"
        for code in scripts(html)
        for node in nodes(code)
    )
