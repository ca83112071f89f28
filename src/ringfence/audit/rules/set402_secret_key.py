"""SET402: SECRET_KEY stands in the source."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secret_keys import is_weak
from ringfence.audit.rules._settings import deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECRET_KEY", beside=False):
        key = fact.value.decode("latin-1") if isinstance(fact.value, bytes) else fact.value
        if isinstance(key, str) and key and not is_weak(key):
            yield hit(
                fact,
                "Whoever can read the code can forge sessions, password-reset links and every "
                "other signed value.",
                'SECRET_KEY = os.environ["SECRET_KEY"], and make a new key: this one is known.',
                secret=True,
            )
            return


RULE = Rule("SET402", "settings", deployed(_check))
