"""Profiles: what a kind of deployment makes beside the point, as codes and families of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["PROFILES"]

PROFILES: Final[Mapping[str, frozenset[str]]] = {
    # A proxy in front of the site redirects to https and sends Strict-Transport-Security.
    "behind-proxy": frozenset(),
    # No pages: nothing to frame, no forms, no scripts of its own.
    "api-only": frozenset(),
    # A machine that only its developer reaches.
    "dev": frozenset(),
}
