"""SET418: passwords are kept under a weak hash."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, texts, versions

_WEAK = ("md5", "sha1passwordhasher", "unsalted", "crypt", "sha256passwordhasher", "plain")
_STRONG = ("pbkdf2", "bcrypt", "argon2", "scrypt")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "PASSWORD_HASHERS"):
        for number, hasher in enumerate(texts(fact.value)):
            name = hasher.rpartition(".")[2].lower()
            if any(word in name for word in _STRONG) or not any(word in name for word in _WEAK):
                continue
            first = number == 0
            yield hit(
                fact,
                "New passwords are hashed with it: millions of guesses a second are possible once "
                "the database leaks."
                if first
                else "Old passwords may still be kept under it until their owners log in.",
                'PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", ...]',
                confidence=fact.confidence if first else LOW,
                at=hasher,
            )
            return


RULE = Rule("SET418", "settings", deployed(_check))
