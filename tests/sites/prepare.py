"""Make a site's folder: its database with the fixtures in it, its uploads, its users' sessions.

Run in a process of its own, as stock Django: ``python -m tests.sites.prepare``.
"""

from __future__ import annotations

import datetime
import importlib
import os

from tests.sites.frozen import NOW, freeze, restart

__all__ = ["main"]

A_CENTURY = datetime.timedelta(days=36_500)


def main() -> None:
    """Fill ``SITES_FOLDER``."""
    freeze()
    name = os.environ["SITES_SITE"]
    data = importlib.import_module(f"tests.sites.projects.{name}.data")
    if hasattr(data, "start"):
        data.start(os.environ["SITES_FOLDER"])

    import django
    from django.core.management import call_command

    django.setup()
    if hasattr(data, "migrations"):
        data.migrations()
    call_command("migrate", verbosity=0, run_syncdb=True)
    restart("data")
    for user in data.load():
        _session(user)


def _session(user: object) -> None:
    """Log ``user`` in under a session key that the caller knows: the user's own name."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    held = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    Session.objects.create(
        session_key=f"session-of-{user.get_username()}",
        session_data=SessionStore().encode(held),
        expire_date=NOW + A_CENTURY,
    )


if __name__ == "__main__":
    main()
