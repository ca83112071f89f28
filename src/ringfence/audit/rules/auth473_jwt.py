"""Signed tokens whose signature is not asked for, or whose key stands in the source."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Call, Hit, Place, Project, Rule, Value
from ringfence.audit.rules._python import argument, ending
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``jwt`` calls that anybody can make a token for."""
    for call in ending(project, "encode", "decode"):
        if not call.target.startswith(("jwt.", "jose.")):
            continue
        if _is_unverified(call):
            yield Hit(
                call.place,
                "The token's signature is not checked: anybody can write one.",
                "jwt.decode(token, key, algorithms=['HS256'])",
                Confidence.HIGH,
            )
        elif isinstance(argument(call, 1, "key").literal, str) and argument(call, 1, "key").literal:
            place = call.place
            yield Hit(
                Place(place.path, place.line, place.end_line, place.scope, ""),
                "The key stands in the source: whoever reads it signs tokens of their own.",
                "Read the key from the environment.",
                Confidence.HIGH,
            )


def _is_unverified(call: Call) -> bool:
    if not call.target.endswith("decode"):
        return False
    options = call.kwargs.get("options", Value())
    if call.kwargs.get("verify", Value()).literal is False:
        return True
    for item in options.items:
        if isinstance(item, tuple) and item[0].literal == "verify_signature":
            return item[1].literal is False
    algorithms = argument(call, 2, "algorithms", "algorithm")
    names = [algorithms, *(item for item in algorithms.items if isinstance(item, Value))]
    return any(str(name.literal).lower() == "none" and name.literal is not None for name in names)


RULE = Rule("AUTH473", "python", check)
