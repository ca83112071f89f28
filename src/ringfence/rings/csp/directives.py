"""Read a dict of directives, as it stands in a settings file.

Everything that is wrong is added to the findings, all at once; nothing here raises for a bad
value, of whatever type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ringfence.finding import Findings
from ringfence.rings.csp.grammar import check_directive, check_name
from ringfence.rings.csp.model import NONE
from ringfence.rings.csp.problem import Problem
from ringfence.rings.csp.values import Unreadable, values_of
from ringfence.rings.csp.words import KEYWORDS, VALUELESS

__all__ = ["SIZE_LIMIT", "add_problem", "kind_of", "read_directives"]

#: Servers and proxies refuse a response whose header fields are longer than 8 to 32 KiB in all.
SIZE_LIMIT = 16 * 1024


class _Given(NamedTuple):
    """One directive as it was written."""

    name: str
    values: tuple[str, ...] | None


def read_directives(
    config: Mapping[object, object], findings: Findings, setting: str
) -> dict[str, tuple[str, ...] | None]:
    """Read a dict of directives; None stands for one that is to be left out."""
    given: dict[str, tuple[str, ...] | None] = {}
    size = 0
    for key, value in config.items():
        if key == "preset":
            continue
        if not isinstance(key, str):
            findings.add(
                "CSP003",
                setting=setting,
                value=key,
                reason="a directive is named by a string.",
                fix="Write the directive's name, as 'script-src'.",
            )
            continue
        size += len(key) + 2
        tokens = values_of(value)
        if tokens is not None and not isinstance(tokens, Unreadable):
            size += sum(len(token) + 1 for token in tokens)
        if size > SIZE_LIMIT:
            findings.add(
                "CSP110",
                setting=setting,
                reason=f"the policy is longer than {SIZE_LIMIT} bytes, more than servers and "
                "proxies carry in one header.",
                fix="Allow hosts by wildcard, or scripts by nonce and 'strict-dynamic'.",
            )
            break
        read = _directive(key, tokens, findings, f"{setting}[{key[:64]!a}]")
        if read is None:
            continue
        if read.name in given:
            findings.add(
                "CSP005",
                setting=setting,
                value=key,
                reason="it is given twice in different case, and browsers obey only the first.",
                fix="Write it once, in lower case.",
            )
            continue
        given[read.name] = read.values
    return given


def _directive(
    key: str, tokens: tuple[str, ...] | Unreadable | None, findings: Findings, setting: str
) -> _Given | None:
    problem = check_name(key)
    if problem:
        add_problem(findings, problem, setting)
        return None
    name = key.lower()
    if tokens is None:
        return _Given(name, None)
    if isinstance(tokens, Unreadable):
        findings.add(
            "CSP003",
            setting=setting,
            value=tokens.value,
            reason=f"a source cannot be {kind_of(tokens.value)}.",
            fix="Write strings: one, or a list, tuple or set of them.",
        )
        return None
    if not tokens and name not in VALUELESS:
        findings.add(
            "CSP111",
            setting=setting,
            reason="it has no value, which browsers read as 'none' and Django leaves out.",
            fix="Write \"'none'\" to allow nothing, or None to leave the directive out.",
        )
        return None
    for problem in check_directive(name, tokens):
        add_problem(findings, problem, setting)
    # Keywords are compared without case; one spelling is enough for everything that follows.
    return _Given(
        name,
        tuple(
            dict.fromkeys(
                token.lower() if token.lower() in KEYWORDS or token.lower() == NONE else token
                for token in tokens
            )
        ),
    )


def add_problem(findings: Findings, problem: Problem, setting: str) -> None:
    """Add what the grammar found wrong to the findings."""
    value = "" if problem.value is None else problem.value
    findings.add(problem.code, setting=setting, value=value, reason=problem.reason, fix=problem.fix)


def kind_of(value: object) -> str:
    """Return what a value is, as a sentence says it."""
    name = "None" if value is None else type(value).__name__
    return name if value is None else f"of type {name}"
