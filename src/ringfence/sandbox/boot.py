"""Build the sandbox, and take it down again whatever happens."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.sandbox.attacker import ATTACKER_HOST, AttackerSite
from ringfence.sandbox.browser import Browser
from ringfence.sandbox.database import DatabaseCopy
from ringfence.sandbox.ending import undisturbed
from ringfence.sandbox.server import Authority
from ringfence.sandbox.site import VICTIM_HOST, VictimSite, private_settings
from ringfence.sandbox.visitors import Visitor, make_victim

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Sandbox", "Served", "booted", "served"]

#: What is left of a socket's path for the folder, once Chromium's own names are taken off.
_ROOM = 30


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The user's site, the attacker's site, a victim, and the browser that the victim uses."""

    site: VictimSite
    attacker: AttackerSite
    browser: Browser
    victim: Visitor


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
        authority, database, victim, _ = _surroundings(stack)
        yield Served(stack.enter_context(VictimSite(authority, database).serving()), victim)
    finally:
        with undisturbed():
            stack.close()


@contextmanager
def booted(executable: str) -> Iterator[Sandbox]:
    """Boot the configured project and attack nothing yet.

    ``executable`` is the browser. On leaving, by whichever way, servers, threads, browser and
    temporary files are gone and settings and database connections are the project's own again.
    Raises :class:`ringfence.sandbox.errors.SandboxError`.
    """
    stack = ExitStack()
    try:
        yield _boot(stack, executable)
    finally:
        with undisturbed():
            stack.close()


def _boot(stack: ExitStack, executable: str) -> Sandbox:
    authority, database, victim, folder = _surroundings(stack)
    attacker = stack.enter_context(AttackerSite(authority))
    site = stack.enter_context(VictimSite(authority, database).serving())
    browser = stack.enter_context(
        Browser(executable, folder / "profile", [VICTIM_HOST, ATTACKER_HOST])
    )
    return Sandbox(site, attacker, browser, victim)


def _surroundings(stack: ExitStack) -> tuple[Authority, DatabaseCopy, Visitor, Path]:
    """Make what a site is booted with; ``stack`` takes it down."""
    temporary = tempfile.TemporaryDirectory(
        prefix="ringfence-", dir=_short_place(), ignore_cleanup_errors=True
    )
    folder = Path(stack.enter_context(temporary))
    stack.enter_context(private_settings(folder))
    database = stack.enter_context(DatabaseCopy.of_site(folder))
    victim = make_victim()
    database.keep()
    return Authority(), database, victim, folder


def _short_place() -> str | None:
    """Return where temporary files go; None for the usual place.

    Chromium keeps a socket there, whose path may have 108 bytes on Linux (unix(7)), 104 elsewhere.
    """
    usual = tempfile.gettempdir()
    return "/tmp" if len(os.fsencode(usual)) > _ROOM and Path("/tmp").is_dir() else None  # noqa: S108 - made by mkdtemp
