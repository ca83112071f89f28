"""CSP102: CSP keyword without its quotes, or quotes without a keyword."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP102")
