"""The seam by which every template of our engines is compiled by them, however it was made.

Template loaders, and ``Template("...")`` in a site's own code, make Django's ``Template`` and not
what an engine would like: only ``Template.compile_nodelist`` sees all of them. Templates of other
engines are compiled as ever.

Django's form renderer brings an engine of its own, with Django's backend whatever ``TEMPLATES``
says. Where the site's own templates are ours, forms are rendered by ours as well: where one of our
backends is in ``TEMPLATES``, or was made by hand. (Its renderer for Jinja2 is left alone: what a
widget was given as attributes is not known there yet.)

A ``TemplateResponse`` knows what it will be, which its template's name need not say: its content
type is told to the template that it renders.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from django.forms import renderers
from django.template import base, engines
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property

__all__ = ["content_type", "install", "note_backend"]

#: The content type of the response whose template is about to be rendered, "" where none is known.
content_type: ContextVar[str] = ContextVar("ringfence.content_type", default="")


def install() -> None:
    """Put the seam into Django's templates and its form renderer, once."""
    if getattr(base.Template.compile_nodelist, "ringfence_seam", False):
        return
    base.Template.compile_nodelist = _by_engine(  # type: ignore[assignment, method-assign]
        base.Template.compile_nodelist
    )
    original: Callable[[Any], Any] = SimpleTemplateResponse.rendered_content.fget  # type: ignore[attr-defined]  # a property
    SimpleTemplateResponse.rendered_content = property(_telling(original))  # type: ignore[method-assign, assignment]
    renderers.DjangoTemplates.backend = _FormBackend(  # type: ignore[assignment]
        renderers.DjangoTemplates.backend, "DjangoTemplates"
    )


def _telling(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(original)
    def rendered_content(self: Any) -> Any:
        token = content_type.set(self.headers.get("Content-Type", ""))
        try:
            return original(self)
        finally:
            content_type.reset(token)

    return rendered_content


def _by_engine(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(original)
    def compile_nodelist(self: Any) -> Any:
        own = getattr(self.engine, "ringfence_compile", None)
        return original(self) if own is None else own(self)

    compile_nodelist.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return compile_nodelist


def note_backend() -> None:
    """Remember that a backend of ours was made, whatever ``TEMPLATES`` says."""
    _FormBackend.made = True


def _site_has_ours() -> bool:
    if _FormBackend.made:
        return True
    try:
        return any(type(each).__module__.startswith("ringfence.") for each in engines.all())
    except Exception:  # noqa: BLE001 -- TEMPLATES in error is told by whoever needs it
        return False


class _FormBackend:
    """The backend of a form renderer: ours where the site has a template backend of ours."""

    made = False

    def __init__(self, stock: Any, name: str) -> None:
        self.stock = stock
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if _site_has_ours():
            # Not before it is needed: the module brings the seam, and Jinja2 if it is asked for.
            return getattr(import_module("ringfence.template"), self.name)
        stock = self.stock
        return stock.__get__(instance, owner) if isinstance(stock, cached_property) else stock
