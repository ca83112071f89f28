"""CORS001: Unknown key in a CORS policy."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule

RULE = rule("CORS001")
