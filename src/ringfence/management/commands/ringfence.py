"""``manage.py ringfence <subcommand>``."""

from __future__ import annotations

import difflib
import sys
from importlib import import_module
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser

__all__ = ["Command"]


class Subcommand(NamedTuple):
    """Where a subcommand lives, and the extra that its packages come with.

    The module has ``add_arguments(parser)`` and ``handle(stdout, stderr, options)``, which returns
    the exit status. What needs the extra is imported by ``handle``.
    """

    module: str
    summary: str
    extra: str | None = None


SUBCOMMANDS = {
    "prove": Subcommand(
        "ringfence.prove.command",
        "boot this site on loopback, attack it in a real browser, measure its depth",
        extra="prove",
    ),
    "audit": Subcommand(
        "ringfence.audit.command",
        "find what is dangerous in the project's settings, code and templates",
    ),
    "init": Subcommand(
        "ringfence.audit.moving.command",
        "put ringfence in the settings, in the place of what it replaces",
    ),
    "explain": Subcommand("ringfence.audit.explain", "say what a code is about"),
    "explain-cors": Subcommand(
        "ringfence.rings.cors.command",
        "say what CORS answers to an origin, and why",
    ),
    "explain-template": Subcommand(
        "ringfence.rings.escaping.command",
        "say how each variable of a template is escaped, and what its text is granted",
    ),
    "explain-csp": Subcommand(
        "ringfence.rings.csp.command",
        "say what a Content Security Policy does in a browser, what is wrong with it, its grade",
    ),
}

#: What the extras bring.
_PACKAGES = {"prove": frozenset({"playwright", "rich", "trustme"})}

_USAGE = 2


class Command(BaseCommand):
    """Hands over to the subcommand."""

    help = "django-ringfence: " + ", ".join(SUBCOMMANDS)
    # A refused configuration keeps the site from being served, not from being looked into.
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Suggest the right subcommand where there is none of that name."""
        named = argv[2] if len(argv) > 2 else ""
        if named and not named.startswith("-") and named not in SUBCOMMANDS:
            close = difflib.get_close_matches(named, SUBCOMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else f" There are: {_names()}."
            self.stderr.write(f"ringfence has no subcommand {named!r}.{hint}")
            sys.exit(_USAGE)
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        """Give each subcommand a parser of its own."""
        subparsers = parser.add_subparsers(
            dest="subcommand", required=True, metavar="subcommand", parser_class=CommandParser
        )
        for name, subcommand in SUBCOMMANDS.items():
            own = subparsers.add_parser(name, help=subcommand.summary)
            own.description = subcommand.summary
            import_module(subcommand.module).add_arguments(own)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the subcommand; exit with its status where that is not 0."""
        module, _, extra = SUBCOMMANDS[options["subcommand"]]
        try:
            status = import_module(module).handle(self.stdout, self.stderr, options)
        except ModuleNotFoundError as error:
            if extra is None or (error.name or "").partition(".")[0] not in _PACKAGES[extra]:
                raise
            raise CommandError(
                f'{error.name} is not installed: pip install "django-ringfence[{extra}]"',
                returncode=_USAGE,
            ) from error
        if status:
            sys.exit(status)


def _names() -> str:
    return ", ".join(SUBCOMMANDS)
