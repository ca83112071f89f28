"""Judge the policies that a browser was sent: what is wrong with them, and a grade.

Pure: no Django, no settings, no network. Policies come from
:func:`ringfence.rings.csp.browser.receive.receive`; a policy of the settings can be judged by
rendering it first, ``receive(policy.compile().render(nonce))``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ringfence.finding import REGISTER, Finding, Findings, Severity
from ringfence.rings.csp import bypass
from ringfence.rings.csp.browser.enforce import Enforced, Level
from ringfence.rings.csp.browser.receive import Received
from ringfence.rings.csp.browser.source import Kind
from ringfence.rings.csp.browser.together import combine
from ringfence.rings.csp.families import delivery, documents, hosts, scripts, syntax
from ringfence.rings.csp.grade import ALGORITHM, Grade, grade, is_about_scripts
from ringfence.rings.csp.model import HEADER, HEADER_REPORT_ONLY, CspPolicy
from ringfence.rings.csp.problem import Problem

__all__ = ["Evaluation", "evaluate", "nonces"]

#: Where a policy that is served is judged otherwise than one that is configured.
_SEVERITY = {"CSP105": Severity.DEPLOY_ERROR, "CSP111": Severity.INFO}

#: What is said of one policy: more of the same helps nobody.
_PER_POLICY = 50


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of it.

    ``algorithm`` is the version of the grading (:data:`ringfence.rings.csp.grade.ALGORITHM`);
    ``because`` are the codes that keep the grade from being better. ``if_enforced`` is the grade
    that the policies would have if those that are only reported on were enforced as well; None
    where there are none.
    """

    grade: Grade
    because: tuple[str, ...]
    findings: tuple[Finding, ...]
    policies: tuple[Enforced, ...]
    level: Level = Level.CSP3
    if_enforced: Grade | None = None
    algorithm: int = ALGORITHM


def evaluate(
    policies: Iterable[Received],
    level: Level = Level.CSP3,
    *,
    repeated: Collection[str] = (),
    x_frame_options: str = "",
) -> Evaluation:
    """Judge all policies of one response together, as a browser of ``level`` enforces them.

    ``repeated`` are nonces (their values) that another response had, too; ``x_frame_options`` is
    that header, which holds where no policy says frame-ancestors. No policy at all is judged as
    well. Never raises; linear in the length of the policies.

    >>> from ringfence.rings.csp.browser.receive import receive
    >>> evaluation = evaluate(receive("script-src 'self' 'unsafe-inline' 'nonce-a$b'"))
    >>> evaluation.grade.letter, evaluation.because
    ('F', ('CSP201',))
    """
    sent = tuple(Enforced(policy, level) for policy in policies)
    enforced = tuple(each for each in sent if each.policy.enforced)
    # Where nothing is enforced, what would be is judged, and CSP225 says that it is not.
    judged = enforced or sent
    findings = Findings()
    written = {each: list(_written(each.policy)) for each in sent}
    for number, each in enumerate(sent, 1):
        _add(findings, written[each], _place(each.policy, number, len(sent)))
    delivered = [problem for check in delivery.CHECKS for problem in check(sent)]
    delivered += _repeated(judged, repeated)
    left_open, scripts_by = _open(judged, x_frame_options)
    header = HEADER if enforced or not sent else HEADER_REPORT_ONLY
    _add(findings, [*left_open, *delivered], header, scripts_by)
    own = [problem for each in judged for problem in written[each]]
    result, because = grade([*own, *left_open, *delivered], scripts_by)
    if_enforced = None
    if len(enforced) < len(sent):
        left_open, scripts_by = _open(sent, x_frame_options)
        own = [problem for problems in written.values() for problem in problems]
        if_enforced, _ = grade([*own, *left_open], scripts_by)
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    return Evaluation(result, because, tuple(ordered), sent, level, if_enforced)


def _written(policy: Received) -> Iterator[Problem]:
    seen: set[Problem] = set()
    for check in syntax.CHECKS:
        for problem in check(policy):
            if problem not in seen:
                seen.add(problem)
                yield problem
            if len(seen) >= _PER_POLICY:
                return


def _open(policies: Sequence[Enforced], x_frame_options: str) -> tuple[list[Problem], list[str]]:
    """Return what all of ``policies`` leave open, and the directives that govern scripts."""
    together = combine(policies) if policies else CspPolicy(())
    found: list[Problem] = []
    if any(each.blocks_all_scripts for each in policies):
        found += scripts.elsewhere(together)
    else:
        for check in (*scripts.CHECKS, *hosts.CHECKS):
            found += check(together)
    # Where there is no policy at all, one line about it is enough.
    for check in documents.CHECKS if policies else ():
        found += check(together)
    if x_frame_options.strip().upper() in ("DENY", "SAMEORIGIN"):
        # CSP221 without a value is the directive that is missing.
        found = [problem for problem in found if (problem.code, problem.value) != ("CSP221", None)]
    names = ("script-src-elem", "script-src", "object-src")
    return list(dict.fromkeys(found)), [bypass.effective(together, name)[0] for name in names]


def _repeated(policies: Iterable[Enforced], repeated: Collection[str]) -> Iterator[Problem]:
    for value in sorted(nonces(policies) & set(repeated)):
        yield Problem(
            "CSP105",
            f"'nonce-{value}'",
            "another response had the same nonce: an attacker reads it once and uses it.",
            "Make a new one for each response (CSP.NONCE is), and keep caches from storing it.",
        )


def nonces(policies: Iterable[Enforced]) -> set[str]:
    """Return the nonces that scripts may have under ``policies``.

    >>> from ringfence.rings.csp.browser.receive import receive
    >>> nonces([Enforced(policy) for policy in receive("script-src 'nonce-abc'")])
    {'abc'}
    """
    lists = (each.governing("script-src-elem") for each in policies)
    return {source.value for found in lists if found for source in found.of_kind(Kind.NONCE)}


def _place(policy: Received, number: int, count: int) -> str:
    header = HEADER if policy.enforced else HEADER_REPORT_ONLY
    where = f"<meta> {header}" if policy.in_meta else header
    return where if count == 1 else f"{where}, policy {number}"


def _add(
    findings: Findings, problems: Iterable[Problem], place: str, scripts_by: Collection[str] = ()
) -> None:
    for problem in problems:
        registered = REGISTER[problem.code].severity
        # In a header that is served already, what RINGFENCE refuses is something to be repaired;
        # and a host that many share is a danger where it sends scripts.
        if registered is Severity.ERROR or not is_about_scripts(problem, scripts_by):
            registered = min(registered, Severity.WARNING)
        findings.add(
            problem.code,
            setting=place,
            value=problem.value or "",
            reason=problem.reason,
            fix=problem.fix,
            severity=_SEVERITY.get(problem.code, registered),
        )
