"""AUDIT401: a comment accepts a finding and does not say why."""

from __future__ import annotations

from ringfence.audit.accept import unreasoned
from ringfence.audit.model import Rule

RULE = Rule("AUDIT401", "audit", unreasoned)
