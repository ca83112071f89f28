"""SECR492: the database's password stands in the settings."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secrets import is_common, is_placeholder
from ringfence.audit.rules._settings import HIGH, LOW, MEDIUM, deployed, hit, versions

_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "db", "postgres", "mysql", "database"})


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "DATABASES", beside=False):
        for database in fact.value.values() if isinstance(fact.value, dict) else ():
            password = database.get("PASSWORD") if isinstance(database, dict) else None
            if not isinstance(password, str) or not password:
                continue
            literal = fact.confidence is HIGH
            near = str(database.get("HOST", "")) in _LOCAL
            sure = MEDIUM if near else HIGH
            if is_common(password):
                # Everybody's first guess, if it is in use.
                sure = MEDIUM if literal else LOW
            elif is_placeholder(password):
                sure = LOW
            yield hit(
                fact,
                "Whoever can read the code can log in to the database from where it listens.",
                '"PASSWORD": os.environ["DATABASE_PASSWORD"], and a new one: this one is known.',
                confidence=sure,
                at=password,
                secret=True,
            )


RULE = Rule("SECR492", "settings", deployed(_check))
