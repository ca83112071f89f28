"""The console script ``ringfence``: what needs no Django project.

``manage.py ringfence`` has these commands as well, and those that look into a project.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["main"]

#: name -> the module with ``add_arguments(parser)`` and ``handle(stdout, stderr, options)``, and
#: what it does.
COMMANDS = {
    "explain-csp": (
        "ringfence.rings.csp.command",
        "say what a Content Security Policy does in a browser, what is wrong with it, its grade",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; 2 where the arguments are wrong."""
    parser = argparse.ArgumentParser(
        prog="ringfence",
        description="What needs no Django project. In one, `python manage.py ringfence` has more.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (module, summary) in COMMANDS.items():
        own = subparsers.add_parser(name, help=summary, description=summary)
        import_module(module).add_arguments(own)
    options = vars(parser.parse_args(arguments))
    module, _ = COMMANDS[options["command"]]
    status: int = import_module(module).handle(sys.stdout, sys.stderr, options)
    return status


if __name__ == "__main__":
    sys.exit(main())
