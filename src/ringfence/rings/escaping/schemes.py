"""Which URL a browser would see, and whether a variable may make it.

Pure functions over the text of a URL as it stands so far. They follow the URL standard
(https://url.spec.whatwg.org/#url-parsing) where it is lenient: spaces and controls in front, tabs
and line breaks anywhere, backslashes for slashes, any number of slashes behind a special scheme.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from ringfence.patterns import later
from ringfence.rings.escaping.charrefs import decode

__all__ = [
    "CODE_ROLES",
    "DEFAULT_SCHEMES",
    "NEVER",
    "REFUSED_SCHEMES",
    "SPECIAL",
    "allowed_scheme",
    "decode_references",
    "origin_of",
    "scheme_of",
    "without_breaks",
]

#: Schemes that a link may have where the site does not say otherwise: they name a place or hand
#: over to another program, and none of them runs anything in the page.
DEFAULT_SCHEMES = frozenset(
    {"http", "https", "ftp", "ftps", "sftp", "ws", "wss", "mailto", "tel", "sms", "smsto", "mms"}
    | {"geo", "magnet", "maps", "webcal", "xmpp", "sip", "sips", "irc", "irc6", "ircs", "news"}
    | {"nntp", "urn", "whatsapp", "tg", "matrix", "signal", "callto", "facetime", "skype", "slack"}
    | {"facetime-audio", "msteams", "zoommtg", "bitcoin", "ethereum", "lightning", "monero", "git"}
    | {"ssh", "svn", "vscode", "doi", "ipfs", "ipns", "gopher", "gemini", "spotify", "steam", "cid"}
    | {"mid", "openpgp4fpr", "ed2k", "feed", "itms", "itms-apps", "market", "message", "otpauth"}
)

#: Behind these no variable may stand, even where the template wrote the scheme itself.
REFUSED_SCHEMES = frozenset(
    {"vbscript", "livescript", "mocha", "view-source", "filesystem", "jar", "mhtml", "mk", "ms-its"}
    | {"wyciwyg", "res"}
)

#: No setting allows a variable these: they run code, show a page's insides, or reach into the
#: visitor's own machine.
NEVER = REFUSED_SCHEMES | frozenset(
    {"javascript", "data", "blob", "about", "file", "intent", "chrome", "chrome-extension", "edge"}
    | {"moz-extension", "resource", "content", "android-app", "opera", "ms-browser-extension"}
)

#: https://url.spec.whatwg.org/#special-scheme
SPECIAL = frozenset({"http", "https", "ws", "wss", "ftp", "file"})

#: What these roles load is run, styles the page, or decides where other code comes from. The value
#: is the destination that the site's trust is asked about.
CODE_ROLES = {
    "script": "script",
    "style": "style",
    "link": "style",
    "frame": "frame",
    # Messages that a library puts into the page: server-sent events, web sockets.
    "stream": "stream",
    "object": "object",
    "base": "base",
    "importmap": "importmap",
    "use": "object",
}

_SCHEME = later(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB_SCHEME = later(r"web\+[a-z]+")
_BLANK = later(r"about:blank(?:[?#]|$)", re.IGNORECASE)
_IMAGE_DATA = later(
    r"data:image/(?:png|gif|jpe?g|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)\s*[;,]",
    re.IGNORECASE,
)
_MEDIA_DATA = later(r"data:(?:audio|video)/[\w.+-]+\s*[;,]|data:text/vtt[;,]", re.IGNORECASE)
_HOST = later(r"([a-z0-9_](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::([0-9]{0,5}))?")
_PORTS = {"http": "80", "https": "443"}


def without_breaks(text: str) -> str:
    r"""Return ``text`` without what the URL parser drops wherever it stands.

    >>> without_breaks("java\tscript")
    'javascript'
    """
    for dropped in "\t\n\r":
        if dropped in text:
            text = text.replace(dropped, "")
    return text


def decode_references(text: str) -> str:
    """Return vouched markup ``text`` as an attribute's parser reads it.

    >>> decode_references("?a=1&amp;b=2&copy=3")
    '?a=1&b=2&copy=3'
    """
    return decode(text, attribute=True)


def scheme_of(head: str) -> str | None:
    """Return the scheme that ``head``, already without leading spaces and breaks, begins with.

    >>> scheme_of("HTTPS://example"), scheme_of("/a:b")
    ('https', None)
    """
    match = _SCHEME.match(head)
    return match[1].lower() if match else None


def allowed_scheme(scheme: str, head: str, role: str, schemes: AbstractSet[str]) -> bool:
    """Whether a variable may make a URL that begins with ``head``, whose scheme is ``scheme``.

    >>> allowed_scheme("data", "data:image/png;base64,AA", "image", DEFAULT_SCHEMES)
    True
    >>> allowed_scheme("data", "data:image/png;base64,AA", "navigate", DEFAULT_SCHEMES)
    False
    """
    if role in CODE_ROLES or role == "ping":
        web = scheme in {"http", "https"} or (role == "stream" and scheme in {"ws", "wss"})
        return web or (role == "frame" and _BLANK.match(head) is not None)
    if scheme in NEVER:
        return _allowed_never(scheme, head, role)
    return scheme in schemes or _WEB_SCHEME.fullmatch(scheme) is not None


def _allowed_never(scheme: str, head: str, role: str) -> bool:
    if scheme == "about":
        return _BLANK.match(head) is not None
    if role not in {"image", "media"}:
        return False
    if scheme == "data":
        # A picture in an <img> cannot run its scripts, not even an SVG one:
        # https://svgwg.org/svg2-draft/conform.html#secure-static-mode
        kind = _IMAGE_DATA if role == "image" else _MEDIA_DATA
        return kind.match(head) is not None
    return scheme == "blob"


def origin_of(scheme: str | None, host: str) -> str | None:
    """Return ``host``, with or without a port, as an origin; None where browsers might differ.

    Anything but plain host names and bracketed addresses is refused rather than normalised: user
    names before an ``@``, percent-encoded or non-ASCII hosts. Without a scheme the page's own is
    meant, which is taken to be https.

    >>> origin_of("https", "CDN.example:443")
    'https://cdn.example'
    >>> origin_of("https", "good.example@evil.example") is None
    True
    """
    scheme = scheme or "https"
    match = _HOST.fullmatch(host.lower())
    if match is None:
        return None
    name, port = match.groups()
    return f"{scheme}://{name}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")
