"""Hooks that only read a request and write headers need no thread under ASGI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.deprecation import MiddlewareMixin

from ringfence import conf

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ringfence.fence import Fence

__all__ = ["NativeAsync", "fence_of"]


class NativeAsync(MiddlewareMixin):
    """Calls the hooks of a class marked ``native=True`` in the event loop itself.

    A subclass that overrides a hook may do anything there, a database query included: it gets
    the thread that Django gives it.
    """

    hooks: ClassVar[tuple[str, ...]]
    _native: ClassVar[type[NativeAsync]]
    _may_block: ClassVar[bool] = False

    def __init_subclass__(cls, *, native: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if native:
            cls._native = cls
        cls._may_block = any(cls.overrides(hook) for hook in cls.hooks)

    @classmethod
    def overrides(cls, hook: str) -> bool:
        """Whether a subclass brought its own ``hook``."""
        return getattr(cls, hook, None) is not getattr(cls._native, hook, None)

    async def __acall__(self, request: HttpRequest) -> Any:
        """Answer a request in an event loop."""
        if self._may_block:
            return await super().__acall__(request)
        hook = getattr(self, "process_request", None)
        response = hook(request) if hook is not None else None
        if response is None:
            response = await self.get_response(request)  # type: ignore[misc]  # async here
        hook = getattr(self, "process_response", None)
        return hook(request, response) if hook is not None else response


def fence_of(request: HttpRequest) -> Fence | None:
    """Return the fence that ``request`` went through, None where it stands alone."""
    return conf.current() if hasattr(request, "_ringfence") else None
