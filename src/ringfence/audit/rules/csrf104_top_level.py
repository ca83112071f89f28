"""CSRF104: Trusted wildcard covers a whole top-level domain."""

from __future__ import annotations

from ringfence.audit.rules._settings import HIGH
from ringfence.audit.rules._trusted import rule

RULE = rule("CSRF104", HIGH)
