"""``Access-Control-Allow-Origin`` written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Place, Project, Rule, Value
from ringfence.audit.rules._python import OUTSIDE, files
from ringfence.finding import Confidence

_ORIGIN = "[access-control-allow-origin]"
#: What describes a service to every client: OAuth and OpenID Connect say it is for all.
_PUBLIC = re.compile(r"(?i)oauth|oidc|openid|well_?known")
_CREDENTIALS = "[access-control-allow-credentials]"


def check(project: Project) -> Iterator[Hit]:
    """Find the header with ``*`` or with whatever origin asks."""
    for facts in files(project):
        public = _PUBLIC.search(facts.path) is not None
        with_cookies = {
            given.function
            for given in facts.assignments
            if given.target.lower().endswith(_CREDENTIALS)
        }
        seen: set[str] = set()
        for given in facts.assignments:
            if given.target.lower().endswith(_ORIGIN):
                found = _verdict(
                    given.value,
                    with_cookies=given.function in with_cookies,
                    again=given.function in seen,
                )
                if found is not None:
                    seen.add(given.function)
                    if public and given.value.literal == "*":
                        found = found[0], Confidence.LOW
                    yield _hit(given.place, found)


def _hit(place: Place, found: tuple[str, Confidence]) -> Hit:
    return Hit(
        place,
        found[0],
        "Decide it in one place: RINGFENCE = {'cors': {'origins': ['https://app.example.com']}}",
        found[1],
    )


def _verdict(value: Value, *, with_cookies: bool, again: bool) -> tuple[str, Confidence] | None:
    if value.literal == "*":
        return "Pages of every site may read this response.", (
            # What a function says on each of its ways out needs to be changed once.
            Confidence.LOW if again else Confidence.MEDIUM
        )
    if value.sources & OUTSIDE and "url" not in value.safe_for:
        cookies = ", with the visitor's cookies" if with_cookies else ""
        return f"Whatever origin asks may read the response{cookies}.", Confidence.HIGH
    if value.literal == "null":
        return "Any sandboxed frame has the origin null.", Confidence.HIGH
    return None


RULE = Rule("CORS471", "python", check)
