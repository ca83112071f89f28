"""SECR461: A secret stands in a file of the environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from ringfence.audit.model import EnvironmentFile, Hit, Project, Rule, Variable
from ringfence.audit.rules._environment import SURE
from ringfence.audit.rules._secrets import (
    confidence_of,
    is_common,
    is_known_key,
    is_placeholder,
    is_secret_name,
)
from ringfence.finding import Confidence

#: What build tools put into scripts for everybody to read.
_PUBLISHED = ("VITE_", "NEXT_PUBLIC_", "REACT_APP_", "VUE_APP_", "NUXT_PUBLIC_", "PUBLIC_")


def _password(value: str) -> str:
    """Return the password in an address, "" if there is none."""
    if "://" not in value or "@" not in value or len(value) > 2000:
        return ""
    try:
        return urlsplit(value).password or ""
    except ValueError:
        return ""


def _sure(file: EnvironmentFile, variable: Variable) -> Confidence | None:
    """Return how sure it is that this is a secret in use; None if it is none."""
    value = (variable.value or "").strip()
    if is_known_key(value):
        # Nobody makes such a key up for an example.
        return Confidence.HIGH if file.purpose != "test" else Confidence.MEDIUM
    most = SURE.get(file.purpose)
    if most is None or not value or variable.name.startswith(_PUBLISHED):
        return None
    password = _password(value)
    if password:
        weak = is_placeholder(password) or is_common(password) or len(password) < 6
        return Confidence.LOW if weak else most
    if not is_secret_name(variable.name):
        return None
    known = confidence_of(variable.name, value, literal=file.purpose == "deployed")
    return None if known is None else min(known, most)


def _check(project: Project) -> Iterator[Hit]:
    for file in project.environment:
        for variable in file.variables:
            sure = _sure(file, variable)
            if sure is not None:
                yield Hit(
                    replace(variable.place, text=""),
                    f"The value of {variable.name} stands in a file that git keeps: whoever can "
                    "read the repository, or its history, has it.",
                    "Have a new one made: this one is known. Name the file in .gitignore, and keep "
                    "an example without values beside it.",
                    sure,
                )


RULE = Rule("SECR461", "environment", _check)
