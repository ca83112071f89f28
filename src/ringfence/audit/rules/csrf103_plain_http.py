"""CSRF103: Trusted origin over plain http."""

from __future__ import annotations

from ringfence.audit.rules._settings import HIGH
from ringfence.audit.rules._trusted import rule

RULE = rule("CSRF103", HIGH)
