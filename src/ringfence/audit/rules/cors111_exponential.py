"""CORS111: CORS origin regex that can take exponential time."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule

RULE = rule("CORS111")
