"""Links, forms and parameters in an answer's markup, found without a browser. Pure."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

__all__ = ["Link", "links_of", "locations_of"]

#: What a page that is not made to be attacked stays below.
_MOST_MARKUP = 2 << 20
_MOST_LINKS = 2000

#: A link's path without its query, and the names and values of its query.
Link = tuple[str, tuple[tuple[str, str], ...]]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            wanted = name == "href" and tag in ("a", "area", "link")
            wanted |= name == "src" and tag in ("iframe", "frame")
            if wanted and value and len(self.found) < _MOST_LINKS:
                self.found.append(value)


def links_of(origin: str, path: str, markup: str) -> tuple[Link, ...]:
    """Return where a page of the site's leads to on the site, each address once, in order.

    >>> links_of("https://a.test", "/x/", '<a href="y/?q=1#z">y</a><a href="//b.test/">b</a>')
    (('/x/y/', (('q', '1'),)),)
    """
    parser = _Links()
    parser.feed(markup[:_MOST_MARKUP])
    return _on_site(origin, path, parser.found)


def locations_of(origin: str, sitemap: str) -> tuple[Link, ...]:
    """Return the addresses in a sitemap, whatever host they name: it is the site's own.

    >>> locations_of("https://a.test", "<url><loc>http://example.com/p/</loc></url>")
    (('/p/', ()),)
    """
    found: list[str] = []
    for part in sitemap[:_MOST_MARKUP].split("<loc>")[1 : _MOST_LINKS + 1]:
        text = part.partition("</loc>")[0].strip()
        try:
            parts = urlsplit(text)
        except ValueError:
            continue
        found.append(f"{origin}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else ""))
    return _on_site(origin, "/", found)


def _on_site(origin: str, path: str, found: list[str]) -> tuple[Link, ...]:
    kept: dict[Link, None] = {}
    for address in found:
        try:
            parts = urlsplit(urljoin(origin + path, address.strip()))
            query = tuple(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=30))
        except ValueError:
            continue
        if f"{parts.scheme}://{parts.netloc}" == origin:
            kept.setdefault((parts.path or "/", query))
    return tuple(kept)
