"""CORS102: CORS allows the origin null."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS102", HIGH)
