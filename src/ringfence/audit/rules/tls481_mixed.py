"""TLS481: a page that loads code or a frame over plain http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import is_foreign, is_mail, templates
from ringfence.finding import Confidence

_LOADING = {"script": "src", "iframe": "src", "frame": "src", "embed": "src", "object": "data"}


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    for facts in templates(project):
        if is_mail(facts):
            continue
        for element in facts.markup:
            url = element.attributes.get(_LOADING.get(element.element, ""), "")
            if element.element == "link" and "stylesheet" in element.attributes.get("rel", ""):
                url = element.attributes.get("href", "")
            if url.strip().lower().startswith("http://") and is_foreign(url):
                yield Hit(
                    element.place,
                    "Whoever is on the way can change what is loaded over http; a page over https "
                    "does not load it at all.",
                    "https://" + url.strip()[7:107],
                    Confidence.HIGH,
                )


RULE = Rule("TLS481", "template", check)
