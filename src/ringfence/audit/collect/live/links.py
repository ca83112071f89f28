"""What a page names on its own site: assets, and a page on which to log in.

No parser: elements are found by how they begin, and what is not found is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

__all__ = ["Link", "links", "policies"]

#: Characters of one tag that are looked at, and tags of a page.
_TAG: Final = 2000
_TAGS: Final = 400
_BEGINNING: Final = re.compile(r"<(script|link|img|source|a|meta)(?=[\s/])", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""([a-z-]{1,20})\s{0,4}=\s{0,4}("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE
)
_LOGIN: Final = re.compile(r"log-?_?in|sign-?_?in|anmelden", re.IGNORECASE)
_KINDS: Final = {"script": "script", "img": "image", "source": "image"}


class Link(NamedTuple):
    """A URL of the same origin. ``kind``: ``"script"``, ``"style"``, ``"image"``, ``"login"``."""

    url: str
    kind: str


def links(origin: str, base: str, body: str) -> list[Link]:
    """Return each once, in the order of the page.

    >>> links("https://a", "https://a/b/", '<script src="x.js"></script><img src=//cdn/y.png>')
    [Link(url='https://a/b/x.js', kind='script')]
    """
    found: dict[str, Link] = {}
    for name, attributes in _tags(body):
        kind, written = _named(name, attributes)
        if not kind:
            continue
        try:
            url = urljoin(base, written)
            parts = urlsplit(url)
        except ValueError:
            continue
        if f"{parts.scheme}://{parts.netloc}" == origin:
            found.setdefault(url, Link(url, kind))
    return list(found.values())


def policies(body: str) -> tuple[str, ...]:
    """Return the policies that stand in ``<meta>``.

    >>> policies('<meta http-equiv=Content-Security-Policy content="base-uri &#39;none&#39;">')
    ("base-uri 'none'",)
    """
    return tuple(
        attributes.get("content", "")
        for name, attributes in _tags(body)
        if name == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy"
    )


def _named(name: str, attributes: dict[str, str]) -> tuple[str, str]:
    if name == "link":
        is_style = "stylesheet" in attributes.get("rel", "").lower().split()
        return ("style", attributes["href"]) if is_style and "href" in attributes else ("", "")
    if name == "a":
        written = attributes.get("href", "")
        return ("login" if _LOGIN.search(written[:200]) else "", written)
    return (_KINDS.get(name, ""), attributes["src"]) if "src" in attributes else ("", "")


def _tags(body: str) -> Iterator[tuple[str, dict[str, str]]]:
    for number, found in enumerate(_BEGINNING.finditer(body)):
        if number >= _TAGS:
            return
        tag = body[found.end() : found.end() + _TAG]
        inside = tag[: end if (end := tag.find(">")) >= 0 else len(tag)]
        yield (
            found[1].lower(),
            {
                name.lower(): unescape(value.strip("\"'"))
                for name, value in _ATTRIBUTE.findall(inside)
            },
        )
