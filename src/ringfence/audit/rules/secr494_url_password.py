"""SECR494: A password stands in an address in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secrets import is_placeholder
from ringfence.audit.rules._settings import HIGH, LOW, MEDIUM, deployed, hit, versions
from ringfence.audit.rules._walk import leaves

_LOCAL = frozenset(
    {"localhost", "127.0.0.1", "::1", "redis", "rabbitmq", "rabbit", "db", "postgres"}
)


def _password(text: str) -> tuple[str, str]:
    if "://" not in text or "@" not in text or len(text) > 2000:
        return "", ""
    try:
        parts = urlsplit(text)
        password, host = parts.password, parts.hostname
    except ValueError:
        return "", ""
    return password or "", host or ""


def _check(site: Settings) -> Iterator[Hit]:
    for name in site.values:
        for fact in versions(site, name, beside=False):
            for _, value in leaves(fact.value):
                password, host = _password(value) if isinstance(value, str) else ("", "")
                if password and not password.startswith(("{", "$", "%", "<")):
                    weak = is_placeholder(password) or password in ("guest", "postgres")
                    sure = LOW if weak else MEDIUM if host in _LOCAL else HIGH
                    yield hit(
                        fact,
                        f"The address in {name} has a password in it, known to whoever can read "
                        "the code.",
                        f'{name} = os.environ["{name}"]',
                        confidence=sure,
                        at=value,
                        secret=True,
                    )


RULE = Rule("SECR494", "settings", deployed(_check))
