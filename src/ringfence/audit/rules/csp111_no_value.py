"""CSP111: CSP directive without a value."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP111")
