"""DEPL401: The development server is what is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._environment import SURE, commands

_DEVELOPMENT = frozenset({"runserver", "runserver_plus", "runsslserver"})
_SERVERS = frozenset(
    {"gunicorn", "uwsgi", "uvicorn", "daphne", "hypercorn", "waitress-serve", "granian", "mod_wsgi"}
)


def _is_manage(word: str) -> bool:
    return word.endswith(("manage.py", "django-admin", "django-admin.py", "manage")) or (
        word == "django"
    )


def _runs(words: Sequence[str]) -> bool:
    """Whether one of the words is the command, and one before it what it is a command of."""
    for at, word in enumerate(words):
        if word in _DEVELOPMENT:
            return any(_is_manage(each) for each in words[max(0, at - 6) : at])
    return False


def _check(project: Project) -> Iterator[Hit]:
    known = list(commands(project))
    served = any(each.rpartition("/")[2] in _SERVERS for _, _, words in known for each in words)
    for file, command, words in known:
        if _runs(words) and not (served and file.purpose != "deployed"):
            yield Hit(
                command.place,
                "runserver is made for one developer: Django's own documentation says that it went "
                "through no audit and is not to be used in production.",
                "gunicorn site.wsgi:application (or uvicorn site.asgi:application)",
                SURE[file.purpose],
            )


RULE = Rule("DEPL401", "environment", _check)
