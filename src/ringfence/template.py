"""The template backends: ``"BACKEND": "ringfence.template.DjangoTemplates"``.

What a variable brings is escaped for the place it stands in, in HTML and in the languages inside
HTML; see the documentation of the escaping ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from ringfence.rings.escaping.backend import DjangoTemplates, Engine, Template, statistics
from ringfence.rings.escaping.typed import SafeCSS, SafeHTML, SafeJS, SafeURL
from ringfence.seams import templates

if TYPE_CHECKING:
    from ringfence.rings.escaping.jinja import Jinja2

__all__ = [
    "DjangoTemplates",
    "Engine",
    "Jinja2",
    "SafeCSS",
    "SafeHTML",
    "SafeJS",
    "SafeURL",
    "Template",
    "statistics",
]

templates.install()


def __getattr__(name: str) -> Any:
    # Jinja2 is no dependency: its backend is imported by those who name it.
    if name != "Jinja2":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import jinja2  # noqa: F401, PLC0415 -- whether it is installed
    except ImportError as error:
        raise ImproperlyConfigured(
            'The template backend "ringfence.template.Jinja2" needs Jinja2, which is not '
            'installed: run "pip install Jinja2", or write "ringfence.template.DjangoTemplates".'
        ) from error
    from ringfence.rings.escaping.jinja import Jinja2  # noqa: PLC0415

    return Jinja2
