"""The grade of a policy: what it is worth against an attacker who gets markup into the page.

A grade is a cap: each code says how good a policy can be that has it, and the worst cap is the
grade. There are no points, so that no number of good deeds makes up for an open door, and each
grade can be told in one line: the codes that made it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable

from ringfence.finding import REGISTER, Severity
from ringfence.rings.csp.problem import Problem

__all__ = ["ALGORITHM", "CAPS", "Grade", "grade", "is_about_scripts"]

#: Raised with every change after which the same policy can get another grade.
ALGORITHM = 1


class Grade(enum.IntEnum):
    """From best to worst; ``letter`` is what is shown."""

    A_PLUS = 0
    A = 1
    B = 2
    C = 3
    D = 4
    F = 5

    @property
    def letter(self) -> str:
        """The grade as it is written.

        >>> Grade.A_PLUS.letter, Grade.F.letter
        ('A+', 'F')
        """
        return self.name.replace("_PLUS", "+")


#: The best grade that a policy can have in which this was found. docs/csp-grades.md says why.
CAPS: dict[str, Grade] = {
    # An injected script runs.
    "CSP105": Grade.F,
    "CSP201": Grade.F,
    "CSP203": Grade.F,
    "CSP204": Grade.F,
    "CSP225": Grade.F,
    # It runs by a way round that is known.
    "CSP206": Grade.D,
    "CSP208": Grade.D,
    "CSP210": Grade.D,
    "CSP216": Grade.D,
    # It runs where something else helps: data that reaches eval(), a plugin, a network.
    "CSP115": Grade.C,
    "CSP202": Grade.C,
    "CSP205": Grade.C,
    "CSP207": Grade.C,
    # It may run by a way round that nobody has looked for.
    "CSP219": Grade.B,
    # No script runs, and something else is open, or something is not as it was meant.
    "CSP220": Grade.A,
    "CSP221": Grade.A,
    "CSP222": Grade.A,
    "CSP223": Grade.A,
    "CSP224": Grade.A,
    "CSP227": Grade.A,
}

#: Codes about any host in any directive: only what runs counts for more than an A.
_ABOUT_HOSTS = frozenset(("CSP207", "CSP208"))


def grade(
    problems: Iterable[Problem], script_directives: Iterable[str]
) -> tuple[Grade, tuple[str, ...]]:
    """Return the grade, and the codes that keep it from being a better one.

    ``script_directives`` are the names of those that govern scripts in this policy.

    >>> grade([Problem("CSP207", "img-src http://a.example", "", "")], ["script-src"])
    (<Grade.A: 1>, ('CSP207',))
    """
    scripts = frozenset(script_directives)
    caps = [(_cap(problem, scripts), problem.code) for problem in problems]
    worst = max((cap for cap, _ in caps), default=Grade.A_PLUS)
    if worst is Grade.A_PLUS:
        return worst, ()
    return worst, tuple(sorted({code for cap, code in caps if cap is worst}))


def is_about_scripts(problem: Problem, script_directives: Collection[str]) -> bool:
    """Whether ``problem`` is about what runs; true of all but hosts in other directives."""
    directive = (problem.value or "").partition(" ")[0]
    return problem.code not in _ABOUT_HOSTS or directive in script_directives


def _cap(problem: Problem, scripts: frozenset[str]) -> Grade:
    if not is_about_scripts(problem, scripts):
        return Grade.A
    if problem.code in CAPS:
        return CAPS[problem.code]
    return Grade.A_PLUS if REGISTER[problem.code].severity is Severity.INFO else Grade.A
