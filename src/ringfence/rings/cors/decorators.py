"""``@cors``: how one view departs from the site's CORS policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

from ringfence.finding import Findings
from ringfence.rings.cors.decide import CorsPolicy
from ringfence.rings.cors.parse import parse_policy

__all__ = ["ATTRIBUTE", "cors", "policy_of"]

#: Where the decorator keeps the policy, on the function or the class.
ATTRIBUTE = "_ringfence_cors"

#: Decorators around one view; a bound for chains of ``__wrapped__`` that lead in a circle.
_MAX_DEPTH = 50

View = TypeVar("View", bound=Callable[..., Any])


def cors(**policy: Any) -> Callable[[View], View]:
    """Give one view a CORS policy of its own, in place of the site's.

    Takes the options of one policy (those of ``RINGFENCE['cors']`` but ``views`` and ``paths``).
    Decorates functions and coroutine functions, class-based views, methods of such a class
    (``get``, a ViewSet's action), DRF's and django-ninja's views; those packages' own decorators
    stand above this one. What is decorated is returned, not wrapped.

    :raises django.core.exceptions.ImproperlyConfigured: when the view is decorated, with every
        error of the policy at once.

    >>> @cors(origins=["https://app.example"])
    ... def view(request): ...
    >>> policy_of(view, "GET").allows("https://app.example")
    True
    """
    findings = Findings()
    compiled = parse_policy(policy, findings, "@cors")

    def decorate(view: View) -> View:
        if findings.errors:
            errors = "\n".join(f"- {error}" for error in findings.errors)
            raise ImproperlyConfigured(f"@cors on {_name(view)} is refused:\n{errors}")
        setattr(view, ATTRIBUTE, compiled)
        return view

    return decorate


def policy_of(callback: Any, method: str) -> CorsPolicy | None:
    """Return the decorator's policy for a resolved view and a method; ``None`` without one.

    Looks at the callback and what it wraps, at the class behind ``as_view()`` and the method of
    it that answers ``method``, and at the operation that answers it in a django-ninja path.
    Nothing is called, and nothing is imported: packages are known by the shape of their views.
    """
    for view in _wrapped(callback):
        policy = _own(view)
        if policy is not None:
            return policy
        for name in ("cls", "view_class"):
            owner = getattr(view, name, None)
            if isinstance(owner, type):
                policy = _of_class(view, owner, method)
                if policy is not None:
                    return policy
        policy = _of_operation(view, method)
        if policy is not None:
            return policy
    return None


def _own(view: Any) -> CorsPolicy | None:
    policy = getattr(view, ATTRIBUTE, None)
    return policy if isinstance(policy, CorsPolicy) else None


def _wrapped(callback: Any) -> Iterator[Any]:
    """Yield a view, and what ``functools.wraps`` and ``functools.partial`` say is within."""
    for _ in range(_MAX_DEPTH):
        yield callback
        inner = getattr(callback, "__wrapped__", None) or getattr(callback, "func", None)
        if not callable(inner):
            return
        callback = inner


def _of_class(view: Any, owner: type, method: str) -> CorsPolicy | None:
    # A ViewSet's as_view() keeps which action answers which method.
    actions = getattr(view, "actions", None)
    name = method.lower()
    if isinstance(actions, dict):
        name = actions.get(name, name)
    handler = getattr(owner, name, None) if isinstance(name, str) and name.isidentifier() else None
    if handler is not None:
        policy = _own(handler)
        if policy is None and getattr(handler, "__name__", "") == "handler":
            # DRF's @api_view makes a class whose methods are one closure over the function.
            for content in _closure(handler):
                policy = policy or (_own(content) if callable(content) else None)
        if policy is not None:
            return policy
    return _own(owner)


def _of_operation(view: Any, method: str) -> CorsPolicy | None:
    """Look into a django-ninja path: a closure over the object that knows its operations."""
    for content in _closure(view):
        operations = getattr(content, "operations", None)
        if not isinstance(operations, list):
            continue
        for operation in operations:
            if method in (getattr(operation, "methods", None) or ()):
                for inner in _wrapped(getattr(operation, "view_func", None)):
                    policy = _own(inner)
                    if policy is not None:
                        return policy
                return None
    return None


def _closure(function: Any) -> Iterator[Any]:
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a variable that is not set yet
            continue


def _name(view: Any) -> str:
    name = getattr(view, "__qualname__", None) or type(view).__qualname__
    return f"{getattr(view, '__module__', '?')}.{name}"
