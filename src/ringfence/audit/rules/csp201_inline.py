"""CSP201: CSP allows inline scripts."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CSP201", HIGH)
