"""Requests that the server makes to an address out of the visitor's request."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Call, Hit, Project, Rule, Value
from ringfence.audit.rules._python import NOBODY, OUTSIDE, argument, files, origin, short
from ringfence.finding import Confidence

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "stream"})
_OPEN = frozenset({"urlopen", "urlretrieve", "HTTPConnection", "HTTPSConnection"})


def check(project: Project) -> Iterator[Hit]:
    """Find addresses whose host the request may choose."""
    for facts in files(project):
        for call in facts.calls:
            value = _address(call)
            if "url" in value.safe_for or not value.sources & OUTSIDE:
                continue
            yield Hit(
                call.place,
                f"The server fetches an address with a part from {origin(value)}: it may be one "
                "that only the server can reach.",
                "Compare the host with a list of those you mean, and do not follow redirects.",
                Confidence.HIGH,
            )


def _address(call: Call) -> Value:
    last = short(call)
    if call.target.startswith(("requests.", "httpx.", "aiohttp.")):
        if last in _VERBS:
            return argument(call, 0, "url")
        if last == "request":
            return argument(call, 1, "url")
    if last in _OPEN or call.target == "urllib.request.Request":
        return argument(call, 0, "url", "host", "fullurl")
    return NOBODY


RULE = Rule("SSRF401", "python", check)
