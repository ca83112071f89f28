"""What the Fetch standard says about methods and headers, as data and pure functions.

The lists are those of the Fetch standard (https://fetch.spec.whatwg.org/): "CORS-safelisted
method", "forbidden method", "normalize a method", "forbidden request-header" and "forbidden
response-header name"; a token is RFC 9110, section 5.6.2.
"""

from __future__ import annotations

__all__ = [
    "FORBIDDEN_METHODS",
    "FORBIDDEN_RESPONSE_HEADERS",
    "MAX_HEADER_LIST",
    "MAX_HEADER_NAMES",
    "NORMALIZED_METHODS",
    "SAFELISTED_METHODS",
    "is_forbidden_request_header",
    "is_token",
    "parse_header_names",
]

#: A preflight lets these pass whatever Access-Control-Allow-Methods says ("CORS-preflight
#: fetch", the step that compares the request's method).
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})

#: No script can send these.
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})

#: A browser writes these in upper case, however a script wrote them; PATCH is not among them.
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})

FORBIDDEN_REQUEST_HEADERS = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "access-control-request-private-network",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)

#: Exposing these has no effect: no script can read them.
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})

#: Bounds on Access-Control-Request-Headers. A browser lists the headers of one ``fetch()``;
#: servers commonly refuse header lines past 8 KiB, and no honest list comes near these.
MAX_HEADER_LIST = 4096
MAX_HEADER_NAMES = 128

_TOKEN_CHARS = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def is_token(text: str) -> bool:
    """Whether ``text`` is a method or a header name by its form (RFC 9110, section 5.6.2).

    >>> is_token("X-CSRFToken"), is_token("a b"), is_token("")
    (True, False, False)
    """
    return bool(text) and _TOKEN_CHARS.issuperset(text)


def is_forbidden_request_header(name: str) -> bool:
    """Whether no script can set the request header ``name`` (lower case).

    >>> is_forbidden_request_header("sec-fetch-site"), is_forbidden_request_header("x-token")
    (True, False)
    """
    return name in FORBIDDEN_REQUEST_HEADERS or name.startswith(("proxy-", "sec-"))


def parse_header_names(value: str) -> tuple[str, ...] | None:
    """Parse ``Access-Control-Request-Headers``; ``None`` for what is malformed or oversized.

    Lower-cased, without repetitions, in the order given. A browser writes lower-case names with
    bare commas between; a proxy may have added blanks or empty elements, which RFC 9110, section
    5.6.1, obliges a recipient to accept.

    >>> parse_header_names("content-type,x-token")
    ('content-type', 'x-token')
    >>> parse_header_names("x y") is None
    True
    """
    if len(value) > MAX_HEADER_LIST:
        return None
    names: dict[str, None] = {}
    elements = value.split(",")
    if len(elements) > MAX_HEADER_NAMES:
        return None
    for element in elements:
        name = element.strip(" \t")
        if not name:
            continue
        if not _TOKEN_CHARS.issuperset(name):
            return None
        names[name.lower()] = None
    return tuple(names)
