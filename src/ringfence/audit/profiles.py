"""Profiles: what a kind of deployment makes beside the point, as codes and families of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["PROFILES"]

#: Redirects to https, and Strict-Transport-Security.
_TRANSPORT: Final = frozenset({"TLS491", "TLS492", "TLS493", "TLS494"})

PROFILES: Final[Mapping[str, frozenset[str]]] = {
    # A proxy in front of the site does both.
    "behind-proxy": _TRANSPORT,
    # No pages: nothing to frame, no scripts, no links that leave.
    "api-only": frozenset({"SET407", "SET408", "SET411", "SET435", "CSP491", "CSP494", "INFO492"})
    | {"LIVE402", "LIVE403", "LIVE404", "LIVE407", "LIVE408"},
    # A machine that only its developer reaches, over http, with what helps to find mistakes.
    "dev": _TRANSPORT
    | {"SET401", "SET402", "SET403", "SET404", "SET405", "SET424", "SET425", "SET426", "SET428"}
    | {"COOK491", "COOK493", "CSRF495", "INFO491"}
    | {"LIVE405", "LIVE411", "LIVE417", "LIVE441", "LIVE442", "LIVE444", "LIVE460"},
}
