"""The seam by which ``{% csrf_token %}`` renders nothing where the site wants no tokens.

Django's context processor takes None from ``get_token`` to mean that there is no token, and puts
the word NOTPROVIDED in its place, at which the tag is to render nothing. From Django 6.0 on it
raises instead (``format_html("")`` became an error), so that the tag is asked no more then.
Jinja2's ``csrf_input`` gets the empty string.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.template import context_processors
from django.template.backends import utils
from django.template.defaulttags import CsrfTokenNode

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["install"]


def install() -> None:
    """Put the seam into Django's template context, once."""
    modules: tuple[tuple[Any, str | None], ...] = ((context_processors, None), (utils, ""))
    for module, nothing in modules:
        if not getattr(module.get_token, "ringfence_seam", False):
            module.get_token = _unless_never(module.get_token, nothing)
    if not getattr(CsrfTokenNode.render, "ringfence_seam", False):
        CsrfTokenNode.render = _unless_not_provided(  # type: ignore[method-assign]
            CsrfTokenNode.render
        )


def _unless_never(original: Callable[..., Any], nothing: str | None) -> Callable[..., Any]:
    @functools.wraps(original)
    def get_token(request: HttpRequest) -> Any:
        state = getattr(request, "_ringfence", None)
        if state is not None and state.no_tokens:
            return nothing
        return original(request)

    get_token.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return get_token


def _unless_not_provided(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def render(self: CsrfTokenNode, context: Any) -> Any:
        return "" if context.get("csrf_token") == "NOTPROVIDED" else original(self, context)

    render.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return render
