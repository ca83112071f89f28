"""Allow what the templates' own text needs, and nothing besides.

Each function takes a policy as it was written and returns one that allows more, by the nonce or
by hashes. What a policy did not restrict needs nothing; where it allows every inline script (or
style) nothing is added either, since beside a hash or a nonce browsers ignore ``'unsafe-inline'``
(CSP3, section 6.7.3.2) and the rest of the page's would be blocked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from ringfence.rings.csp.model import NONCE, NONE, CspPolicy

__all__ = ["Kind", "admits", "allows_inline", "governing", "with_attributes", "with_elements"]

Kind = Literal["script", "style"]

_UNSAFE_HASHES = "'unsafe-hashes'"
_HASHES = ("'sha256-", "'sha384-", "'sha512-")


def governing(policy: CspPolicy, kind: Kind, part: Literal["elem", "attr"]) -> str | None:
    """Return the name of the directive that governs elements or attributes; None for no limit.

    CSP3, section 6.8.3: ``script-src-attr`` falls back to ``script-src``, and to ``default-src``.

    >>> governing(CspPolicy((("default-src", ("'self'",)),)), "script", "attr")
    'default-src'
    """
    for name in (f"{kind}-src-{part}", f"{kind}-src", "default-src"):
        if policy.get(name) is not None:
            return name
    return None


def allows_inline(policy: CspPolicy, kind: Kind, name: str, *, with_nonce: bool) -> bool:
    """Whether directive ``name`` allows everything inline (CSP3, section 6.7.3.2).

    ``with_nonce`` says whether the header will hold the response's nonce.

    >>> policy = CspPolicy((("style-src", (NONCE, "'unsafe-inline'")),))
    >>> allows_inline(policy, "style", "style-src", with_nonce=True)
    False
    """
    values = [value.lower() for value in policy.get(name) or ()]
    if "'unsafe-inline'" not in values or any(value.startswith(_HASHES) for value in values):
        return False
    if kind == "script" and "'strict-dynamic'" in values:
        return False
    if any(value.startswith("'nonce-") for value in values):
        return False
    # Without its nonce a directive loses 'unsafe-inline' too, unless it is to keep it: see
    # `CspPolicy.compile`.
    return NONCE not in (policy.get(name) or ()) or (not with_nonce and policy.keep_unsafe_inline)


def with_attributes(
    policy: CspPolicy, kind: Kind, hashes: Iterable[str], *, with_nonce: bool
) -> CspPolicy:
    """Allow event handlers (or ``style`` attributes) by the hashes of their values.

    They are put in ``script-src-attr`` only: in ``script-src`` a handler's hash would allow a
    script element with the same text. Of the list that governed before, that directive keeps what
    has a meaning for attributes; hashes of elements are none of that.

    >>> policy = CspPolicy((("script-src", (NONCE, "'strict-dynamic'")),))
    >>> with_attributes(policy, "script", ["'sha256-x'"], with_nonce=True).get("script-src-attr")
    ("'unsafe-hashes'", "'sha256-x'")
    """
    added = tuple(hashes)
    name = governing(policy, kind, "attr")
    if not added or name is None or allows_inline(policy, kind, name, with_nonce=with_nonce):
        return policy
    before = policy.get(name) or ()
    # With 'unsafe-hashes' every hash of the list allows attributes: those that did not before
    # must not begin to.
    hashed = any(value.lower() == _UNSAFE_HASHES for value in before)
    kept = tuple(
        value
        for value in before
        if value.lower() == "'report-sample'" or (hashed and value.lower().startswith(_HASHES))
    )
    return policy.with_directive(
        f"{kind}-src-attr", tuple(dict.fromkeys((_UNSAFE_HASHES, *kept, *added)))
    )


def with_elements(
    policy: CspPolicy, kind: Kind, sources: Iterable[str], *, with_nonce: bool
) -> CspPolicy:
    """Allow ``<script>`` (or ``<style>``) elements by hash, or by :data:`NONCE`.

    >>> policy = CspPolicy((("default-src", ("'self'",)),))
    >>> with_elements(policy, "script", ["'sha256-x'"], with_nonce=False).get("script-src-elem")
    ("'self'", "'sha256-x'")
    """
    added = tuple(sources)
    name = governing(policy, kind, "elem")
    if not added or name is None or allows_inline(policy, kind, name, with_nonce=with_nonce):
        return policy
    before = tuple(value for value in policy.get(name) or () if value.lower() != NONE)
    sets_attributes = any(value.lower() == _UNSAFE_HASHES for value in before)
    if name == "default-src" or (name == f"{kind}-src" and sets_attributes):
        # A hash in default-src would allow styles and scripts alike, and beside 'unsafe-hashes'
        # attributes as well.
        name = f"{kind}-src-elem"
    return policy.with_directive(name, tuple(dict.fromkeys((*before, *added))))


def admits(policy: CspPolicy, kind: Kind, url: str, *, own: str = "") -> bool:
    """Whether ``url`` may be loaded without a nonce. Says no where it is not sure.

    ``own`` is the origin of the page, "" where it is not known.

    >>> policy = CspPolicy((("style-src", ("'self'", "https://cdn.example")),))
    >>> admits(policy, "style", "/static/a.css"), admits(policy, "style", "//other.example/a.css")
    (True, False)
    """
    name = governing(policy, kind, "elem")
    if name is None:
        return True
    sources = {value.lower() for value in policy.get(name) or ()}
    if kind == "script" and "'strict-dynamic'" in sources:
        return False  # hosts and schemes are ignored beside it (CSP3, section 8.2)
    # The URL parser takes backslashes for slashes and drops spaces and controls around.
    if "\\" in url or any(ord(char) <= 32 for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.scheme and not parts.netloc:
        return "'self'" in sources
    if parts.scheme not in ("http", "https"):
        return False
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    if own and origin == own:
        return "'self'" in sources or origin in sources
    if origin in sources or "*" in sources:
        return True
    return parts.scheme == "https" and "https:" in sources
