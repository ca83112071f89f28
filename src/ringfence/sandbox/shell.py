"""What stands around the site in a state: permissive where a ring is off, known-good in reference.

None of it is configured by the project, and none of it is there when the site runs by itself.
"""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from ringfence.sandbox.journal import Exchange, Journal
from ringfence.sandbox.surroundings import PATTERN, Gate, gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.sandbox.states import State

    Headers = list[tuple[str, str]]

__all__ = ["Shell"]

_SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_MOST_KEPT: Final = 64 << 10
_FOREIGN: Final = ("cross-site", "same-site")

#: The reference answers: no script, no frame, no window, nothing for other sites or for caches, no
#: guessing of types. Headers that the site has set by these names are replaced.
_REFERENCE: Final[Headers] = [
    (
        "Content-Security-Policy",
        (
            "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'none'; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
            "upgrade-insecure-requests"
        ),
    ),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store, private"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
]
_REPLACED: Final = frozenset(name.lower() for name, _ in _REFERENCE)


class Shell:
    """The outermost layer, no part of the site.

    Answers CORS for it where a state asks for that, is the known-good defence where a state asks
    for that, and writes the journal. ``host`` is the site's own, with its port; ``uploads`` are
    the paths below which it serves what visitors uploaded.
    """

    def __init__(
        self,
        site: Callable[..., Any],
        state: State,
        journal: Journal,
        *,
        host: str,
        uploads: tuple[str, ...] = (),
    ) -> None:
        self._site = site
        self._state = state
        self._journal = journal
        self._host = host
        self._uploads = uploads

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        status_line = ""
        sent: Headers = []
        # Asked before the site may change it.
        with_session = gate.cookie in _cookie_names(environ)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            nonlocal status_line, sent
            if self._state.bares_cookies and environ["PATH_INFO"].startswith(Gate.bare):
                headers = [_bare_cookie(*pair) for pair in headers]
            status_line, sent = self._dress(environ, status, headers)
            if environ["PATH_INFO"].startswith(Gate.prefix):
                gate.look_at(sent)
            else:
                gate.notice(sent, had_session=with_session)
            return start_response(status_line, sent, exc_info)

        body = _read_ahead(environ)
        refused = self._refusal(environ)
        if refused is not None:
            start(f"{refused.value} {refused.phrase}", [("Content-Length", "0")])
            result: Iterable[bytes] = [b""]
        else:
            if self._state.reference and _is_foreign(environ):
                # As SameSite=Strict would have it.
                environ.pop("HTTP_COOKIE", None)
            result = self._site(environ, start)
        self._journal.add(
            Exchange(
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
                status=int(status_line[:3] or 500),
                with_session=with_session,
                sec_fetch_site=environ.get("HTTP_SEC_FETCH_SITE"),
                query=environ.get("QUERY_STRING", ""),
                headers=_joined(sent),
                pattern=environ.get(PATTERN, ""),
                kind=environ.get("CONTENT_TYPE", ""),
                body=body,
            )
        )
        return result

    def _refusal(self, environ: dict[str, Any]) -> HTTPStatus | None:
        """Return the status that is answered in the site's place, None where the site is asked."""
        method = environ["REQUEST_METHOD"]
        if self._state.reference:
            if environ.get("HTTP_HOST") != self._host:
                return HTTPStatus.BAD_REQUEST
            return HTTPStatus.FORBIDDEN if _is_foreign(environ) and method not in _SAFE else None
        preflight = method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        return HTTPStatus.NO_CONTENT if self._state.reflects_origins and preflight else None

    def _dress(self, environ: dict[str, Any], status: str, headers: Headers) -> tuple[str, Headers]:
        if self._state.reference:
            return self._as_reference(environ, status, headers)
        if self._state.tells_referrer and not any(
            n.lower() == "referrer-policy" for n, _ in headers
        ):
            # Browsers have a default of their own, which is not the site's.
            headers = [*headers, ("Referrer-Policy", "unsafe-url")]
        origin = environ.get("HTTP_ORIGIN")
        if not self._state.reflects_origins or origin is None:
            return status, headers
        grant = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
            (
                "Access-Control-Allow-Headers",
                environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "*"),
            ),
        ]
        return status, [*_without_grants(headers), *grant]

    def _as_reference(
        self, environ: dict[str, Any], status: str, headers: Headers
    ) -> tuple[str, Headers]:
        kept = [pair for pair in _without_grants(headers) if pair[0].lower() not in _REPLACED]
        if _is_foreign(environ):
            # Nor does another site have the visitor given a session of its choice.
            kept = [pair for pair in kept if pair[0].lower() != "set-cookie"]
        kept = [_guarded_cookie(*pair) for pair in kept]
        if environ["PATH_INFO"].startswith(self._uploads):
            kept.append(("Content-Disposition", "attachment"))
        if status.startswith("3") and not self._is_ours(environ, headers):
            return "403 Forbidden", [
                *(pair for pair in kept if pair[0].lower() != "location"),
                *_REFERENCE,
            ]
        return status, [*kept, *_REFERENCE]

    def _is_ours(self, environ: dict[str, Any], headers: Headers) -> bool:
        """Whether a redirect stays on the site."""
        here = f"https://{self._host}{environ['PATH_INFO']}"
        # As a browser reads it: tabs and line feeds are nothing, a backslash is a slash.
        given = next((value for name, value in headers if name.lower() == "location"), "")
        clean = given.strip().translate({9: None, 10: None, 13: None, 92: "/"})
        scheme, colon, rest = clean.partition(":")
        if colon and scheme.lower() in ("http", "https"):
            # However many slashes follow (WHATWG URL, "special authority ignore slashes state").
            clean = f"{scheme}://{rest.lstrip('/')}"
        elif clean.startswith("//"):
            clean = f"//{clean.lstrip('/')}"
        try:
            return urlsplit(urljoin(here, clean)).netloc == self._host
        except ValueError:
            return False


def _is_foreign(environ: dict[str, Any]) -> bool:
    return environ.get("HTTP_SEC_FETCH_SITE") in _FOREIGN


def _without_grants(headers: Headers) -> Headers:
    return [pair for pair in headers if not pair[0].lower().startswith("access-control-")]


def _read_ahead(environ: dict[str, Any]) -> bytes:
    """Return the body of a request that may change something, and leave it to be read."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return b""
    if environ["REQUEST_METHOD"] in _SAFE or not 0 < length <= _MOST_KEPT:
        return b""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _bare_cookie(name: str, value: str) -> tuple[str, str]:
    """Take every flag off a cookie: any page and any network may have it."""
    if name.lower() != "set-cookie":
        return name, value
    dropped = ("httponly", "secure", "samesite")
    parts = (part.strip() for part in value.split(";"))
    return name, "; ".join(part for part in parts if not part.lower().startswith(dropped))


def _guarded_cookie(name: str, value: str) -> tuple[str, str]:
    """Give every cookie the flags that keep it from scripts and from the network."""
    if name.lower() != "set-cookie":
        return name, value
    # Not Strict: whether the session comes along is asked elsewhere.
    return name, f"{_bare_cookie(name, value)[1]}; HttpOnly; Secure; SameSite=None"


def _joined(headers: Headers) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        joined[lower] = f"{joined[lower]}\n{value}" if lower in joined else value
    return joined


def _cookie_names(environ: dict[str, Any]) -> set[str]:
    pairs = environ.get("HTTP_COOKIE", "").split(";")
    return {name for name, _, _ in (pair.strip().partition("=") for pair in pairs) if name}
