"""LIVE458: The repository is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import files, hit, live

_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\s*")


def _check(site: Live) -> Iterator[Hit]:
    git = (
        each
        for each in files(site, "/.git/HEAD")
        if each.body.startswith("ref: refs/") or _HASH.fullmatch(each.body)
    )
    hg = (each for each in files(site, "/.hg/requires") if "revlog" in each.body.split("\n", 1)[0])
    mercurial = (each for each in hg if len(each.body) < 2000)
    svn = (each for each in files(site, "/.svn/wc.db") if each.body.startswith("SQLite format 3"))
    for response in (*git, *mercurial, *svn):
        yield hit(
            response,
            "",
            "The whole source with all of its history can be taken from here, secrets included.",
            "Serve STATIC_ROOT and nothing else; nginx: location ~ /\\. { deny all; }",
        )


RULE = live("LIVE458", _check)
