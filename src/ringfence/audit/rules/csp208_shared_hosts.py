"""CSP208: Wildcard over hosts of many owners in a CSP."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP208")
