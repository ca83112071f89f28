"""CORS109: CORS origin regex not anchored."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS109", HIGH)
