"""LIVE462: Source, data or a backup is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import files, hit, live

#: What each file has to hold to be what its name says.
_MARKS: Final = {
    "/db.sqlite3": ("SQLite format 3\0",),
    "/manage.py": ("execute_from_command_line",),
    "/settings.py": ("INSTALLED_APPS", "SECRET_KEY", "DATABASES"),
    "/settings.py.bak": ("INSTALLED_APPS", "SECRET_KEY", "DATABASES"),
    "/local_settings.py": ("INSTALLED_APPS", "SECRET_KEY", "DATABASES"),
    "/backup.sql": ("CREATE TABLE ", "INSERT INTO ", " dump"),
    "/dump.sql": ("CREATE TABLE ", "INSERT INTO ", " dump"),
    "/backup.zip": ("PK\x03\x04",),
}


def _check(site: Live) -> Iterator[Hit]:
    for path, marks in _MARKS.items():
        for response in files(site, path):
            if any(mark in response.body for mark in marks):
                yield hit(
                    response,
                    "",
                    "Everybody can take it: a server hands out the project's folder.",
                    "Serve STATIC_ROOT and nothing else; then change what secrets are in the file",
                )


RULE = live("LIVE462", _check)
