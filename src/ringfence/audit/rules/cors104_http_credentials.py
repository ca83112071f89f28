"""CORS104: CORS allows an http origin with credentials."""

from __future__ import annotations

from ringfence.audit.rules._cors import rule

RULE = rule("CORS104")
