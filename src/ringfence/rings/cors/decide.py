"""The decision: what one policy answers to one origin (Fetch standard, "CORS protocol")."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ringfence.origin import MAX_LENGTH, NO_ORIGINS, Origin, OriginError, OriginRules
from ringfence.rings.cors.fetch import SAFELISTED_METHODS, is_token, parse_header_names

__all__ = [
    "CLOSED",
    "DEFAULT_HEADERS",
    "DEFAULT_MAX_AGE",
    "DEFAULT_METHODS",
    "CorsPolicy",
    "CorsSite",
    "DynamicOrigins",
    "Headers",
    "Preflight",
]

#: Header names and values, in the order they are written.
Headers = tuple[tuple[str, str], ...]

#: ``(request, origin) -> bool``, plain or async; the request is Django's, unknown here.
DynamicOrigins = Callable[[Any, str], bool | Awaitable[bool]]

#: What django-cors-headers allows where nothing is said.
DEFAULT_METHODS = frozenset({"DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"})
DEFAULT_HEADERS = frozenset(
    {
        "accept",
        "authorization",
        "content-type",
        "user-agent",
        "x-csrftoken",
        "x-requested-with",
    }
)

#: Seconds; Chromium caps what it is told at this.
DEFAULT_MAX_AGE = 7200

_ALLOW_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
_ALLOW_PRIVATE_NETWORK = ("Access-Control-Allow-Private-Network", "true")
_VARY_METHOD = "Access-Control-Request-Method"
_VARY_HEADERS = "Access-Control-Request-Headers"
_VARY_PRIVATE_NETWORK = "Access-Control-Request-Private-Network"


@dataclass(frozen=True, slots=True)
class Preflight:
    """The answer to a preflight.

    ``refusal`` is a sentence for developers, or ``None`` where the preflight passed; a refused
    one carries no Access-Control header. ``vary`` names the request headers that the answer was
    decided from, and no others.
    """

    status: int
    headers: Headers
    vary: tuple[str, ...]
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    """One compiled CORS policy.

    ``patterns`` must match the whole origin, which :meth:`Origin.parse` accepted before;
    ``legacy_patterns`` (django-cors-headers') match a prefix of the header's text, as they always
    did, and ``legacy_literals`` compare with that text. ``dynamic`` is only carried: a static
    policy cannot ask it (see :meth:`allows`). ``headers`` are in lower case, ``max_age`` is in
    seconds, ``expose`` is the value of Access-Control-Expose-Headers.

    >>> policy = CorsPolicy(rules=OriginRules.compile(["https://app.example"]), credentials=True)
    >>> policy.allows("https://app.example"), policy.allows("https://evil.example")
    (True, False)
    >>> for name, value in policy.actual_headers("https://app.example"):
    ...     print(f"{name}: {value}")
    Access-Control-Allow-Origin: https://app.example
    Access-Control-Allow-Credentials: true
    """

    rules: OriginRules = NO_ORIGINS
    any_origin: bool = False
    null_origin: bool = False
    patterns: tuple[re.Pattern[str], ...] = ()
    legacy_patterns: tuple[re.Pattern[str], ...] = ()
    legacy_literals: frozenset[str] = frozenset()
    dynamic: DynamicOrigins | str | None = None
    credentials: bool = False
    methods: frozenset[str] = DEFAULT_METHODS
    headers: frozenset[str] = DEFAULT_HEADERS
    any_header: bool = False
    expose: str = ""
    max_age: str | None = str(DEFAULT_MAX_AGE)
    private_network: bool = False
    #: Whether someone said that a public suffix is meant; read by the check alone.
    public_suffixes: bool = False

    def allows(self, origin: str) -> bool:
        """Whether the ``Origin`` header ``origin`` is allowed, ``dynamic`` not asked.

        Costs the same however many origins are listed; bounded for any text; never raises.
        """
        if origin in self.rules.exact:
            return True
        if self.any_origin and not self.credentials:
            # The answer is "*", whatever was sent: nothing of it is reflected.
            return True
        if len(origin) > MAX_LENGTH or not origin.isascii() or not origin.isprintable():
            return False
        if origin == "null" and self.null_origin:
            return True
        if origin in self.legacy_literals:
            return True
        try:
            parsed = Origin.parse(origin)
        except OriginError:
            pass
        else:
            if self.any_origin or self.rules.contains(parsed):
                return True
            for pattern in self.patterns:
                if pattern.fullmatch(origin):
                    return True
        # django-cors-headers asked its patterns of whatever was sent, "null" included.
        return any(pattern.match(origin) for pattern in self.legacy_patterns)

    @property
    def varies(self) -> bool:
        """Whether the answer to a request depends on its ``Origin``.

        It does not where everyone is told ``*``, or no origin can be allowed at all.
        """
        if self.any_origin:
            return self.credentials
        return bool(
            self.rules
            or self.null_origin
            or self.patterns
            or self.legacy_patterns
            or self.legacy_literals
            or self.dynamic is not None
        )

    def actual_headers(self, origin: str) -> Headers:
        """Return the headers of an answer to an allowed ``origin`` (not for preflights).

        A credentialed answer never says ``*``, neither for the origin nor for what it exposes:
        the Fetch standard reads it as a literal there.
        """
        headers = self._origin_headers(origin)
        if self.expose:
            return (*headers, ("Access-Control-Expose-Headers", self.expose))
        return headers

    def preflight(
        self,
        origin: str,
        method: str,
        request_headers: str | None,
        private_network: bool,  # noqa: FBT001 - a fact of the request, as its neighbours are
        allowed: bool,  # noqa: FBT001 - as above
    ) -> Preflight:
        """Answer a preflight from ``origin``; ``allowed`` is the verdict on that origin.

        ``method`` and ``request_headers`` are the values of Access-Control-Request-Method and
        -Headers (``None`` where absent), ``private_network`` whether
        Access-Control-Request-Private-Network asked. Only what was asked is answered (Fetch
        standard, "CORS-preflight fetch"). Never raises.
        """
        vary: tuple[str, ...] = ("Origin",) if self.varies else ()
        if not allowed:
            return _refuse(vary, "the origin is not allowed.")
        vary += (_VARY_METHOD,)
        # "CORS-preflight fetch" compares methods by case, and lets safelisted ones pass unlisted.
        if not self._allows_method(method):
            return _refuse(vary, self._method_refusal(method))
        vary += (_VARY_HEADERS,)
        names: tuple[str, ...] = ()
        if request_headers is not None:
            parsed = parse_header_names(request_headers)
            if parsed is None:
                return _refuse(vary, "Access-Control-Request-Headers is malformed or too long.")
            names = parsed
            # Safelisted names are asked for only where their value was not safe, so there is
            # no name that passes unlisted (Fetch, "CORS-unsafe request-header names").
            for name in names:
                if name in self.headers:
                    continue
                # "*" never stood for this one (Fetch, "CORS non-wildcard request-header name").
                if not self.any_header or name == "authorization":
                    return _refuse(vary, f"the header {name[:64]!r} is not allowed.")
        headers = (*self._origin_headers(origin), ("Access-Control-Allow-Methods", method))
        if names:
            headers += (("Access-Control-Allow-Headers", ",".join(names)),)
        if self.max_age is not None:
            headers += (("Access-Control-Max-Age", self.max_age),)
        if self.private_network:
            vary += (_VARY_PRIVATE_NETWORK,)
            if private_network:
                headers += (_ALLOW_PRIVATE_NETWORK,)
        return Preflight(204, headers, vary)

    def _origin_headers(self, origin: str) -> Headers:
        if self.credentials:
            return (("Access-Control-Allow-Origin", origin), _ALLOW_CREDENTIALS)
        return (("Access-Control-Allow-Origin", "*" if self.any_origin else origin),)

    def _allows_method(self, method: str) -> bool:
        if method in self.methods or method in SAFELISTED_METHODS:
            return True
        # Only django-cors-headers' settings bring a "*", which is literal with credentials.
        return "*" in self.methods and not self.credentials and is_token(method)

    def _method_refusal(self, method: str) -> str:
        if not is_token(method):
            return "Access-Control-Request-Method is malformed."
        if method.upper() in self.methods:
            return (
                f"the method {method[:64]!r} is not allowed: methods are compared by case, "
                f"and {method.upper()[:64]!r} is."
            )
        return f"the method {method[:64]!r} is not allowed."


def _refuse(vary: tuple[str, ...], reason: str) -> Preflight:
    return Preflight(403, (), vary, reason)


#: The policy of a view or a path that has CORS switched off.
CLOSED = CorsPolicy()


def _no_names() -> Mapping[str, CorsPolicy]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CorsSite:
    """All of a site's policies, decorators apart.

    ``by_name`` goes by the resolved view's name (``"name"``, ``"namespace:name"``), ``by_path``
    by prefixes of the path, the longest first. ``urls_regex`` is django-cors-headers'
    ``CORS_URLS_REGEX``: a path it does not match (``re.match``) has no ``default``.
    """

    default: CorsPolicy | None = None
    by_name: Mapping[str, CorsPolicy] = field(default_factory=_no_names)
    by_path: tuple[tuple[str, CorsPolicy], ...] = ()
    urls_regex: re.Pattern[str] | None = None

    def policy_for(self, path: str, view_name: str | None = None) -> CorsPolicy | None:
        """Return the policy of a path (``request.path_info``) and of its view's name."""
        if view_name is not None and self.by_name:
            policy = self.by_name.get(view_name)
            if policy is not None:
                return policy
        for prefix, policy in self.by_path:
            if is_below(path, prefix):
                return policy
        if self.urls_regex is not None and self.urls_regex.match(path) is None:
            return None
        return self.default


def is_below(path: str, prefix: str) -> bool:
    """Whether ``path`` stands below ``prefix``, which ends between two segments.

    >>> is_below("/api/users", "/api"), is_below("/apiary", "/api"), is_below("/api/x", "/api/")
    (True, False, True)
    """
    if not path.startswith(prefix):
        return False
    return prefix.endswith("/") or len(path) == len(prefix) or path[len(prefix)] == "/"
