"""TLS496: certificates of a server are not verified."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions
from ringfence.audit.rules._walk import leaves

_KEYS = frozenset(
    {"ssl_cert_reqs", "cert_reqs", "verify_ssl", "ssl_verify", "verify_certs", "verify"}
)
_OFF = (False, None, "none", "None", "CERT_NONE")


def _check(site: Settings) -> Iterator[Hit]:
    for name in site.values:
        for fact in versions(site, name):
            for keys, value in leaves(fact.value):
                key = str(keys[-1]).lower() if keys else ""
                off = value in _OFF if key.endswith("reqs") else value is False
                if key in _KEYS and off:
                    yield hit(
                        fact,
                        "Whoever answers for that server is believed, and given its password.",
                        "Give the certificate of the authority that signed its own.",
                        confidence=HIGH,
                        at=keys[-1],
                    )


RULE = Rule("TLS496", "settings", deployed(_check))
