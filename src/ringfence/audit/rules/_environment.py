"""What the rules on files of the environment share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Command, EnvironmentFile, Project
from ringfence.finding import Confidence

__all__ = ["SURE", "commands", "words"]

#: How sure it is that a file is used on a server, by what it is for; others are not blamed.
SURE: Final = {
    "deployed": Confidence.HIGH,
    "unmarked": Confidence.MEDIUM,
    "doubtful": Confidence.LOW,
}
_SPACE: Final = re.compile(r"[\s;&|'\"(),\[\]]+")


def words(text: str) -> list[str]:
    """Return the words of a command, without what a shell puts between them.

    >>> words("sh -c 'python manage.py migrate && gunicorn site.wsgi'")[-2:]
    ['gunicorn', 'site.wsgi']
    """
    return [word for word in _SPACE.split(text) if word]


def commands(project: Project) -> Iterator[tuple[EnvironmentFile, Command, list[str]]]:
    """Yield what is started by files that may be in use on a server, as words."""
    for file in project.environment:
        if file.purpose in SURE:
            yield from ((file, each, words(each.text)) for each in file.commands)
