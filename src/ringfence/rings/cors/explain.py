"""Says in a developer's words what one policy answers to one origin, and why."""

from __future__ import annotations

from ringfence.origin import MAX_LENGTH, Origin, OriginError
from ringfence.rings.cors.decide import CorsPolicy, Headers
from ringfence.rings.cors.fetch import SAFELISTED_METHODS
from ringfence.terminal import printable

__all__ = ["explain"]

#: What a script may send without a preflight (Fetch, "CORS-safelisted request-header"), as long as
#: the values are simple: which they are is more than a list of names can say.
_SAFELISTED_HEADERS = frozenset({"accept", "accept-language", "content-language", "content-type"})


def explain(
    policy_source: str, policy: CorsPolicy | None, origin: str, method: str, headers: str | None
) -> list[str]:
    """Return what ``policy`` answers, line by line; no line holds a control character.

    ``policy_source`` says where the policy stands, ``headers`` is what
    Access-Control-Request-Headers would say (``None``: nothing is asked).
    """
    lines = [f"Policy: {policy_source}"]
    if policy is None:
        lines.append(
            "There is no CORS policy here: no Access-Control header is sent, and a browser lets "
            "no other origin read the answer."
        )
        lines.append("A preflight is left to the view, as any other OPTIONS request.")
        return [printable(line) for line in lines]
    allowed = policy.allows(origin)
    lines.append(f"Origin {origin}: {'allowed' if allowed else 'not allowed'}: ")
    lines[-1] += _why_allowed(policy, origin) if allowed else _why_refused(policy, origin)
    if policy.dynamic is not None and not allowed:
        lines.append(
            f"A callable decides about the rest ({_callable_name(policy.dynamic)}); it is not "
            "called here. What follows holds if it refuses."
        )
    preflight = policy.preflight(origin, method, headers, False, allowed)  # noqa: FBT003
    lines.append("")
    if _needs_preflight(method, headers):
        lines.append(f"Preflight (OPTIONS, asking for {method}): {preflight.status}")
    else:
        lines.append(
            f"Preflight: a browser sends none for {method}, unless the script does something "
            f"unusual (an upload's progress, a body of JSON); if it did: {preflight.status}"
        )
    if preflight.refusal is not None:
        lines.append(f"  refused: {preflight.refusal}")
    lines += _header_lines(preflight.headers, preflight.vary)
    lines.append("")
    if not allowed:
        lines.append(f"{method}: the view answers, and the browser keeps the answer to itself:")
        lines += _header_lines((), ("Origin",) if policy.varies else ())
        lines.append("  no Access-Control-Allow-Origin")
    elif preflight.refusal is not None and _needs_preflight(method, headers):
        lines.append(f"{method}: never sent, since its preflight is refused.")
    else:
        lines.append(f"{method}: the script may read the answer:")
        lines += _header_lines(policy.actual_headers(origin), ("Origin",) if policy.varies else ())
        lines.append(
            "  Cookies are sent along if the script asks for it, and if they are SameSite=None."
            if policy.credentials
            else "  Requests with cookies are refused by the browser: credentials are off."
        )
    return [printable(line) for line in lines]


def _needs_preflight(method: str, headers: str | None) -> bool:
    asked = {name.strip().lower() for name in (headers or "").split(",")} - {""}
    return method not in SAFELISTED_METHODS or not asked <= _SAFELISTED_HEADERS


def _why_allowed(policy: CorsPolicy, origin: str) -> str:
    if policy.any_origin and not policy.credentials:
        return "every origin is, without credentials."
    if origin in policy.rules.exact:
        return "it is listed."
    if origin == "null" and policy.null_origin:
        return "a dangerously_ option says that null is."
    if origin in policy.legacy_literals:
        return "it is listed in CORS_ALLOWED_ORIGINS, or every origin is."
    if policy.any_origin:
        return "every origin is, with credentials."
    if policy.rules.matches(origin):
        return "a wildcard covers it."
    for pattern in policy.patterns:
        if pattern.fullmatch(origin):
            return f"the regex {pattern.pattern!r} matches it."
    for pattern in policy.legacy_patterns:
        if pattern.match(origin):
            return f"the regex {pattern.pattern!r} of CORS_ALLOWED_ORIGIN_REGEXES matches it."
    return "the policy says so."


def _why_refused(policy: CorsPolicy, origin: str) -> str:
    try:
        parsed = Origin.parse(origin)
    except OriginError as error:
        hint = "" if len(origin) > MAX_LENGTH else f" {error.fix}"
        return f"{error}{hint}"
    near = _near_miss(policy, parsed)
    if near:
        return near
    if not policy.varies:
        return "this policy allows no origin at all."
    return "it is not listed, and no wildcard and no regex covers it."


def _near_miss(policy: CorsPolicy, origin: Origin) -> str:
    """Say what is almost there: another scheme, another port, the domain above a wildcard."""
    for listed in sorted(policy.rules.tuples):
        if listed.host == origin.host:
            differs = "scheme" if listed.scheme != origin.scheme else "port"
            return f"{listed.serialize()} is listed; the {differs} differs."
    for scheme, host, port in sorted(policy.rules.suffixes):
        if host == origin.host:
            return f"{scheme}://*.{host} does not cover {host} itself; list it besides."
        if origin.host.endswith(f".{host}"):
            differs = "scheme" if scheme != origin.scheme else "port"
            return f"{scheme}://*.{host} covers it but for the {differs} ({port})."
    return ""


def _callable_name(dynamic: object) -> str:
    if isinstance(dynamic, str):
        return dynamic
    name = getattr(dynamic, "__qualname__", type(dynamic).__qualname__)
    return f"{getattr(dynamic, '__module__', '?')}.{name}"


def _header_lines(headers: Headers, vary: tuple[str, ...]) -> list[str]:
    lines = [f"  {name}: {value}" for name, value in headers]
    if vary:
        lines.append(f"  Vary: {', '.join(vary)}")
    return lines
