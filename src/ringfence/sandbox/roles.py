"""The roles of those who visit the site."""

from __future__ import annotations

from typing import Final

__all__ = ["ANONYMOUS", "ROLES"]

ANONYMOUS: Final = "anonymous"
#: From the one with the fewest rights to the one with all.
ROLES: Final = (ANONYMOUS, "user", "staff", "superuser")
