"""CSP218: Path prefixes exempt from the CSP."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule
from ringfence.audit.rules._settings import LOW

RULE = rule("CSP218", LOW)
