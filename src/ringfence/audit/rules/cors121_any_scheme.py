"""CORS121: CORS origin regex that matches any scheme."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule

RULE = rule("CORS121")
