"""UPL491: uploads may be pages or scripts."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, texts, versions

_NAMES = ("WAGTAILIMAGES_EXTENSIONS", "WAGTAILDOCS_EXTENSIONS", "CKEDITOR_5_UPLOAD_FILE_TYPES")
_TYPES = ("WAGTAILDOCS_INLINE_CONTENT_TYPES",)
_RUNNING = frozenset({"svg", "svgz", "html", "htm", "xhtml", "xml", "shtml", "xht", "js", "mjs"})
_RUNNING_TYPES = ("text/html", "image/svg", "application/xhtml", "text/xml", "application/xml")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES, *_TYPES):
        for each in texts(fact.value):
            value = each.lower().lstrip(".")
            if value in _RUNNING or value.startswith(_RUNNING_TYPES):
                yield hit(
                    fact,
                    f"A browser runs the scripts in a file of type {value} that is opened from "
                    "this origin.",
                    f"Remove {value}, or serve uploads from a domain of their own.",
                    confidence=MEDIUM,
                    at=each,
                )


RULE = Rule("UPL491", "settings", deployed(_check))
