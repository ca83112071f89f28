"""CSP202: CSP allows eval."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CSP202", HIGH)
