"""TOML of a tree that nobody trusts."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

__all__ = ["MalformedError", "loads"]

#: tomllib takes quadratic time for a key of many parts: of a hundred thousand of them, minutes.
_ENDLESS: Final = re.compile(r"(?:\.[ \t]*+[\w\"'-]++[ \t]*+){64}")


class MalformedError(ValueError):
    """The text is no TOML, or none that is worth the time."""


def loads(text: str) -> dict[str, Any]:
    """Return the document that ``text`` is.

    :raises MalformedError: if it is none, is nested too deeply, or has keys of very many parts.

    >>> loads("a.b = 1")
    {'a': {'b': 1}}
    """
    if _ENDLESS.search(text):
        raise MalformedError("a key has more parts than keys have")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise MalformedError("nested too deeply") from error
    except ValueError as error:
        raise MalformedError(str(error)) from error
