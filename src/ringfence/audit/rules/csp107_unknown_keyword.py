"""CSP107: Unknown CSP keyword."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP107")
