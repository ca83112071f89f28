"""YAML with a loader that creates any object."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, argument, ending
from ringfence.finding import Confidence

_SAFE = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")


def check(project: Project) -> Iterator[Hit]:
    """Find ``yaml.load`` without a safe loader, and ``unsafe_load``."""
    for call in ending(project, "load", "load_all", "unsafe_load", "full_load", "unsafe_load_all"):
        if not call.target.startswith(("yaml.", "oyaml.")):
            continue
        loader = argument(call, 1, "Loader")
        if loader.name.endswith(_SAFE) or call.target.endswith("full_load"):
            continue
        outside = bool(argument(call, 0, "stream").sources & OUTSIDE)
        yield Hit(
            call.place,
            "This loader creates whatever Python object the text names, and so runs code"
            + (" that the request brings." if outside else "."),
            "yaml.safe_load(text)",
            Confidence.HIGH if outside else Confidence.MEDIUM,
        )


RULE = Rule("EXEC404", "python", check)
