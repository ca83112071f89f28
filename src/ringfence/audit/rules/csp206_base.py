"""CSP206: CSP does not restrict <base>."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP206")
