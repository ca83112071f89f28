"""SET403: SECRET_KEY is weak."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._secret_keys import is_weak
from ringfence.audit.rules._settings import deployed, hit, texts, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        one = fact.value.decode("latin-1") if isinstance(fact.value, bytes) else fact.value
        keys = texts(one) or ([one] if isinstance(one, str) else [])
        for key in keys:
            if key and is_weak(key):
                yield hit(
                    fact,
                    f"A key in {fact.name} is short, uniform, or the one that startproject made, "
                    "and it stands in the source: signed values can be forged.",
                    'SECRET_KEY = os.environ["SECRET_KEY"], with 50 random characters.',
                    at=key,
                    secret=True,
                )
                return


RULE = Rule("SET403", "settings", deployed(_check))
