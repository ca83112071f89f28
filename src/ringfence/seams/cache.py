"""The seam by which nothing that belongs to one visitor is stored in a cache.

A page that ``cache_page``, the cache middleware or ``{% cache %}`` stores may contain the nonce of
the response it was made for, and CSRF tokens of the visitor who asked for it. A nonce that is
served twice protects nobody, and a token that is shared protects neither visitor. So before a
page or a fragment is stored, both are replaced by placeholders, and each time it is served they
are filled with what belongs to that response.

A placeholder is 128 random bits, new for each entry and kept beside it. Nobody is ever sent one,
so no injected markup can ask to be filled in; and it is as long as what it stands for, so that no
length changes.

What the page's templates were granted in the policy is kept beside it too, since a page out of a
cache renders none.
"""

from __future__ import annotations

import copy
import functools
import gzip
import re
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http.response import HttpResponseBase
from django.middleware.cache import FetchFromCacheMiddleware, UpdateCacheMiddleware
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from django.templatetags.cache import CacheNode
from django.utils.crypto import constant_time_compare, salted_hmac

from ringfence import current
from ringfence.rings.escaping.provenance import grants_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Placeholders", "install"]

_ALNUM_RUN = re.compile(r"[A-Za-z0-9]{64,}")
_POSITION = {char: index for index, char in enumerate(CSRF_ALLOWED_CHARS)}

#: Stands in front of a cached fragment, signed: a fragment may begin with whatever a visitor wrote.
_MARK = "\x00ringfence:"
_MARKED = re.compile(
    r"\x00ringfence:([A-Za-z0-9_-]{0,64}):([A-Za-z0-9]{0,64}):(lent|read):([0-9a-f]{64})\x00"
)


class Placeholders(NamedTuple):
    """What stands in a stored page for its nonce and its tokens; empty where there is none."""

    nonce: str
    token: str


class _Blanker:
    """Takes what belongs to one request out of the texts of one entry."""

    def __init__(self, request: HttpRequest) -> None:
        nonce = getattr(request, "csp_nonce", None)
        grants = getattr(getattr(request, "_ringfence", None), "grants", None)
        # True once it was read or lent, so only then can it stand in the text.
        self._nonce = str(nonce) if nonce else ("" if grants is None else grants.lent or "")
        used = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        self._secret = str(request.META.get("CSRF_COOKIE", "")) if used else ""
        self.found = Placeholders("", "")

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._nonce or self._secret)

    def blank(self, text: str) -> str:
        """Return ``text`` with placeholders; those that were needed are in :attr:`found`."""
        if self._nonce and self._nonce in text:
            if not self.found.nonce:
                self.found = self.found._replace(nonce=secrets.token_hex(16))
            text = text.replace(self._nonce, self.found.nonce)
        tokens = {text[at : at + 2 * CSRF_SECRET_LENGTH] for at in _tokens(text, self._secret)}
        for token in tokens:
            if not self.found.token:
                self.found = self.found._replace(token=secrets.token_hex(CSRF_SECRET_LENGTH))
            text = text.replace(token, self.found.token)
        return text


def _tokens(text: str, secret: str) -> Iterator[int]:
    """Yield where the masked tokens of ``secret`` begin.

    Whatever stands around them: an escape such as ``%22`` ends in characters that a token may
    have too. A place is given up at the first character that does not unmask to the secret's, so
    that the cost is linear; nobody who writes the text knows the secret.
    """
    if len(secret) != CSRF_SECRET_LENGTH:
        return
    wanted = [_POSITION[char] for char in secret]
    size = len(CSRF_ALLOWED_CHARS)
    for run in _ALNUM_RUN.finditer(text):
        places = [_POSITION[char] for char in run[0]]
        for at in range(len(places) - 2 * CSRF_SECRET_LENGTH + 1):
            cipher = at + CSRF_SECRET_LENGTH
            if all(
                (places[cipher + index] - places[at + index]) % size == wanted[index]
                for index in range(CSRF_SECRET_LENGTH)
            ):
                yield run.start() + at


