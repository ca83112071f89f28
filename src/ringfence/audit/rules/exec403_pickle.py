"""Pickles from elsewhere: to read one is to run what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule, Source
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin
from ringfence.finding import Confidence

_MODULES = frozenset(
    {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "joblib", "torch"}
)


def check(project: Project) -> Iterator[Hit]:
    """Find pickles that are read and may be somebody else's."""
    for call in ending(project, "loads", "load", "Unpickler", "decode"):
        module = call.target.partition(".")[0]
        if module not in _MODULES:
            continue
        value = argument(call, 0)
        if value.literal is not UNKNOWN:
            continue
        confidence = Confidence.LOW
        if value.sources & OUTSIDE:
            confidence = Confidence.HIGH
        elif value.sources & {Source.MODEL, Source.FILE}:
            confidence = Confidence.MEDIUM
        yield Hit(
            call.place,
            f"{module} runs whatever the bytes say, and these come from {origin(value)}.",
            "Use json, or sign the bytes (django.core.signing) and check before reading them.",
            confidence,
        )


RULE = Rule("EXEC403", "python", check)
