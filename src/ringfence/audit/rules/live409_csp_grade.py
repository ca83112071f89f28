"""LIVE409: A content security policy lets scripts in."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import HIGH, hit, live, pages
from ringfence.finding import Severity
from ringfence.rings.csp.browser.enforce import Enforced
from ringfence.rings.csp.browser.receive import Received, receive
from ringfence.rings.csp.evaluate import evaluate, nonces
from ringfence.rings.csp.grade import Grade


def _check(site: Live) -> Iterator[Hit]:
    seen: set[str] = set()
    again = {each.url: each for each in site.of("again")}
    for response in pages(site):
        policies = _received(response)
        if not policies:
            continue
        held = nonces(map(Enforced, policies))
        other = again.get(response.url)
        repeated = held & nonces(map(Enforced, _received(other))) if other else set()
        result = evaluate(
            policies, repeated=repeated, x_frame_options=response.get("x-frame-options")
        )
        if result.grade < Grade.C:
            continue
        for found in result.findings:
            if found.code in result.because and found.code not in seen:
                seen.add(found.code)
                reason = (
                    f"{found.code}, which makes its grade {result.grade.letter}: {found.reason}"
                )
                severity = min(found.severity, Severity.DEPLOY_ERROR)
                yield hit(response, found.setting, reason, found.fix, HIGH, severity)


def _received(response: Response) -> tuple[Received, ...]:
    return (
        *receive(response.all("content-security-policy")),
        *receive(response.all("content-security-policy-report-only"), enforced=False),
        *receive(response.in_meta, in_meta=True),
    )


RULE = live("LIVE409", _check)
