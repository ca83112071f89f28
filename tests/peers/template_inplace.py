"""Run test-suites of Django's about templates with ringfence's engine in the place of Django's.

    python template_inplace.py REPORT ours|theirs RUNTESTS LABEL...

``ours`` puts the engine and the backend where the tests, and Django itself, import theirs from,
before any test is loaded; ``theirs`` leaves everything alone. REPORT (JSON) is that of
``inplace.py``: which tests ran and failed, how many engines of either kind were made, and by how
many of ours a template was compiled.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import inplace

#: Where Django defines each class, and the name of ours in ``ringfence.template``.
REPLACED = {
    "django.template.engine.Engine": "Engine",
    "django.template.backends.django.DjangoTemplates": "DjangoTemplates",
}


def _class(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def put_ours_in_place(made: Counter[str]) -> None:
    """Replace the classes and count what is made of ours in ``made``."""
    template = importlib.import_module("ringfence.template")
    theirs = {path: _class(path) for path in REPLACED}
    ours = {path: getattr(template, name) for path, name in REPLACED.items()}
    for path, cls in ours.items():
        if cls is theirs[path] or not issubclass(cls, theirs[path]):
            raise RuntimeError(f"ringfence.template has no class of its own for {path}")
        inplace.watch(cls, made, only_itself=False)
    # Ours is made of theirs: a class that Django's own modules go on to subclass.
    inplace.replace(theirs, ours)


def main(destination: str, whose: str, *arguments: str) -> int:
    """Replace, run, and write the report."""
    made: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for path in REPLACED:
        inplace.watch(_class(path), theirs, only_itself=True)
    if whose == "ours":
        put_ours_in_place(made)
    # Python put this file's own folder there.
    sys.path[0] = str(Path.cwd())
    inplace.report.update(made=made, theirs=theirs, replaced=sorted(REPLACED))
    return inplace.carry_out(inplace.run_django, list(arguments), destination)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
