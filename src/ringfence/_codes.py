"""The register of codes: every finding that ringfence can make, one line each.

A code is a family and three digits. Its first digit is its kind: 0 the shape of the settings,
1 a dangerous or malformed value, 2 a departure from best practice, 3 two settings that
contradict each other. A code is never reused.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """What a finding does: informs, warns, warns and fails ``check --deploy``, or refuses."""

    INFO = 10
    WARNING = 20
    DEPLOY_ERROR = 30
    ERROR = 40


@dataclass(frozen=True, slots=True)
class Code:
    """One registered code; ``cwe`` is a number of the Common Weakness Enumeration, 0 for none."""

    title: str
    severity: Severity
    cwe: int = 0
    withdrawn: bool = False


_I, _W, _D, _E = Severity.INFO, Severity.WARNING, Severity.DEPLOY_ERROR, Severity.ERROR

REGISTER: dict[str, Code] = {
    # the shape of RINGFENCE
    "RING001": Code("Unknown key in RINGFENCE", _E),
    "RING002": Code("Value of the wrong type in RINGFENCE", _E),
    "RING003": Code("Ring switched off", _W, 693),
    "RING004": Code("Fence not in MIDDLEWARE", _W, 693),
    "RING005": Code("Fence not first in MIDDLEWARE", _W, 693),
    "RING006": Code("Replaced middleware still in MIDDLEWARE", _W),
    "RING007": Code("ringfence not in INSTALLED_APPS", _W),
    # -- csrf
    "CSRF001": Code("Unknown or misplaced CSRF option", _E),
    "CSRF002": Code("CSRF option of the wrong type", _E),
    "CSRF101": Code("Trusted origin is malformed", _E, 346),
    "CSRF102": Code("Trusted origin is null", _E, 346),
    "CSRF103": Code("Trusted origin over plain http", _E, 319),
    "CSRF104": Code("Trusted wildcard covers a whole top-level domain", _E, 346),
    "CSRF105": Code("Token fallback allows every request without browser headers", _W, 352),
    "CSRF106": Code("CSRF_TRUSTED_ORIGINS entry is malformed", _D, 346),
    "CSRF201": Code("CSRF ring only reports", _W, 352),
    "CSRF301": Code("No tokens are rendered, but the fallback asks for them", _E, 352),
    "CSRF302": Code("CSRF_USE_SESSIONS without Django's session middleware", _W, 352),
    # -- cors
    # -- csp
    # -- isolation
    # -- transport
}