def _filler(
    placeholders: Placeholders, request: HttpRequest | None, *, lent: bool = False
) -> Callable[[str], str]:
    """Return what puts the nonce and a token of ``request`` in the placeholders' places.

    ``lent`` says that the nonce stands there for the templates' own tags alone.

    Without the fence there is no policy that knows the nonce and no cookie for the token: then
    the places are filled with what is good for nothing, for a placeholder is sent to nobody.
    """
    fenced = request is not None and _is_fenced(request)
    nonce = token = ""
    if placeholders.nonce:
        own = getattr(request, "csp_nonce", None) if fenced else None
        grants = grants_of(request) if lent and fenced else None
        value = None if own is None else (grants.nonce if grants is not None else str(own))
        nonce = secrets.token_hex(16) if value is None else value
    if placeholders.token and request is not None and fenced:
        token = str(get_token(request) or "")

    def fill(text: str) -> str:
        if placeholders.nonce:
            text = text.replace(placeholders.nonce, nonce)
        if placeholders.token:
            text = text.replace(placeholders.token, token)
        return text

    return fill


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
        granted = getattr(response, "_ringfence_grants", None)
        grants = grants_of(request) if granted is not None and _is_fenced(request) else None
        if granted is not None and grants is not None:
            grants.absorb(granted[0])
        stored = getattr(response, "_ringfence_placeholders", None)
        if stored is None:
            return response
        placeholders = Placeholders(*stored)
        if placeholders.token and not _is_fenced(request):
            # A form that nobody could send: made anew, as if it had not been stored.
            request._cache_update_cache = True  # type: ignore[attr-defined]
            return None
        lent = granted is not None and not granted[1]
        return _changed(response, _filler(placeholders, request, lent=lent))

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
    grants = getattr(getattr(request, "_ringfence", None), "grants", None)
    if grants is not None and grants.noted:
        read = bool(getattr(request, "csp_nonce", None))
        response._ringfence_grants = (tuple(grants.freeze()), read)
    blanker = _Blanker(request)
    if not blanker:
        return response
    if response.headers.get("Content-Encoding", "identity") not in ("identity", "gzip"):
        return None
    clone = _changed(response, blanker.blank)
    if not any(blanker.found):
        return response
    clone._ringfence_placeholders = tuple(blanker.found)
    return clone


def _changed(response: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of ``response`` whose content and headers went through ``change``.

    Latin-1 maps every byte to one character and back: what is looked for is ASCII, and all else,
    in whatever encoding, comes out as it went in.
    """
    compressed = response.headers.get("Content-Encoding") == "gzip"
    content = gzip.decompress(response.content) if compressed else response.content
    changed = change(content.decode("latin-1")).encode("latin-1")
    clone = copy.copy(response)
    clone.headers = copy.copy(response.headers)
    clone.headers._store = {
        key: (name, change(value)) for key, (name, value) in response.headers._store.items()
    }
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
        rendered = str(self.nodelist.render(context))
        blanker = _Blanker(self.request)
        text = blanker.blank(rendered)
        if not any(blanker.found) and not text.startswith(_MARK):
            return rendered
        lent = not getattr(self.request, "csp_nonce", None)
        return _marker(blanker.found, lent=lent) + text


def _marker(placeholders: Placeholders, *, lent: bool) -> str:
    said = f"{placeholders.nonce}:{placeholders.token}:{'lent' if lent else 'read'}"
    signature = salted_hmac("ringfence.seams.cache", said, algorithm="sha256").hexdigest()
    return f"{_MARK}{said}:{signature}\x00"


def _fragment(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def render(self: CacheNode, context: Any) -> Any:
        request = getattr(context, "request", None) or context.get("request")
        if not _is_fenced(request):
            request = current.get() or request
        if _is_fenced(request):
            node = copy.copy(self)
            node.nodelist = _Blanking(self.nodelist, request)  # type: ignore[assignment]
            text = original(node, context)
        else:
            text = original(self, context)
        match = _MARKED.match(text) if text.startswith(_MARK) else None
        if match is None:
            return text
        placeholders = Placeholders(match[1], match[2])
        lent = match[3] == "lent"
        if not constant_time_compare(match[0], _marker(placeholders, lent=lent)):
            return text
        return _filler(placeholders, request, lent=lent)(text[match.end() :])

    render.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return render
