"""Secrets out of ``random``, whose next number follows from those before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence

_SECRET = re.compile(
    r"(?i)token|passw|secret|otp|api_?key|activation|reset|verif|nonce|salt|captcha"
)
_RANDOM = frozenset({"choice", "choices", "randint", "random", "sample", "randrange"})


def check(project: Project) -> Iterator[Hit]:
    """Find numbers of ``random`` in what is called a token or a password."""
    for facts in files(project):
        for call in facts.calls:
            module, _, last = call.target.rpartition(".")
            if module == "random" and last in _RANDOM:
                words = f"{call.function} {call.place.text.partition('=')[0]}"
                if _SECRET.search(words):
                    yield Hit(
                        call.place,
                        f"random.{last}() can be foretold from its earlier numbers.",
                        "secrets.token_urlsafe(32), or django.utils.crypto.get_random_string(32)",
                        Confidence.MEDIUM,
                    )


RULE = Rule("AUTH472", "python", check)
