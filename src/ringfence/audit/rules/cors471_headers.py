"""``Access-Control-Allow-Origin`` written by hand."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Assignment, Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, files
from ringfence.finding import Confidence

_ORIGIN = "[access-control-allow-origin]"
_CREDENTIALS = "[access-control-allow-credentials]"


def check(project: Project) -> Iterator[Hit]:
    """Find the header with ``*`` or with whatever origin asks."""
    for facts in files(project):
        with_cookies = {
            given.function
            for given in facts.assignments
            if given.target.lower().endswith(_CREDENTIALS)
        }
        seen = False
        for given in facts.assignments:
            if given.target.lower().endswith(_ORIGIN):
                found = _judge(given, with_cookies=given.function in with_cookies, again=seen)
                if found is not None:
                    seen = True
                    yield Hit(
                        given.place,
                        found[0],
                        "Decide it in one place: RINGFENCE = {'cors': {'origins': "
                        "['https://app.example.com']}}",
                        found[1],
                    )


def _judge(given: Assignment, *, with_cookies: bool, again: bool) -> tuple[str, Confidence] | None:
    value = given.value
    if value.literal == "*":
        return "Pages of every site may read this response.", (
            # A module that says so many times over has been thought about, or needs to be once.
            Confidence.LOW if again else Confidence.MEDIUM
        )
    if value.sources & OUTSIDE and "url" not in value.safe_for:
        cookies = ", with the visitor's cookies" if with_cookies else ""
        return f"Whatever origin asks may read the response{cookies}.", Confidence.HIGH
    if value.literal == "null":
        return "Any sandboxed frame has the origin null.", Confidence.HIGH
    return None


RULE = Rule("CORS471", "python", check)
