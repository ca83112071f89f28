"""CSP217: 'strict-dynamic' without a nonce or hash."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP217")
