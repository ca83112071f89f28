"""The CSRF secret of a visitor's cookie, read only if something asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http.cookie import parse_cookie
from django.middleware.csrf import CsrfViewMiddleware, InvalidTokenFormat, _get_new_csrf_string
from django.utils.functional import SimpleLazyObject, empty

if TYPE_CHECKING:
    _LazyStr = SimpleLazyObject[str]
else:
    _LazyStr = SimpleLazyObject

__all__ = ["LazySecret"]


class LazySecret(_LazyStr):
    """Stands for the secret in ``request.META["CSRF_COOKIE"]`` until a token is made of it.

    Most requests bring the cookie and few pages have a form, so that reading it for each request
    is work for nothing. A missing or malformed cookie gives a new secret, as in Django. It holds
    the header's text and not the request, which holds it: no cycle is left to the collector.
    """

    _wrapped = empty
    __init__ = object.__init__  # what it needs is set by `of`

    @classmethod
    def of(cls, cookie_header: str, name: str) -> LazySecret:
        """Return the secret that the cookie called ``name`` in a ``Cookie`` header holds."""
        secret: LazySecret = cls()
        state = object.__getattribute__(secret, "__dict__")
        state["_header"] = cookie_header
        state["_name"] = name
        return secret

    # What is written of it, in a log of request.META say, must not give it away or fail.
    def __repr__(self) -> str:
        return "<LazySecret>"

    def __copy__(self) -> LazySecret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> LazySecret:
        return self

    def _setup(self) -> None:
        state = object.__getattribute__(self, "__dict__")
        state["_wrapped"] = _read(state["_header"], state["_name"])


class _Jar:
    """As much of a request as Django's reader of the secret looks at."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.COOKIES = cookies


_reader = CsrfViewMiddleware(lambda _request: None)  # type: ignore[arg-type]  # never called


def _read(header: str, name: str) -> str:
    cookies = parse_cookie(header)
    if name not in cookies:
        return _get_new_csrf_string()
    try:
        return cast("str", _reader._get_secret(_Jar(cookies)))  # type: ignore[attr-defined]  # missing there
    except InvalidTokenFormat:
        return _get_new_csrf_string()
