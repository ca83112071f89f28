"""LIVE453: A script or style has another type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import MEDIUM, hit, is_html, live
from ringfence.finding import quote

_SCRIPTS: Final = re.compile(r"(?:text|application)/(?:x-)?(?:javascript|ecmascript|json)")


def _check(site: Live) -> Iterator[Hit]:
    missing = [each.status for each in site.of("missing")]
    for response in site.of("asset"):
        if response.status != 200 or (is_html(response) and 200 in missing):
            continue
        right = (
            _SCRIPTS.fullmatch(response.media_type)
            if response.kind == "script"
            else response.media_type == "text/css"
        )
        if response.kind != "image" and not right:
            yield hit(
                response,
                "Content-Type",
                f"Loaded as a {response.kind}, it says that it is {quote(response.media_type)}: "
                "with nosniff browsers refuse it, and without they would run anything.",
                'mimetypes.add_type("text/javascript", ".js")  # or the types of the server',
                MEDIUM,
            )


RULE = live("LIVE453", _check)
