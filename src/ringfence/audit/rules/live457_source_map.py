"""LIVE457: The source of scripts is served."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import MEDIUM, lacking, live


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in site.of("map") if each.status == 200 and _is_map(each.body)],
        "",
        "The source map has the scripts as they were written, comments and names included.",
        "Build without source maps, or keep them from the public",
        MEDIUM,
    )


def _is_map(body: str) -> bool:
    head = body.lstrip(")]}'\r\n\t ")[:1]
    return head == "{" and '"version"' in body and '"sources"' in body


RULE = live("LIVE457", _check)
