"""The CORS ring: which other origins may read the site's answers (Fetch standard, "CORS protocol").

:class:`CorsPolicy` decides; :func:`parse` compiles ``RINGFENCE['cors']`` and refuses what is
dangerous; :func:`from_corsheaders` compiles django-cors-headers' settings and only names it.
"""

from __future__ import annotations

from ringfence.rings.cors.corsheaders import from_corsheaders
from ringfence.rings.cors.decide import CLOSED, CorsPolicy, CorsSite, DynamicOrigins, Preflight
from ringfence.rings.cors.parse import parse, parse_policy

__all__ = [
    "CLOSED",
    "CorsPolicy",
    "CorsSite",
    "DynamicOrigins",
    "Preflight",
    "from_corsheaders",
    "parse",
    "parse_policy",
]
