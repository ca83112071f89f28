"""CSP105: Fixed nonce in a CSP."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP105")
