"""Ask for every page of a site with Django's test client and write down the answers, as JSON.

Run in a process of its own: ``python -m tests.sites.render ANSWERS``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.sites.frozen import freeze, restart
from tests.sites.model import SITES, Page

__all__ = ["main"]


def main() -> None:
    """Write the answers to the file that is named on the command line."""
    freeze()

    import django

    django.setup()
    site = SITES[os.environ["SITES_SITE"]]
    answers: dict[str, dict[str, Any]] = {}
    known: dict[str, str] = {}
    for page in site.pages:
        answers[page.name] = answer = _answer(page, page.path.format_map(known))
        for name, pattern in site.captures.items():
            if found := re.search(pattern, answer["body"]):
                known.setdefault(name, found[1])
    Path(sys.argv[1]).write_text(json.dumps(answers), encoding="utf-8")


def _answer(page: Page, path: str) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client
    from django.utils import translation

    restart(page.name)
    client = Client(headers=dict(page.headers))
    if page.user:
        client.cookies[settings.SESSION_COOKIE_NAME] = f"session-of-{page.user}"
    try:
        response = client.get(path) if page.post is None else client.post(path, page.post)
        body = b"".join(response) if response.streaming else response.content
    except Exception:  # noqa: BLE001 - an exception is what came of the page
        return {"status": 500, "type": "exception", "place": "", "body": traceback.format_exc()}
    finally:
        translation.activate(settings.LANGUAGE_CODE)
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return {
        "status": response.status_code,
        "type": kind,
        "place": response.headers.get("Location", ""),
        "body": body.decode("utf-8", "backslashreplace"),
        "policy": response.headers.get("Content-Security-Policy", ""),
    }


if __name__ == "__main__":
    main()
