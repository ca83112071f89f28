"""CORS110: CORS origin regex too permissive for a host."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS110", HIGH)
