"""``eval`` and ``exec`` of what is not the developer's own."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin, short
from ringfence.finding import Confidence

_FUNCTIONS = frozenset({"eval", "exec", "execfile", "builtins.eval", "builtins.exec"})


def check(project: Project) -> Iterator[Hit]:
    """Find source text that is run and was not written here."""
    for call in ending(project, "eval", "exec", "execfile"):
        value = argument(call, 0)
        outside = bool(value.sources & OUTSIDE)
        # A library's own eval(), of images or data frames, runs Python just as well.
        if value.literal is not UNKNOWN or not (call.target in _FUNCTIONS or outside):
            continue
        confidence = Confidence.LOW
        if outside:
            confidence = Confidence.HIGH
        elif value.sources or (value.built and value.opaque):
            confidence = Confidence.MEDIUM
        yield Hit(
            call.place,
            f"{short(call)}() runs text from {origin(value)} as Python, with all that the server "
            "may do.",
            "ast.literal_eval() for data; a table of functions by name for everything else.",
            confidence,
        )


RULE = Rule("EXEC401", "python", check)
