"""The CSP ring: which scripts and resources a page may use.

Decided once, from the settings: everything here is pure and knows neither Django nor a request.
A response only picks between the header without a nonce and the one with it.
"""

from __future__ import annotations

from ringfence.rings.csp.departures import (
    from_response_config,
    parse_serialized,
    replace,
    update,
    without_reporting,
)
from ringfence.rings.csp.directives import SIZE_LIMIT
from ringfence.rings.csp.existing import from_django, from_django_csp
from ringfence.rings.csp.model import (
    HEADER,
    HEADER_REPORT_ONLY,
    NONCE,
    CompiledPolicy,
    CspPolicy,
    CspRing,
    compile_policies,
    is_nonce,
)
from ringfence.rings.csp.parse import parse, parse_policies
from ringfence.rings.csp.presets import PRESETS
from ringfence.rings.csp.reporting import ENDPOINT

__all__ = [
    "ENDPOINT",
    "HEADER",
    "HEADER_REPORT_ONLY",
    "NONCE",
    "PRESETS",
    "SIZE_LIMIT",
    "CompiledPolicy",
    "CspPolicy",
    "CspRing",
    "compile_policies",
    "from_django",
    "from_django_csp",
    "from_response_config",
    "is_nonce",
    "parse",
    "parse_policies",
    "parse_serialized",
    "replace",
    "update",
    "without_reporting",
]
