"""CSRF102: Trusted origin is null."""

from __future__ import annotations

from ringfence.audit.rules._settings import HIGH
from ringfence.audit.rules._trusted import rule

RULE = rule("CSRF102", HIGH)
