"""CSP106: 'none' beside other CSP sources."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP106")
