"""LIVE456: A folder's files are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import hit, live, title_of

_TITLE: Final = re.compile(r"(?:Index of|Directory listing for) ?/?", re.IGNORECASE)


def _check(site: Live) -> Iterator[Hit]:
    for response in site.of("folder"):
        if response.status == 200 and _TITLE.match(title_of(response)):
            yield hit(
                response,
                "",
                "Whoever asks for the folder is told every file in it, the forgotten ones as well.",
                "nginx: autoindex off;  Django's serve(): show_indexes=False",
            )


RULE = live("LIVE456", _check)
