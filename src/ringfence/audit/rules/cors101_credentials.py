"""CORS101: CORS allows any origin with credentials."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule
from ringfence.audit.rules._settings import HIGH

RULE = rule("CORS101", HIGH, place="CORS_ALLOW_CREDENTIALS")
