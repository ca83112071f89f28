"""SECR491: A secret stands in the settings."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secrets import confidence_of, is_known_key, is_secret_name
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions
from ringfence.audit.rules._walk import leaves

_OWN_RULES = frozenset({"SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASES", "EMAIL_HOST_PASSWORD"})


def _check(site: Settings) -> Iterator[Hit]:
    for name in site.values:
        if name in _OWN_RULES:
            continue
        for fact in versions(site, name, beside=False):
            for keys, value in leaves(fact.value):
                label = str(keys[-1]) if keys else name
                if isinstance(value, str) and (is_secret_name(label) or is_known_key(value)):
                    literal = fact.confidence is HIGH
                    sure = (
                        HIGH
                        if is_known_key(value)
                        else confidence_of(label, value, literal=literal)
                    )
                    if sure is not None:
                        where = "" if not keys else f" in {name}"
                        yield hit(
                            fact,
                            f"The value of {label}{where} is known to whoever can read the code.",
                            f'os.environ["{label.upper()}"], and a new value: this one is known.',
                            confidence=sure,
                            at=value,
                            secret=True,
                        )


RULE = Rule("SECR491", "settings", deployed(_check))
