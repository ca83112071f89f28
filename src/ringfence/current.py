"""The request that is being answered, for renderings that are not given it.

``render_to_string("fragment.html", {...})`` within a view makes a part of the same page: its tags
get the same nonce. The middleware says for how long a request is the current one; a thread and an
event loop's task each have their own (PEP 567), and what a view hands to a thread by asgiref's
``sync_to_async`` keeps its own as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["during", "during_async", "get", "publish", "withdraw"]

_Part = TypeVar("_Part")

_request: ContextVar[HttpRequest | None] = ContextVar("ringfence.current", default=None)


#: Return the request that is being answered, None outside the fence.
get = _request.get

#: Make a request the current one until :data:`withdraw` is called with what this returns.
publish = _request.set

#: Make that request the current one again which was before.
withdraw = _request.reset


def during(request: HttpRequest, parts: Iterable[_Part]) -> Iterator[_Part]:
    """Yield ``parts``, each made while ``request`` is current: the body of a streaming response.

    Between two parts it is not: whoever asks for them may do so from any thread.
    """
    iterator = iter(parts)
    while True:
        token = _request.set(request)
        try:
            part = next(iterator)
        except StopIteration:
            return
        finally:
            _request.reset(token)
        yield part


async def during_async(request: HttpRequest, parts: AsyncIterator[_Part]) -> AsyncIterator[_Part]:
    """Yield ``parts`` as :func:`during` does, in an event loop."""
    iterator = aiter(parts)
    while True:
        token = _request.set(request)
        try:
            part = await anext(iterator)
        except StopAsyncIteration:
            return
        finally:
            _request.reset(token)
        yield part
