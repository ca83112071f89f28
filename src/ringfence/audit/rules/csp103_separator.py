"""CSP103: Separator inside a CSP value."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP103")
