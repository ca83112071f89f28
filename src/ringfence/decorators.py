"""How one view departs from the site's policy: the decorators of every ring."""

from __future__ import annotations

from ringfence.rings.cors.decorators import cors
from ringfence.rings.csp.decorators import csp, csp_exempt, csp_report_only
from ringfence.rings.isolation.decorators import (
    cross_site_allowed,
    embedder_policy,
    opener_policy,
    resource_policy,
)

__all__ = [
    "cors",
    "cross_site_allowed",
    "csp",
    "csp_exempt",
    "csp_report_only",
    "embedder_policy",
    "opener_policy",
    "resource_policy",
]
