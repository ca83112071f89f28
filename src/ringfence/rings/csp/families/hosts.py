"""Hosts through which a script allow-list is known to be bypassed, from the full list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringfence.rings.csp import bypass
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.known_bypasses import ANGULAR, JSONP, NEEDS_EVAL
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.problem import Problem

__all__ = ["CHECKS"]

_WHAT = {
    "angular": "it serves old AngularJS releases, whose templates run injected expressions",
    "jsonp": "it has a JSONP endpoint that answers with whatever callback the URL names",
}


def bypassable(policy: CspPolicy) -> Iterator[Problem]:
    """Yield each host-source under which a known bypass lies; no false positives while it is up.

    Hosts that :mod:`ringfence.rings.csp.bypass` knows are left to it.
    """
    directive, values = bypass.effective(policy, "script-src-elem")
    if values is None or any(value.lower() == "'strict-dynamic'" for value in values):
        return
    _, eval_values = bypass.effective(policy, "script-src")
    may_eval = any(value.lower() == "'unsafe-eval'" for value in eval_values or ())
    said = {problem.value for problem in bypass.weaknesses(policy) if problem.code == "CSP210"}
    for value in values:
        source = read_source(value)
        if source is None or source.kind is not Kind.HOST or f"{directive} {value}" in said:
            continue
        found = _bypass(source, may_eval=may_eval)
        if found is not None:
            host, kind = found
            yield Problem(
                "CSP210",
                f"{directive} {value}",
                f"{host} is a known way round an allow-list: {_WHAT[kind]}.",
                "Allow the one file that is needed, with its path, or use CSP.NONCE.",
            )


def _bypass(source: Source, *, may_eval: bool) -> tuple[str, str] | None:
    if source.host == "*" or source.port not in ("", "*", "80", "443"):
        return None
    for kind, listed in (("angular", ANGULAR), ("jsonp", JSONP)):
        if source.host.startswith("*."):
            hosts = [host for host in listed if host.endswith(source.host[1:])]
        else:
            hosts = [source.host] if source.host in listed else []
        for host in hosts:
            # What some answer with is text that only eval() would run.
            if kind == "jsonp" and host in NEEDS_EVAL and not may_eval:
                continue
            if any(_covers(source.path, path) for path in listed[host]):
                return host, kind
    return None


def _covers(pattern: str, path: str) -> bool:
    # CSP3, section 6.7.2.12: a path that ends in a slash is a prefix, any other is exact.
    if pattern in ("", "/"):
        return True
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern


#: Each is given what all enforced policies leave open.
CHECKS: tuple[Callable[[CspPolicy], Iterator[Problem]], ...] = (bypassable,)
