"""The seam by which nothing that belongs to one visitor is stored in a cache.

A page that ``cache_page``, the cache middleware or ``{% cache %}`` stores may contain the nonce of
the response it was made for, and CSRF tokens of the visitor who asked for it. A nonce that is
served twice protects nobody, and a token that is shared protects neither visitor. So before a
page or a fragment is stored, both are replaced by placeholders, and each time it is served they
are filled with what belongs to that response.

A placeholder is 128 random bits, new for each entry and kept beside it. Nobody is ever sent one,
so no injected markup can ask to be filled in; and it is as long as a nonce, so that no length
changes.
"""

from __future__ import annotations

import copy
import functools
import gzip
import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http.response import HttpResponseBase
from django.middleware.cache import FetchFromCacheMiddleware, UpdateCacheMiddleware
from django.middleware.csrf import (  # type: ignore[attr-defined]  # missing in the stubs
    CSRF_TOKEN_LENGTH,
    _unmask_cipher_token,
    get_token,
)
from django.templatetags.cache import CacheNode

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Placeholders", "blank", "fill", "install"]

_TOKEN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z0-9]{{{CSRF_TOKEN_LENGTH}}}(?![A-Za-z0-9])")
#: Stands in front of a cached fragment; a fragment that happens to begin like it gets one too.
_MARK = "\x00ringfence:"
_MARKED = re.compile(r"\x00ringfence:([A-Za-z0-9_-]{0,64}):([A-Za-z0-9]{0,64})\x00")


class Placeholders(NamedTuple):
    """What stands in a stored page for its nonce and its tokens; empty where there is none."""

    nonce: str
    token: str


def blank(text: str, request: HttpRequest) -> tuple[str, Placeholders]:
    """Return ``text`` without the nonce and the CSRF tokens of ``request``."""
    nonce_placeholder = token_placeholder = ""
    nonce = getattr(request, "csp_nonce", None)
    if nonce:  # true once it was read, so only then can it stand in the text
        value = str(nonce)
        if value in text:
            nonce_placeholder = secrets.token_urlsafe(16)
            text = text.replace(value, nonce_placeholder)
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") is not None:
        secret = str(request.META.get("CSRF_COOKIE", ""))
        placeholder = secrets.token_hex(CSRF_TOKEN_LENGTH // 2)

        def replace(match: re.Match[str]) -> str:
            nonlocal token_placeholder
            if secret and _unmask_cipher_token(match[0]) == secret:
                token_placeholder = placeholder
                return placeholder
            return match[0]

        text = _TOKEN.sub(replace, text)
    return text, Placeholders(nonce_placeholder, token_placeholder)


def fill(text: str, placeholders: Placeholders, request: HttpRequest) -> str:
    """Return ``text`` with the nonce and a CSRF token of ``request`` in their places."""
    if placeholders.nonce:
        # Stored while the CSP ring was on, and served with it off: then there is none.
        nonce = getattr(request, "csp_nonce", None)
        text = text.replace(placeholders.nonce, "" if nonce is None else str(nonce))
    if placeholders.token:
        text = text.replace(placeholders.token, str(get_token(request) or ""))
    return text


def install() -> None:
    """Put the seam into Django's cache middlewares and its ``{% cache %}`` tag, once."""
    if getattr(CacheNode.render, "ringfence_seam", False):
        return
    UpdateCacheMiddleware.process_response = _storing(  # type: ignore[method-assign]
        UpdateCacheMiddleware.process_response
    )
    original = UpdateCacheMiddleware.cache.fget  # type: ignore[attr-defined]  # a property
    UpdateCacheMiddleware.cache = property(  # type: ignore[assignment]
        lambda self: _ResponseCache(original(self))
    )
    FetchFromCacheMiddleware.process_request = _serving(  # type: ignore[method-assign]
        FetchFromCacheMiddleware.process_request
    )
    CacheNode.render = _fragment(CacheNode.render)  # type: ignore[method-assign]


def _is_fenced(request: HttpRequest | None) -> bool:
    return getattr(request, "_ringfence", None) is not None


def _storing(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_response(self: Any, request: HttpRequest, response: Any) -> Any:
        if not _is_fenced(request):
            return original(self, request, response)
        # The response may be rendered, and so stored, only after this method returned.
        response._ringfence_request = request
        answer = original(self, request, response)
        if getattr(response, "is_rendered", True):
            response.__dict__.pop("_ringfence_request", None)
        return answer

    return process_response


def _serving(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_request(self: Any, request: HttpRequest) -> Any:
        response = original(self, request)
        placeholders = getattr(response, "_ringfence_placeholders", None)
        if placeholders is None or not _is_fenced(request):
            return response
        return _with_content(
            response, lambda text: fill(text, Placeholders(*placeholders), request)
        )

    return process_request


class _ResponseCache:
    """A cache that blanks the responses stored in it; everything else is the cache's own."""

    def __init__(self, cache: Any) -> None:
        self._cache = cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cache, name)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(value, HttpResponseBase):
            request = value.__dict__.pop("_ringfence_request", None)
            if request is not None:
                value = _portable(value, request)
        if value is not None:
            self._cache.set(key, value, *args, **kwargs)


def _portable(response: Any, request: HttpRequest) -> Any:
    """Return what may be stored of ``response``, None where it cannot be told what is in it."""
    used = bool(getattr(request, "csp_nonce", None)) or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    if not used:
        return response
    if response.headers.get("Content-Encoding", "identity") not in ("identity", "gzip"):
        return None
    found = Placeholders("", "")

    def blanked(text: str) -> str:
        nonlocal found
        text, found = blank(text, request)
        return text

    clone = _with_content(response, blanked)
    if not any(found):
        return response
    clone._ringfence_placeholders = tuple(found)
    return clone


def _with_content(response: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of ``response`` whose content went through ``change``.

    Latin-1 maps every byte to one character and back: what is looked for is ASCII, and all else,
    in whatever encoding, comes out as it went in.
    """
    compressed = response.headers.get("Content-Encoding") == "gzip"
    content = gzip.decompress(response.content) if compressed else response.content
    changed = change(content.decode("latin-1")).encode("latin-1")
    clone = copy.copy(response)
    clone.headers = copy.copy(response.headers)
    clone.headers._store = dict(response.headers._store)
    clone.content = gzip.compress(changed) if compressed else changed
    if clone.headers.get("Content-Length"):
        clone.headers["Content-Length"] = str(len(clone.content))
    return clone


class _Blanking:
    """A node list whose rendering is fit to be stored."""

    def __init__(self, nodelist: Any, request: HttpRequest) -> None:
        self.nodelist = nodelist
        self.request = request

    def render(self, context: Any) -> str:
        rendered = self.nodelist.render(context)
        text, found = blank(rendered, self.request)
        if not any(found) and not text.startswith(_MARK):
            return str(rendered)
        return f"{_MARK}{found.nonce}:{found.token}\x00{text}"


def _fragment(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def render(self: CacheNode, context: Any) -> Any:
        request = getattr(context, "request", None) or context.get("request")
        if not _is_fenced(request):
            return original(self, context)
        node = copy.copy(self)
        node.nodelist = _Blanking(self.nodelist, request)  # type: ignore[assignment]
        text = original(node, context)
        match = _MARKED.match(text) if text.startswith(_MARK) else None
        if match is None:
            return text
        return fill(text[match.end() :], Placeholders(match[1], match[2]), request)

    render.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return render
