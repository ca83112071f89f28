"""CSP203: CSP allows scripts from anywhere."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CSP203", HIGH)
