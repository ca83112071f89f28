"""CSRF484: a link whose address says that it changes something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import markup
from ringfence.finding import Confidence

_WORDS = (
    "delete|remove|destroy|logout|log-out|signout|sign-out|publish|unpublish|approve|reject"
    "|activate|deactivate|disable|enable|ban|unban|vote|upvote|downvote|like|unlike|follow"
    "|unfollow|revoke|archive|cancel|subscribe|unsubscribe"
)
#: A whole part of a path or a name, or the last word of one: not /how-to-delete-a-file.
_CHANGING = re.compile(
    rf"(?:^|[/:.\"'?=&])({_WORDS})(?=$|[/\"'?&%\s#_-])|[_-]({_WORDS})(?=$|[/\"'?&%\s#])",
    re.IGNORECASE,
)
#: A script that takes the link over sends what it likes.
_TAKEN_OVER = re.compile(
    r"^(?:data-(?:method|bs-toggle|toggle|target|confirm|remote)|hx-|@click|x-on)"
)


def check(project: Project) -> Iterator[Hit]:
    """Find them: inventory, for the page behind the link may only ask."""
    for element in markup(project, "a"):
        href = element.attributes.get("href", "")
        match = _CHANGING.search(href)
        if match is None or any(_TAKEN_OVER.match(name) for name in element.attributes):
            continue
        yield Hit(
            element.place,
            f"The link says {match[1] or match[2]}: if its view does so on GET, any page that the visitor "
            "opens can do it in the visitor's name.",
            'A <form method="post"> with {% csrf_token %} and a button, and @require_POST.',
            Confidence.LOW,
        )


RULE = Rule("CSRF484", "template", check)
