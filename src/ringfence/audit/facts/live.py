"""What a site that answers has said."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.records import record

__all__ = ["Live", "Response", "Tls"]


@record
class Response:
    """One answer of a site. ``url`` is what people see: without what a probe added to it.

    ``role`` says what was asked for: ``"page"`` (named by the user, or by the site's URLs),
    ``"again"`` (the first page a second time), ``"hop"`` (an answer on the way to a page),
    ``"plain"`` (the same over http), ``"login"``, ``"private"`` (a page that only the visitor who
    is logged in gets), ``"missing"`` (a page that cannot be there), ``"asset"``, ``"map"``,
    ``"folder"``, ``"file"``, ``"admin"``, ``"debug"``, ``"cors"``, ``"preflight"``, ``"host"``,
    ``"forwarded"``, ``"trace"``. ``sent`` is what a probe sent: an origin, a host, a mark.
    ``headers`` are as they came, in their order; ``body`` is the beginning of it, as text.
    """

    url: str
    role: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    method: str = "GET"
    sent: str = ""
    #: Of an asset, the element that names it: ``"script"``, ``"style"``, ``"image"``.
    kind: str = ""
    #: Of a page, the policies that stand in its ``<meta>``.
    in_meta: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a header's fields; ``name`` is in lower case."""
        return tuple(value for own, value in self.headers if own.lower() == name)

    def get(self, name: str) -> str:
        """Return a header's value, its fields joined as HTTP has it, "" if there is none."""
        return ", ".join(self.all(name))

    @property
    def media_type(self) -> str:
        """The type and subtype of Content-Type, in lower case."""
        return self.get("content-type").partition(";")[0].strip().lower()


@record
class Tls:
    """What a site's TLS is like.

    ``problem`` is ``"expired"``, ``"early"`` (not valid yet), ``"host"`` (another's), ``"self"``
    (signed by itself), ``"untrusted"`` or "". ``days`` are those that the certificate is valid
    for, None where that is not known; ``old`` are the protocols below 1.2 that it agreed to.
    """

    problem: str = ""
    days: int | None = None
    old: tuple[str, ...] = ()


@record
class Live:
    """One site (an origin) and what it answered.

    ``sandbox`` says that it is the project's own, booted to be asked: TLS, addresses and server
    are then not those that it is deployed with.
    """

    origin: str
    responses: tuple[Response, ...]
    tls: Tls | None = None
    sandbox: bool = False
    session_cookie: str = "sessionid"
    csrf_cookie: str = "csrftoken"

    @property
    def secure(self) -> bool:
        """Whether it is served over https."""
        return self.origin.startswith("https:")

    def of(self, *roles: str) -> Iterator[Response]:
        """Yield the answers that were asked for as one of ``roles``."""
        return (each for each in self.responses if each.role in roles)
