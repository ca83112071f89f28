"""CSP112: Every path exempt from the CSP."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CSP112", HIGH)
