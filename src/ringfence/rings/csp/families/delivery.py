"""How the policies were sent: only reported on, to nobody, or several that exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ringfence.rings.csp.browser.enforce import Enforced
from ringfence.rings.csp.browser.together import nothing_in_common
from ringfence.rings.csp.problem import Problem

__all__ = ["CHECKS"]


def nothing_enforced(policies: Sequence[Enforced]) -> Iterator[Problem]:
    """Yield that browsers are told to block nothing."""
    if policies and not any(each.policy.enforced for each in policies):
        yield Problem(
            "CSP225",
            None,
            "the only policy is reported on, and browsers block nothing.",
            "Send it as Content-Security-Policy once its reports are quiet.",
        )


def reports_to_nobody(policies: Sequence[Enforced]) -> Iterator[Problem]:
    """Yield a policy that is only reported on, and names nobody to report to."""
    for each in policies:
        if not each.policy.enforced and not (
            each.directives.get("report-uri") or each.directives.get("report-to")
        ):
            yield Problem(
                "CSP226",
                None,
                "a policy that is only reported on does nothing where no report is sent.",
                "Add report-uri and report-to.",
            )


def insecure_reports(policies: Sequence[Enforced]) -> Iterator[Problem]:
    """Yield reports sent without TLS: they hold the addresses of pages."""
    for each in policies:
        for value in each.directives.get("report-uri", ()):
            if value.lower().startswith("http://"):
                yield Problem(
                    "CSP207",
                    f"report-uri {value[:120]}",
                    "reports hold addresses of pages, and browsers on https send none there.",
                    "Write https:// or a path.",
                )


def exclusive(policies: Sequence[Enforced]) -> Iterator[Problem]:
    """Yield policies of which each allows scripts, and which together allow none."""
    if nothing_in_common([each for each in policies if each.policy.enforced]):
        yield Problem(
            "CSP303",
            None,
            "a script needs the leave of every policy, and none has the leave of all.",
            "Send one policy, or make the others silent about scripts.",
        )


#: Each is given all policies of a response, those that are only reported on as well.
CHECKS: tuple[Callable[[Sequence[Enforced]], Iterator[Problem]], ...] = (
    nothing_enforced,
    reports_to_nobody,
    insecure_reports,
    exclusive,
)
