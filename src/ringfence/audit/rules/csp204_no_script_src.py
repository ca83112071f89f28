"""CSP204: CSP does not restrict scripts."""

from __future__ import annotations

from ringfence.audit.rules._csp import rule

RULE = rule("CSP204")
