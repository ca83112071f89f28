"""CORS302: CORS origins listed beside any origin."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import LOW

RULE = rule("CORS302", LOW)
