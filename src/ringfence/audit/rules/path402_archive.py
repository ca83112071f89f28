"""Archives unpacked with the names that are in them."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import ending, files
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``tarfile``'s ``extractall`` without a filter (PEP 706)."""
    uses = {facts.path for facts in files(project) if "tarfile" in facts.imports.values()}
    for call in ending(project, "extractall"):
        if (
            call.place.path in uses
            and "filter" not in call.kwargs
            and "zip" not in call.target.lower()
        ):
            yield Hit(
                call.place,
                "Names in a tar archive may hold ../ or be links, and files are then written "
                "elsewhere (before Python 3.14).",
                "archive.extractall(folder, filter='data')",
                Confidence.MEDIUM,
            )


RULE = Rule("PATH402", "python", check)
