"""CSP482: another site's script or style sheet without ``integrity``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import is_foreign, markup
from ringfence.finding import Confidence

#: What names a version does not change under its address, so that a hash can be given.
_FIXED = re.compile(r"[@/._-]v?\d+(?:\.\d+)+|/\d+\.\d+|[0-9a-f]{20,}")


def check(project: Project) -> Iterator[Hit]:
    """Find them; a service that changes its script cannot have a hash, and is inventory."""
    for element in markup(project, "script", "link"):
        attributes = element.attributes
        is_script = element.element == "script"
        url = attributes.get("src" if is_script else "href", "")
        if not is_foreign(url) or attributes.get("integrity"):
            continue
        if not is_script and "stylesheet" not in attributes.get("rel", "").lower():
            continue
        fixed = is_script and _FIXED.search(url) and "{" not in url.split("/")[2]
        yield Hit(
            element.place,
            f"Whoever can change {url[:100]} runs code in this site's pages.",
            'integrity="sha384-…" crossorigin="anonymous", or a copy among the static files.',
            Confidence.MEDIUM if fixed else Confidence.LOW,
        )


RULE = Rule("CSP482", "template", check)
