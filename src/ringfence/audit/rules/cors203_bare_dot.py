"""CORS203: Unescaped dot in a CORS origin regex."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule

RULE = rule("CORS203")
