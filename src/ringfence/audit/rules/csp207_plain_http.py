"""CSP207: Plain-http host in a CSP."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP207")
