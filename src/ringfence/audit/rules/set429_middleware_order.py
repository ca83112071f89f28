"""SET429: middleware in an order that does not work."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, complete, deployed, hit, middleware, texts

#: What has to come first, what needs it, and why.
_ORDER = (
    ("SessionMiddleware", "AuthenticationMiddleware", "it finds no session to read the user from"),
    ("SessionMiddleware", "MessageMiddleware", "it finds no session to keep messages in"),
    ("CsrfViewMiddleware", "RemoteUserMiddleware", ""),
    ("SessionMiddleware", "OTPMiddleware", "it finds no session"),
    ("AuthenticationMiddleware", "OTPMiddleware", "it finds no user to ask for a second factor"),
    ("CorsMiddleware", "CommonMiddleware", "its redirects and refusals have no CORS headers"),
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    names = [each.rpartition(".")[2] for each in texts(fact.value)]
    for first, second, why in _ORDER:
        if not complete(fact) or second not in names or not why:
            continue
        if first in names and names.index(first) > names.index(second):
            yield hit(
                fact,
                f"{second} runs before {first}: {why}.",
                f"Move {first} above {second}.",
                confidence=MEDIUM,
                at=texts(fact.value)[names.index(second)],
            )


RULE = Rule("SET429", "settings", deployed(_check))
