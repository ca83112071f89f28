"""The console script ``ringfence``.

``audit``, ``init``, ``explain`` and ``explain-csp`` need no Django project, and import nothing of
the one they are pointed at. The other subcommands do, and are handed on to ``manage.py ringfence``.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

import ringfence

if TYPE_CHECKING:
    import argparse

__all__ = ["main", "script"]

_USAGE: Final = 2
#: name -> the module with ``add_arguments(parser)`` and ``handle(stdout, stderr, options)``, and
#: what it does.
_OWN: Final = {
    "audit": (
        "ringfence.audit.command",
        "find what is dangerous in a tree's settings, code and templates",
    ),
    "init": (
        "ringfence.audit.moving.command",
        "put ringfence in a project's settings, in the place of what it replaces",
    ),
    "explain": ("ringfence.audit.explain", "say what a code is about"),
    "explain-csp": (
        "ringfence.rings.csp.command",
        "say what a Content Security Policy does in a browser, what is wrong with it, its grade",
    ),
}
_OF_A_PROJECT: Final = ("prove", "explain-cors", "explain-template")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the subcommand that ``argv`` names, and return the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    named = given[0] if given else ""
    if named in _OF_A_PROJECT:
        return _handed_on(given)
    if named and not named.startswith("-") and named not in _OWN:
        import difflib  # noqa: PLC0415 - only where something is misspelt

        near = difflib.get_close_matches(named, (*_OWN, *_OF_A_PROJECT), n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {_names()}."
        sys.stderr.write(f"ringfence has no subcommand {named!a}. {hint}\n")
        return _USAGE
    if named == "audit":
        from ringfence.audit import answers  # noqa: PLC0415 - explain has none

        answered = answers.recall(given, sys.stdout)
        if answered is not None:
            return answered
    parser = _parser(named)
    if not given:
        parser.print_help()
        return _USAGE
    options = {**vars(parser.parse_args(given)), "given": given}
    module, _ = _OWN[options["subcommand"]]
    status: int = import_module(module).handle(sys.stdout, sys.stderr, options)
    return status


def script() -> NoReturn:
    """Run :func:`main` as a process of its own.

    The process ends without taking apart, object by object, what was known of a tree.
    """
    # Facts hold no cycles: looking through all of them again and again for some takes long.
    gc.set_threshold(200_000)
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _parser(named: str) -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415 - a remembered answer does without

    parser = argparse.ArgumentParser(prog="ringfence", description="Rings of defence for Django.")
    parser.add_argument("--version", action="version", version=ringfence.__version__)
    parser.epilog = f"In a Django project there are, too: {', '.join(_OF_A_PROJECT)}."
    subparsers = parser.add_subparsers(dest="subcommand", required=True, metavar="subcommand")
    for name, (module, summary) in _OWN.items():
        own = subparsers.add_parser(name, help=summary, description=summary)
        # Only the one that is asked for: the others' packages may not be there.
        if name == named:
            import_module(module).add_arguments(own)
    return parser


def _handed_on(given: list[str]) -> int:
    """Run ``manage.py ringfence …`` of the project here, or Django's own command in its place."""
    if os.path.isfile("manage.py"):  # noqa: PTH113 - as argparse
        command = [sys.executable, "manage.py", "ringfence", *given]
    elif "DJANGO_SETTINGS_MODULE" in os.environ or any("--settings" in each for each in given):
        # In the folder of the project, as `python -m django` is run.
        command = [sys.executable, "-m", "django", "ringfence", *given]
    else:
        sys.stderr.write(
            f"`ringfence {given[0]}` needs a Django project: run it beside its manage.py, or set "
            "DJANGO_SETTINGS_MODULE.\n"
        )
        return _USAGE
    import subprocess  # noqa: PLC0415 - audit does without

    return subprocess.run(command, check=False).returncode  # noqa: S603 - the user's own words


def _names() -> str:
    return ", ".join((*_OWN, *_OF_A_PROJECT))
