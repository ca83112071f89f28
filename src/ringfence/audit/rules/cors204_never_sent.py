"""CORS204: CORS origin that no browser sends."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import LOW

RULE = rule("CORS204", LOW)
