"""Views that any site may put into a frame."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import decorated, files, head
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``xframe_options_exempt``; where the view writes, a click can be stolen."""
    for facts in files(project):
        for each in decorated(facts):
            if any("xframe_options_exempt" in str(decorator) for decorator in each.decorators):
                posts = "request.POST" in getattr(each, "reads", frozenset()) or any(
                    "login_required" in decorator.name for decorator in each.decorators
                )
                yield Hit(
                    head(each.place),
                    "Any site may show this page in a frame and lay its own page over it.",
                    "Name the sites that may: frame-ancestors in this view's policy.",
                    Confidence.MEDIUM if posts else Confidence.LOW,
                )


RULE = Rule("CSP472", "python", check)
