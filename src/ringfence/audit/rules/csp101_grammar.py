"""CSP101: CSP value outside the grammar."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP101")
