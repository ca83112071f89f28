"""Ask a site for one page and keep the headers that are about its policy: bounded in all ways."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

__all__ = ["FetchError", "Fetched", "fetch"]

#: Bytes of a response's head, redirects in a row, seconds for all of it.
HEAD_LIMIT = 256 * 1024
REDIRECTS = 5
SECONDS = 15.0

_REDIRECTING = frozenset((301, 302, 303, 307, 308))


class FetchError(Exception):
    """Why there is no response; the message is a sentence, not yet safe for a terminal."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: the URLs that led to it with their statuses, itself last; its header fields."""

    hops: tuple[tuple[int, str], ...]
    enforced: tuple[str, ...]
    report_only: tuple[str, ...]
    x_frame_options: str = ""


def fetch(url: str, seconds: float = SECONDS) -> Fetched:
    """Ask for ``url``, follow redirects that stay on its host, and read the last one's head.

    No body is read, and no cookie sent. A redirect to another host is not followed: nobody named
    that host.

    :raises FetchError: where there is no answer, or none within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    hops: list[tuple[int, str]] = []
    while True:
        parts = _split(url)
        status, headers = _ask(parts, deadline)
        hops.append((status, url))
        location = headers.get("Location")
        if status not in _REDIRECTING or location is None:
            return Fetched(
                tuple(hops),
                _fields(headers, "Content-Security-Policy"),
                _fields(headers, "Content-Security-Policy-Report-Only"),
                ", ".join(_fields(headers, "X-Frame-Options")),
            )
        try:
            target = urljoin(url, location)
        except ValueError as error:
            raise FetchError(f"{url} redirects to something that is no URL.") from error
        shown = " → ".join(f"{each} ({code})" for code, each in hops)
        if _name(_split(target)) != _name(parts):
            raise FetchError(f"{shown} redirects to another host: ask for {target} itself.")
        if len(hops) > REDIRECTS:
            raise FetchError(f"more than {REDIRECTS} redirects: {shown}.")
        url = target


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{url} is no URL: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise FetchError(f"{url} is no http or https URL with a host.")
    if parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        raise FetchError(f"{url} is not written as a request could carry it.")
    return parts


def _name(parts: SplitResult) -> str:
    # example.com and www.example.com are nearly always one site.
    return (parts.hostname or "").removeprefix("www.")


def _ask(parts: SplitResult, deadline: float) -> tuple[int, http.client.HTTPMessage]:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: django-ringfence\r\n"
        "Accept: text/html, */*;q=0.1\r\nConnection: close\r\n\r\n"
    )
    try:
        with socket.create_connection((host, port), timeout=_left(deadline)) as plain:
            if parts.scheme == "http":
                return _exchange(plain, request, deadline)
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=host) as secure:
                return _exchange(secure, request, deadline)
    except TimeoutError as error:
        raise FetchError(f"{host} did not answer in time.") from error
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} cannot be reached: {error}.") from error
    except (http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{host} did not answer in HTTP: {error!r}.") from error


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _exchange(
    connection: socket.socket, request: str, deadline: float
) -> tuple[int, http.client.HTTPMessage]:
    connection.sendall(request.encode("ascii"))
    head = b""
    while True:
        end = head.find(b"\r\n\r\n")
        if end >= 0:
            first, _, rest = head[: end + 4].partition(b"\r\n")
            version, _, status = first.decode("latin-1").partition(" ")
            code = int(status[:3])
            if not version.startswith("HTTP/1.") or not 100 <= code < 600:
                raise http.client.BadStatusLine(version[:20])
            if code >= 200:
                return code, http.client.parse_headers(io.BytesIO(rest))
            # An interim response, as 103 Early Hints: the real one follows.
            head = head[end + 4 :]
            continue
        if len(head) > HEAD_LIMIT:
            raise http.client.LineTooLong("head")
        # One byte now and then must not keep us: what is left gets smaller each time.
        connection.settimeout(_left(deadline))
        received = connection.recv(65536)
        if not received:
            raise http.client.RemoteDisconnected("no complete answer")
        head += received


def _fields(headers: http.client.HTTPMessage, name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in headers.get_all(name, []))
