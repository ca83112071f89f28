"""SECR493: the mail server's password stands in the settings."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secrets import is_placeholder
from ringfence.audit.rules._settings import HIGH, LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "EMAIL_HOST_PASSWORD", beside=False):
        if isinstance(fact.value, str) and fact.value:
            yield hit(
                fact,
                "Whoever can read the code can send mail in the site's name, and past its "
                "recipients' filters.",
                'EMAIL_HOST_PASSWORD = os.environ["EMAIL_HOST_PASSWORD"]',
                confidence=LOW if is_placeholder(fact.value) else HIGH,
                at=fact.value,
                secret=True,
            )
            return


RULE = Rule("SECR493", "settings", deployed(_check))
