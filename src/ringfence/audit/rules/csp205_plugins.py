"""CSP205: CSP does not restrict plugins."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import LOW

RULE = rule("CSP205", LOW)
