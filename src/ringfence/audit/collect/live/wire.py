"""One request, one answer: bounded in bytes and in seconds, whatever the other side does.

Nothing is followed from here, no cookie is kept, and a name is only looked up when the user gave
it.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from ringfence.records import record

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Answer", "Target", "UnreachableError", "ask", "parse"]

#: Seconds for one answer, all of it.
SECONDS: Final = 10.0
#: Bytes of an answer's head, and of its body; what comes after them is not waited for.
HEAD: Final = 256 * 1024
BODY: Final = 512 * 1024
#: A field's value is kept so long.
_FIELD: Final = 64 * 1024
_STEP: Final = 16 * 1024
_PORTS: Final = {"http": 80, "https": 443}
#: What a path and a query may be written with (RFC 3986, sections 3.3 and 3.4), and escapes.
_IN_PATH: Final = "/:@!$&'()*+,;=?%~-._"


class UnreachableError(Exception):
    """Why there is no answer: a sentence without its full stop, not yet safe for a terminal."""


@record
class Target:
    """Where requests go: an origin, and how it is reached.

    ``address`` is asked instead of ``host`` where a name is not to be looked up; ``trust`` is the
    context for https, where it is not the system's.
    """

    scheme: str
    host: str
    port: int
    address: str = ""
    trust: ssl.SSLContext | None = field(default=None, compare=False)

    @property
    def netloc(self) -> str:
        """The host as a Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The origin as a browser writes it."""
        return f"{self.scheme}://{self.netloc}"


@record
class Answer:
    """What came back. ``cut`` says that the body was longer, or did not come to its end."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool = False


def parse(url: str) -> tuple[Target, str]:
    """Return the origin of ``url``, and its path with its query.

    >>> parse("https://a.example/b?c#d")[1]
    '/b?c'

    :raises UnreachableError: if no request can be made of it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnreachableError(f"this is no URL: {error}") from error
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or port == 0:
        raise UnreachableError("this is no http or https URL with a host")
    if parts.username is not None:
        raise UnreachableError("a URL with a name and a password in it is not asked")
    if not (host.isascii() and host.isprintable()) or set(host) & set(' \\"<>^`{|}%'):
        raise UnreachableError("its host is not written as a request could carry it")
    path = parts.path or "/"
    written = f"{path}?{parts.query}" if parts.query else path
    return Target(parts.scheme, host, port or _PORTS[parts.scheme]), quote(written, safe=_IN_PATH)


def ask(
    target: Target,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
    limit: int = BODY,
) -> Answer:
    """Send one request and read its answer, at most ``limit`` bytes of the body.

    ``context`` is what TLS is spoken with. A body that is slow is read as far as it comes.

    :raises UnreachableError: where there is no answer in time, or none that is HTTP.
    """
    deadline = time.monotonic() + seconds
    given = {
        "Host": target.netloc,
        "User-Agent": "django-ringfence",
        "Accept": "text/html, */*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    try:
        with connected(target, context, deadline) as connection:
            connection.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("ascii"))
            return _answer(connection, method, deadline, limit)
    except TimeoutError as error:
        raise UnreachableError("no answer in time") from error
    except ssl.SSLCertVerificationError as error:
        raise UnreachableError(f"its certificate is refused: {error.verify_message}") from error
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"it cannot be reached: {_said(error)}") from error
    except (http.client.HTTPException, ValueError) as error:
        raise UnreachableError(f"it does not answer in HTTP: {type(error).__name__}") from error


def connected(target: Target, context: ssl.SSLContext | None, deadline: float) -> socket.socket:
    """Return an open connection, with TLS where the target has it."""
    address = (target.address or target.host, target.port)
    plain = socket.create_connection(address, timeout=_left(deadline))
    if target.scheme == "http":
        return plain
    try:
        plain.settimeout(_left(deadline))
        trust = context or target.trust or ssl.create_default_context()
        return trust.wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded(io.RawIOBase):
    """What a connection sends, until the deadline; never more than the head and the body may be."""

    def __init__(self, connection: socket.socket, deadline: float, most: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if self._most <= 0:
            raise http.client.LineTooLong("answer")
        # One byte now and then must not keep us: what is left gets smaller each time.
        self._connection.settimeout(_left(self._deadline))
        view = memoryview(buffer)
        count = self._connection.recv_into(view, min(len(view), self._most))
        self._most -= count
        return count


class _Opened:
    """What http.client wants of a socket."""

    def __init__(self, raw: _Bounded) -> None:
        self._raw = raw

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._raw, _STEP)


def _answer(connection: socket.socket, method: str, deadline: float, limit: int) -> Answer:
    raw = _Bounded(connection, deadline, HEAD + limit)
    response = http.client.HTTPResponse(_Opened(raw), method=method)  # type: ignore[arg-type] # it only asks for makefile
    with response:
        response.begin()
        headers = tuple((name, value[:_FIELD]) for name, value in response.getheaders())
        body, cut = _body(response, limit)
    return Answer(response.status, headers, body, cut)


def _body(response: http.client.HTTPResponse, limit: int) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    length = 0
    try:
        while length < limit:
            part = response.read1(min(_STEP, limit - length))
            if not part:
                return b"".join(parts), False
            parts.append(part)
            length += len(part)
    except (OSError, http.client.HTTPException, ValueError):
        # It stopped in the middle: what came is what is judged.
        pass
    return b"".join(parts), True
