"""What is known of packages without asking the network: data, each with its source.

Made in November 2026. A version of Django that is not in the table is newer than it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

__all__ = ["MADE", "UNFIXED", "UNTIL", "Unfixed", "admitted", "branch_of"]

MADE: Final = date(2026, 11, 30)

#: Until when each version of Django gets, or got, fixes of holes: the last day of the month that
#: https://www.djangoproject.com/download/ names, where it names no day.
UNTIL: Final = {
    (1, 11): date(2020, 4, 30),
    (2, 0): date(2019, 4, 30),
    (2, 1): date(2019, 12, 31),
    (2, 2): date(2022, 4, 30),
    (3, 0): date(2021, 4, 30),
    (3, 1): date(2021, 12, 31),
    (3, 2): date(2024, 4, 30),
    (4, 0): date(2023, 4, 30),
    (4, 1): date(2023, 12, 31),
    (4, 2): date(2026, 4, 30),
    (5, 0): date(2025, 4, 30),
    (5, 1): date(2025, 12, 31),
    (5, 2): date(2028, 4, 30),
    (6, 0): date(2027, 4, 30),
    (6, 1): date(2027, 12, 31),
}


class Unfixed(NamedTuple):
    """A package with a published advisory that none of its versions mends."""

    advisories: tuple[str, ...]
    why: str
    instead: str


UNFIXED: Final = {
    # https://nvd.nist.gov/vuln/detail/CVE-2013-7459, https://nvd.nist.gov/vuln/detail/CVE-2018-6594
    "pycrypto": Unfixed(
        ("CVE-2013-7459", "CVE-2018-6594"),
        "its last version is of 2013, overflows a buffer and makes weak ElGamal keys",
        "cryptography, or pycryptodome, which has the same modules",
    ),
    # https://nvd.nist.gov/vuln/detail/CVE-2024-24815; the package's own check ckeditor.W001
    "django-ckeditor": Unfixed(
        ("CVE-2024-24815",),
        "it brings CKEditor 4.22, whose free version gets no fixes any more: markup that its "
        "filter should take out comes through",
        "an editor that is kept up, such as django-prose-editor or django-ckeditor-5",
    ),
}

_CLAUSE: Final = re.compile(
    r"(===?|[~!<>]=|[<>^~]|)[ \t]{0,9}v?([0-9]{1,6}(?:\.[0-9]{1,6}){0,5})(\.\*)?"
    r"(?:[a-z.+-].{0,40})?"
)


def branch_of(version: str) -> tuple[int, int] | None:
    """Return the feature version that a version belongs to.

    >>> branch_of("4.2.16"), branch_of("5"), branch_of("main")
    ((4, 2), (5, 0), None)
    """
    found = re.match(r"([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9])", version)
    return (int(found[1]), int(found[2] or 0)) if found else None


def admitted(specifier: str, branch: tuple[int, int]) -> bool | None:
    """Return whether some version of a branch is admitted; None where the specifier is not known.

    >>> admitted(">=3.2,<4.0", (3, 2)), admitted("^4.1", (5, 0)), admitted("~=4.2.1", (4, 2))
    (True, False, True)
    """
    clauses = [each.strip() for each in specifier.split(",") if each.strip() not in ("", "*")]
    found = [_CLAUSE.fullmatch(each) for each in clauses]
    if len(clauses) > 20 or "||" in specifier or None in found:
        return None
    return any(
        all(_admits(each, (*branch, micro)) for each in found if each is not None)
        for micro in (0, 1, 99)
    )


def _admits(clause: re.Match[str], version: tuple[int, int, int]) -> bool:
    operator, star = clause[1], clause[3]
    parts = tuple(map(int, clause[2].split(".")))
    wanted = (*parts, 0, 0, 0)[:3]
    if operator in ("==", "===", "") and (star or len(parts) < 3):
        # Of a bare 4.2 no more is meant than that it begins so.
        return version[: len(parts)] == parts[:3] if star else version == wanted
    if operator in ("~=", "^", "~"):
        return wanted <= version < _end(operator, parts)
    if operator == "!=":
        return version[: len(parts)] != parts if star else True
    compared = {
        ">=": version >= wanted,
        "<=": version <= wanted,
        ">": version > wanted,
        "<": version < wanted,
    }
    return compared.get(operator, version == wanted)


def _end(operator: str, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the first version that is too new, for ``~=`` (PEP 440), ``^`` and ``~`` (poetry)."""
    if operator == "^":
        kept = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    else:
        kept = len(parts) - 2 if operator == "~=" else min(len(parts) - 1, 1)
    kept = max(kept, 0)
    return (*parts[:kept], parts[kept] + 1)
