"""CSRF484: a link, or a form that is sent by GET, whose address says that it changes something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ringfence.audit.model import Hit, Place, Project, Rule
from ringfence.audit.rules._forms import forms, is_scripted
from ringfence.audit.rules._templates import markup
from ringfence.finding import Confidence

_WORDS = (
    "delete|remove|destroy|logout|log-out|signout|sign-out|publish|unpublish|approve|reject"
    "|activate|deactivate|disable|enable|ban|unban|vote|upvote|downvote|like|unlike|follow"
    "|unfollow|revoke|archive|cancel|subscribe|unsubscribe|purge|erase|clear|empty|block|unblock"
    "|unfriend|decline|revert|restore|undelete|duplicate|trash|kick|promote|demote"
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


_URL_NAME = re.compile(r"\{%\s*+url\s++[\"']([\w:.-]++)[\"']|url\(\s*+[\"']([\w:.-]++)[\"']")
_PART = re.compile(r"[a-z]+")


def check(project: Project) -> Iterator[Hit]:
    """Find them: inventory, for the page behind the link may only ask; more if its view writes.

    Where no view at all was read there is nothing else to go by.
    """
    writers = _writers(project)
    otherwise = Confidence.LOW if _has_views(project) else Confidence.MEDIUM
    for place, attributes, href in _addresses(project):
        match = _CHANGING.search(href)
        if match is None or any(_TAKEN_OVER.match(name) for name in attributes):
            continue
        word = (match[1] or match[2]).lower()
        writer = _writer(writers, word, href)
        said = f"and {writer}() does so on GET" if writer else "if its view does so on GET"
        yield Hit(
            place,
            f"The address says {word}, {said}: any page that the visitor opens can do it in the "
            "visitor's name.",
            'A <form method="post"> with {% csrf_token %} and a button, and @require_POST.',
            Confidence.MEDIUM if writer else otherwise,
        )


def _addresses(project: Project) -> Iterator[tuple[Place, Mapping[str, str], str]]:
    """Yield the addresses of links, and of forms that are sent by GET, with their attributes."""
    for element in markup(project, "a"):
        yield element.place, element.attributes, element.attributes.get("href", "")
    for _, form in forms(project):
        if form.method == "get" and not form.has_token and not is_scripted(form):
            yield form.place, form.attributes, form.action


def _has_views(project: Project) -> bool:
    return any(
        "request" in function.parameters[:2]
        for facts in project.python.values()
        for function in facts.functions
    )


def _writers(project: Project) -> list[tuple[str, frozenset[str]]]:
    """Return views that write on GET, each with the words of its name."""
    return [
        (function.name, frozenset(_PART.findall(function.name.rpartition(".")[2].lower())))
        for facts in project.python.values()
        if not facts.is_test
        for function in facts.functions
        if function.writes and "request" in function.parameters[:2]
    ]


def _writer(writers: list[tuple[str, frozenset[str]]], word: str, href: str) -> str:
    match = _URL_NAME.search(href)
    named = frozenset(_PART.findall((match[1] or match[2]).lower())) if match else frozenset()
    parts = frozenset(_PART.findall(word))
    for name, words in writers:
        # By its URL's name the whole view is meant; by a path only its verb is known.
        if parts <= words and (not named or words - {"view"} <= named):
            return name.rpartition(".")[2]
    return ""


RULE = Rule("CSRF484", "template", check)
