"""LIVE447: A server tells its version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import LOW, hit, live
from ringfence.finding import quote

_VERSION: Final = re.compile(r"[A-Za-z][\w.-]{0,40}/\d")


def _check(site: Live) -> Iterator[Hit]:
    if site.sandbox:
        return
    for response in site.of("page"):
        for name in ("server", "x-powered-by"):
            value = response.get(name)[:200]
            if _VERSION.search(value):
                reason = f"{quote(value)} tells which known holes to try."
                yield hit(response, name.title(), reason, "nginx: server_tokens off;", LOW)
                return


RULE = live("LIVE447", _check)
