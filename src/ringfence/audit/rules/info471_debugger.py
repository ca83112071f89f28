"""A debugger left in the code."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import ending
from ringfence.finding import Confidence

_DEBUGGERS = ("pdb.", "ipdb.", "pudb.", "wdb.", "rpdb.", "remote_pdb.", "web_pdb.")


def check(project: Project) -> Iterator[Hit]:
    """Find ``breakpoint()`` and ``set_trace()``."""
    for call in ending(project, "set_trace", "breakpoint"):
        if call.target == "breakpoint" or call.target.startswith(_DEBUGGERS):
            yield Hit(
                call.place,
                "Whoever's request comes here waits for ever, and a worker process with it.",
                "Take the line out.",
                Confidence.MEDIUM,
            )


RULE = Rule("INFO471", "python", check)
