"""LIVE458: The repository is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import files, hit, live

_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\s*")

#: Mercurial's words for how a repository is kept (`hg help internals.requirements`).
_WORDS: Final = frozenset({"revlogv1", "store", "share-safe", "dotencode"})


def _check(site: Live) -> Iterator[Hit]:
    git = (
        each
        for each in files(site, "/.git/HEAD")
        if each.body.startswith("ref: refs/") or _HASH.fullmatch(each.body)
    )
    hg = (each for each in files(site, "/.hg/requires") if _is_of_mercurial(each.body))
    svn = (each for each in files(site, "/.svn/wc.db") if each.body.startswith("SQLite format 3"))
    for response in (*git, *hg, *svn):
        yield hit(
            response,
            "",
            "The whole source with all of its history can be taken from here, secrets included.",
            "Serve STATIC_ROOT and nothing else; nginx: location ~ /\\. { deny all; }",
        )


def _is_of_mercurial(body: str) -> bool:
    """Whether it is a list of what a repository needs, one word a line."""
    words = set(body.split())
    return len(body) < 2000 and bool(words & _WORDS) and len(words) == len(body.splitlines())


RULE = live("LIVE458", _check)
