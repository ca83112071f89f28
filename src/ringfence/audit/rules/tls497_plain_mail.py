"""TLS497: mail goes out without encryption."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, ask, deployed, hit

_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "mailhog", "mailpit"})


def _check(site: Settings) -> Iterator[Hit]:
    fact = ask(site, "EMAIL_HOST", "localhost")
    tls = [ask(site, name, django=False) for name in ("EMAIL_USE_TLS", "EMAIL_USE_SSL")]
    password = ask(site, "EMAIL_HOST_PASSWORD", "")
    remote = isinstance(fact.value, str) and fact.value.lower() not in _LOCAL
    said = next((each for each in tls if each.given), None)
    if remote and all(each.value is False for each in tls) and (password.value != "" or said):
        with_password = "The mail server's password, and every" if password.value != "" else "Every"
        yield hit(
            said or fact,
            f"{with_password} password-reset link crosses the network in the clear.",
            "EMAIL_USE_TLS = True",
            confidence=MEDIUM if said else LOW,
        )


RULE = Rule("TLS497", "settings", deployed(_check))
