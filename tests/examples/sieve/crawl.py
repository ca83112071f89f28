"""Follow the market's links as each visitor, and print every address that some page names."""

from __future__ import annotations

import json
import os
import sys
from urllib.parse import unquote, urljoin, urlsplit

from sieve.holes import DEFAULT_SETTINGS

from tests.examples.sieve.run import started

_NAMED_BY = ("href", "action", "data-post", "data-socket", "data-number")


def _is_followed(path: str) -> bool:
    """Leave out what would end the walk, and what Django's own admin has below its index."""
    return path != "/accounts/leave/" and (path == "/admin/" or not path.startswith("/admin/"))


def _walk(kind: str) -> set[str]:
    from tests.examples.sieve.market import OWN, Visitor
    from tests.examples.sieve.oracle import elements

    visitor, found, waiting = Visitor(kind), {"/"}, ["/"]
    for path in waiting:
        answer = visitor.get(path)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for element in elements(answer.text):
            for name in _NAMED_BY:
                there = urlsplit(urljoin(f"{OWN}{path}", element.get(name) or path))
                named = unquote(there.path)
                if there.netloc == urlsplit(OWN).netloc and named not in found:
                    found.add(named)
                    if name == "href" and _is_followed(named):
                        waiting.append(named)
    return found


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = DEFAULT_SETTINGS
    with started():
        kinds = ("anonymous", "user", "staff", "superuser")
        json.dump({kind: sorted(_walk(kind)) for kind in kinds}, sys.stdout)


if __name__ == "__main__":
    main()
