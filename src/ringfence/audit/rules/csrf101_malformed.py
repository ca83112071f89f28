"""CSRF101: Trusted origin is malformed."""

from __future__ import annotations

from ringfence.audit.rules._settings import LOW
from ringfence.audit.rules._trusted import rule

RULE = rule("CSRF101", LOW)
