"""How one view departs from the site's policy: what its decorators left on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ringfence.rings.cors.decorators import policy_of
from ringfence.rings.cors.policy import CorsPolicy

__all__ = ["ViewInfo", "Views", "inspect_view"]

#: More callables than this are no URL configuration but made anew for each request.
LIMIT = 4096

#: The methods that an operation of its own may answer (django-ninja: one function a method).
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class ViewInfo:
    """What the decorators of one view say. ``cors`` is by method, empty without a decorator."""

    callback: Any = None
    cors: dict[str, CorsPolicy] = field(default_factory=dict)
    cross_site_allowed: bool = False

    def cors_for(self, method: str) -> CorsPolicy | None:
        """Return the view's own CORS policy for a method, None without one."""
        if not self.cors:
            return None
        if method in METHODS:
            return self.cors.get(method)
        # An unusual method of a decorated view must not fall to the site's policy unasked.
        return policy_of(self.callback, method)


def inspect_view(callback: Any) -> ViewInfo:
    """Read the decorators off a resolved view: a function, a class's ``as_view()``, DRF, ninja."""
    cors = {}
    for method in METHODS:
        policy = policy_of(callback, method)
        if policy is not None:
            cors[method] = policy
    if "GET" in cors:
        cors.setdefault("HEAD", cors["GET"])  # RFC 9110, section 9.3.2: the same, without content
    owners = (callback, getattr(callback, "view_class", None), getattr(callback, "cls", None))
    return ViewInfo(
        callback=callback,
        cors=cors,
        cross_site_allowed=any(getattr(o, "_ringfence_cross_site", False) for o in owners),
    )


class Views:
    """Remembers how each view departs, by the view."""

    def __init__(self) -> None:
        #: What was asked for already.
        self.known: dict[Any, ViewInfo] = {}

    def info(self, callback: Any) -> ViewInfo:
        """Return how ``callback`` departs from the site's policy."""
        try:
            info = self.known.get(callback)
        except TypeError:  # an unhashable callable
            return inspect_view(callback)
        if info is None:
            if len(self.known) >= LIMIT:
                self.known.clear()
            info = self.known[callback] = inspect_view(callback)
        return info
