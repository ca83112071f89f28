"""DRF497: API tokens are not signed or not checked."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions

_FLAGS = ("JWT_VERIFY", "JWT_VERIFY_EXPIRATION")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SIMPLE_JWT", "JWT_AUTH", "GRAPHQL_JWT"):
        config = fact.value if isinstance(fact.value, dict) else {}
        for key in ("ALGORITHM", "JWT_ALGORITHM"):
            if isinstance(config.get(key), str) and config[key].lower() == "none":
                yield hit(
                    fact,
                    "Anybody can write a token for any account.",
                    f'"{key}": "HS256"',
                    confidence=HIGH,
                    at=config[key],
                )
        for key in _FLAGS:
            if config.get(key) is False:
                yield hit(
                    fact,
                    "Tokens are believed without their signature."
                    if key == "JWT_VERIFY"
                    else "Tokens are good for ever.",
                    f"Remove {key}: its default is True.",
                    confidence=HIGH,
                    at=next(each for each in config if each == key),
                )


RULE = Rule("DRF497", "settings", deployed(_check))
