"""Views without a content security policy."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import decorated, files, head
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``csp_exempt``, as a decorator and in URL files."""
    for facts in files(project):
        places = [
            head(each.place)
            for each in decorated(facts)
            if any("csp_exempt" in str(decorator) for decorator in each.decorators)
        ]
        places += [
            call.place
            for call in facts.calls
            if call.target.endswith("csp_exempt")
            or (call.target.endswith("method_decorator") and "csp_exempt" in str(call.args))
        ]
        for place in places:
            yield Hit(
                place,
                "One script in this page has the whole origin, and no policy stops it.",
                "Keep the policy and change only the directive that the page needs.",
                Confidence.MEDIUM,
            )


RULE = Rule("CSP471", "python", check)
