"""CORS112: CORS origin regex that does not compile."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS112", HIGH)
