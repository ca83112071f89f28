"""CSP210: Host with known CSP bypasses."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP210")
