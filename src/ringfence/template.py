"""The template backends: ``"BACKEND": "ringfence.template.DjangoTemplates"``.

What a variable brings is escaped for the place it stands in, in HTML and in the languages inside
HTML; see the documentation of the escaping ring.
"""

from __future__ import annotations

from ringfence.rings.escaping.backend import DjangoTemplates, Engine, Template, statistics
from ringfence.rings.escaping.typed import SafeCSS, SafeHTML, SafeJS, SafeURL
from ringfence.seams import templates

__all__ = [
    "DjangoTemplates",
    "Engine",
    "SafeCSS",
    "SafeHTML",
    "SafeJS",
    "SafeURL",
    "Template",
    "statistics",
]

templates.install()
