"""Build the sandbox, and take it down again whatever happens."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from ringfence.sandbox.attacker import AttackerSite
from ringfence.sandbox.browser import Browser
from ringfence.sandbox.database import DatabaseCopy
from ringfence.sandbox.ending import undisturbed
from ringfence.sandbox.filling import fill
from ringfence.sandbox.names import VICTIM_HOST, Names, names_for
from ringfence.sandbox.server import Authority
from ringfence.sandbox.site import VictimSite, private_settings
from ringfence.sandbox.visitors import Visitor, make_visitors
from ringfence.sandbox.watch import watching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Sandbox", "Served", "booted", "served"]

#: What is left of a socket's path for the folder, once Chromium's own names are taken off.
_ROOM = 30


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The user's site, the attacker's sites, the visitors, and the browser that they use."""

    site: VictimSite
    attacker: AttackerSite
    browser: Browser
    visitors: Mapping[str, Visitor]


@dataclass(frozen=True, slots=True)
class Served:
    """The user's site and a visitor of it, and nobody who attacks."""

    site: VictimSite
    victim: Visitor


@contextmanager
def served() -> Iterator[Served]:
    """Boot the configured project, to be asked without a browser; :func:`booted` says the rest."""
    stack = ExitStack()
    try:
        made = _surroundings(stack, Names(VICTIM_HOST))
        site = VictimSite(made.authority, made.database, made.names)
        yield Served(stack.enter_context(site.serving()), made.visitors["user"])
    finally:
        with undisturbed():
            stack.close()


@contextmanager
def booted(executable: str, fixtures: Sequence[str] = ()) -> Iterator[Sandbox]:
    """Boot the configured project and attack nothing yet.

    ``executable`` is the browser; ``fixtures`` are loaded into the copy of the database. On
    leaving, by whichever way, servers, threads, browser and temporary files are gone and settings
    and database connections are the project's own again.
    Raises :class:`ringfence.sandbox.errors.SandboxError`.
    """
    stack = ExitStack()
    try:
        yield _boot(stack, executable, fixtures)
    finally:
        with undisturbed():
            stack.close()


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a site is booted with."""

    names: Names
    authority: Authority
    database: DatabaseCopy
    visitors: Mapping[str, Visitor]
    folder: Path


def _boot(stack: ExitStack, executable: str, fixtures: Sequence[str]) -> Sandbox:
    made = _surroundings(stack, names_for(settings.ALLOWED_HOSTS), fixtures)
    attacker = stack.enter_context(AttackerSite(made.authority, made.names))
    site = VictimSite(made.authority, made.database, made.names)
    stack.enter_context(watching(site.trail, site.taint))
    stack.enter_context(site.serving())
    browser = stack.enter_context(Browser(executable, made.folder / "profile", made.names.all))
    return Sandbox(site, attacker, browser, made.visitors)


def _surroundings(stack: ExitStack, names: Names, fixtures: Sequence[str] = ()) -> _Surroundings:
    """Make what a site is booted with; ``stack`` takes it down."""
    temporary = tempfile.TemporaryDirectory(
        prefix="ringfence-", dir=_short_place(), ignore_cleanup_errors=True
    )
    folder = Path(stack.enter_context(temporary))
    stack.enter_context(private_settings(folder, names))
    database = stack.enter_context(DatabaseCopy.of_site(folder))
    fill(fixtures)
    visitors = make_visitors()
    database.keep()
    return _Surroundings(names, Authority(), database, visitors, folder)


def _short_place() -> str | None:
    """Return where temporary files go; None for the usual place.

    Chromium keeps a socket there, whose path may have 108 bytes on Linux (unix(7)), 104 elsewhere.
    """
    usual = tempfile.gettempdir()
    return "/tmp" if len(os.fsencode(usual)) > _ROOM and Path("/tmp").is_dir() else None  # noqa: S108 - made by mkdtemp
