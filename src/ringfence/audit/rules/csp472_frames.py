"""Views that any site may put into a frame."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Assignment, Hit, Project, Rule
from ringfence.audit.rules._python import decorated, files, head
from ringfence.finding import Confidence

_FRAMES = frozenset({"deny", "sameorigin"})


def check(project: Project) -> Iterator[Hit]:
    """Find ``xframe_options_exempt``; where the view writes, a click can be stolen."""
    for facts in files(project):
        for given in facts.assignments:
            sure = _opens(given)
            if sure is not None:
                yield Hit(
                    given.place,
                    "Any site may show what is answered here in a frame and lay its own page over "
                    "it.",
                    'X_FRAME_OPTIONS = "DENY"; name the sites that may: frame-ancestors in the '
                    "policy.",
                    sure,
                )
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


def _opens(given: Assignment) -> Confidence | None:
    """Say how sure it is that the header is taken off, or given what browsers take for nothing."""
    target = given.target.lower()
    text = given.value.literal
    if target.endswith(".xframe_options_exempt"):
        return Confidence.LOW if text is True else None  # the next line may give another header
    if not target.endswith("[x-frame-options]"):
        return None
    taken_off = text is None or (isinstance(text, str) and text.strip().lower() not in _FRAMES)
    return Confidence.MEDIUM if taken_off else None


RULE = Rule("CSP472", "python", check)
