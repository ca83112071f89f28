"""A script that was stored in the site's database runs in the victim's page.

Oracle: a function that the browser's protocol put into the page is called with the payload's id.
It is no part of the page, so no policy of the page's can take it away.
"""

from __future__ import annotations

from ringfence.prove.stored import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "script",
    title="stored script in the victim's page",
    stopped_by=("csp",),
    fix='escape the text where it is shown (no |safe); RINGFENCE = {"csp": "strict"}',
)
