"""CORS103: CORS allows the origin null with credentials."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS103", HIGH)
