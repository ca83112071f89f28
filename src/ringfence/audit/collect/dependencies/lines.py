"""Readers of what stands one on a line: requirements files, and lock files as tools write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Asked", "asked", "read_lock", "read_requirements"]

#: PEP 508: a name, extras, and what of it is wanted; a marker is not looked at.
_REQUIREMENT: Final = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]{0,100})[ \t]{0,9}(?:\[[^\]]{0,200}\])?[ \t]{0,9}"
    r"(\(?[ \t]{0,9}(?:===?|[~!<>]=?)[^;#]{0,300})?(?:[;#@].*)?"
)
_PINNED: Final = re.compile(r"\(?={2,3}[ \t]{0,9}([A-Za-z0-9][A-Za-z0-9.!+_-]{0,60})[ \t]{0,9}\)?")
_OPTION: Final = re.compile(r"[ \t]--?[a-z].*")
_ENTRY: Final = re.compile(r'(name|version) = "([A-Za-z0-9.!+_-]{1,100})"')
_NAMES: Final = re.compile(r"[-_.]+")


class Asked(NamedTuple):
    """What is asked for: a name, the one version or "", the specifier, and the line."""

    name: str
    version: str
    specifier: str
    line: int


def asked(text: str, line: int) -> Asked | None:
    """Return what a requirement of PEP 508 asks for; None if it is none.

    >>> asked("Django[argon2]==4.2.1 ; python_version > '3'", 3)
    Asked(name='django', version='4.2.1', specifier='==4.2.1', line=3)
    """
    found = _REQUIREMENT.fullmatch(text.strip()) if len(text) < 2000 else None
    if found is None:
        return None
    specifier = (found[2] or "").strip()
    pinned = _PINNED.fullmatch(specifier)
    return Asked(normal(found[1]), pinned[1] if pinned else "", specifier.strip("() \t"), line)


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it (PEP 503).

    >>> normal("Django_CSP")
    'django-csp'
    """
    return _NAMES.sub("-", name).lower()


def read_requirements(text: str) -> Iterator[Asked]:
    """Yield what a requirements file asks for; options and addresses are passed over."""
    begun, first = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        first = first if begun else number
        if line.endswith("\\") and len(begun) < 5000:
            begun += line[:-1] + " "
            continue
        whole, begun = (begun + line).strip(), ""
        if whole and whole[0] not in "#-":
            # Hashes and other options of one requirement stand behind it.
            found = asked(_OPTION.sub("", whole.split(" #")[0]), first)
            if found is not None:
                yield found


def read_lock(text: str) -> Iterator[Asked]:
    """Yield the packages of a ``poetry.lock`` or ``uv.lock``.

    Both are TOML that a tool writes, an entry a line: reading the lines tells where each stands.
    """
    name, inside, line = "", False, 0
    for number, each in enumerate(text.split("\n"), 1):
        if each.startswith("["):
            name, inside = "", each.strip() == "[[package]]"
            continue
        found = _ENTRY.fullmatch(each.strip()) if inside else None
        if found is None:
            continue
        if found[1] == "name":
            name, line = normal(found[2]), number
        elif name:
            yield Asked(name, found[2], f"=={found[2]}", line)
            name = ""
