"""SET430: logs or mails hold what should not leave the server."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, ask, deployed, hit, versions

_SQL = ("django.db.backends", "django.db")


def _check(site: Settings) -> Iterator[Hit]:
    if ask(site, "DEBUG").value is True:
        return
    for fact in versions(site, "LOGGING"):
        config = fact.value if isinstance(fact.value, dict) else {}
        loggers, handlers = config.get("loggers"), config.get("handlers")
        for name, logger in loggers.items() if isinstance(loggers, dict) else ():
            if name in _SQL and isinstance(logger, dict) and logger.get("level") == "DEBUG":
                yield hit(
                    fact,
                    "Every SQL statement is logged with its values, among them e-mail addresses, "
                    "hashes and tokens, wherever DEBUG is on.",
                    'Write "level": "INFO".',
                    confidence=LOW,
                    at=name,
                )
        for handler in handlers.values() if isinstance(handlers, dict) else ():
            if isinstance(handler, dict) and handler.get("include_html") is True:
                yield hit(
                    fact,
                    "Error mails hold the whole debug page: local variables, settings, cookies.",
                    'Remove "include_html".',
                    confidence=MEDIUM,
                    at=next(key for key in handler if key == "include_html"),
                )


RULE = Rule("SET430", "settings", deployed(_check))
