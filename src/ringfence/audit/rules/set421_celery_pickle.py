"""SET421: tasks are pickled."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, texts, versions

_ACCEPT = ("CELERY_ACCEPT_CONTENT", "CELERY_RESULT_ACCEPT_CONTENT")
_WRITE = (
    *("CELERY_TASK_SERIALIZER", "CELERY_RESULT_SERIALIZER", "CELERY_EVENT_SERIALIZER"),
    "DJANGO_CELERY_RESULTS_SERIALIZER",
)
_PICKLE = frozenset({"pickle", "application/x-python-serialize"})


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_ACCEPT, *_WRITE):
        values = texts(fact.value) or ([fact.value] if isinstance(fact.value, str) else [])
        for value in values:
            if value.lower() in _PICKLE:
                yield hit(
                    fact,
                    "Workers run what is in a task's pickle: whoever can write to the broker runs "
                    "code in them.",
                    'CELERY_ACCEPT_CONTENT = ["json"]; CELERY_TASK_SERIALIZER = "json"',
                    at=value,
                )
                return


RULE = Rule("SET421", "settings", deployed(_check))
