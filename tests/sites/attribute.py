"""Whose fault a violation of the policy is."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["Answer", "Blocked", "Violation", "attribute", "blocked_of"]

_BLOCKED = Path(__file__).with_name("blocked.toml")


@dataclass(frozen=True, slots=True)
class Answer:
    """A document or a piece of one that the server sent while the browser was driven."""

    path: str
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Violation:
    """What the browser said of something that it blocked.

    ``cause`` is one of

    ``template``   it stood in the page as the server sent it: ringfence has failed
    ``fragment``   it stood in an answer that a script fetched and put into the page
    ``eval``       a script turned text into code
    ``script``     a script made an element or a handler that is not allowed
    ``address``    a form target, base or frame is not allowed
    """

    where: str
    document: str
    directive: str
    blocked: str
    source: str
    line: int
    sample: str
    cause: str = ""

    @property
    def shown(self) -> str:
        """The violation on one line."""
        return (
            f"{self.cause}: {self.directive} blocked {self.blocked} on {self.document} "
            f"({self.where}) from {self.source}:{self.line} {self.sample!r}"
        )


@dataclass(frozen=True, slots=True)
class Blocked:
    """What the policy blocks in a site, and why it may: no template's own text has it.

    ``blocked`` is searched for, as a regular expression, in what the browser quotes and in the
    address that it blocked. ``acts`` cannot come to their end without it.
    """

    site: str
    directive: str
    blocked: str
    reason: str
    acts: tuple[str, ...] = ()

    def is_cause_of(self, violation: Violation) -> bool:
        """Whether ``violation`` is an instance of this."""
        told = f"{violation.blocked} {violation.sample}"
        return self.directive == violation.directive and bool(re.search(self.blocked, told))


def blocked_of(site: str) -> list[Blocked]:
    """Return what ``blocked.toml`` lists for ``site``."""
    listed = tomllib.loads(_BLOCKED.read_text(encoding="utf-8")).get("blocked", [])
    return [
        Blocked(**{**entry, "acts": tuple(entry.get("acts", ()))})
        for entry in listed
        if entry["site"] == site
    ]


def attribute(violation: Violation, answers: Iterable[Answer]) -> str:
    """Return the cause of ``violation``, given what the server sent."""
    if "eval" in violation.blocked:
        return "eval"
    loads = violation.directive in {"script-src-elem", "style-src-elem"}
    if violation.blocked != "inline" and not loads:
        return "address"
    sample = _bare(violation.sample)
    if violation.blocked != "inline":
        sample = urlsplit(violation.blocked).path
    elsewhere = False
    for answer in answers:
        if not sample or sample in _bare(answer.body) or sample in _bare(_inner(answer.body)):
            if answer.path == violation.document and answer.kind == "text/html":
                return "template"
            elsewhere = True
    return "fragment" if elsewhere else "script"


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _inner(body: str) -> str:
    """Return what attributes, and the strings of JSON, hold."""
    return html.unescape(body.replace("\\n", "\n").replace('\\"', '"').replace("\\u003C", "<"))
