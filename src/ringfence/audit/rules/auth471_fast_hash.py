"""Passwords through MD5 and SHA-1: a graphics card tries thousands of millions a second."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import argument, ending, short
from ringfence.finding import Confidence

_PASSWORD = re.compile(r"(?i)passw|passwd|pwd|passphrase")


def check(project: Project) -> Iterator[Hit]:
    """Find fast hashes of what is called a password."""
    for call in ending(project, "md5", "sha1", "new", "sha256", "sha512"):
        if not call.target.startswith(("hashlib", "md5", "sha", "Crypto")):
            continue
        value = argument(call, 0, "data", "string")
        words = " ".join((value.name, *value.parameters, call.place.text.partition("=")[0]))
        if _PASSWORD.search(words) or (value.built and _PASSWORD.search(call.place.text)):
            yield Hit(
                call.place,
                f"A password hashed by {short(call)} is found out by trying: the hash is made to "
                "be fast.",
                "django.contrib.auth.hashers.make_password(password)",
                Confidence.HIGH if short(call) in {"md5", "sha1"} else Confidence.MEDIUM,
            )


RULE = Rule("AUTH471", "python", check)
