"""XSS415: a script takes the visitor to where the page's address, or a message, says."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._flows import flows, said, strongest


def check(project: Project) -> Iterator[Hit]:
    """Find them: only what says all of where to, and is not looked at before."""
    for facts, flow in flows(project):
        if flow.sink != "address":
            continue
        found = strongest(project, facts, flow)
        if found is not None:
            origin, sure = found
            yield Hit(
                flow.place,
                f"The script goes where {said(origin)} says: javascript: runs there as this "
                "site's own, and any other address is another site's page.",
                "const to = new URL(next, location.origin); "
                "if (to.origin === location.origin) { location.assign(to); }",
                sure,
            )


RULE = Rule("XSS415", "template", check)
