"""CSP483: a policy in a page's ``<meta>`` that lets an injected script run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import markup
from ringfence.finding import Confidence

#: Inline scripts, eval, scripts from anywhere, no directive for scripts.
_OPEN: Final = frozenset({"CSP201", "CSP202", "CSP203", "CSP204"})
_VARIABLE = re.compile(r"\{[{%][^}]{0,300}[%}]\}")
#: Stands for what is rendered: a nonce, mostly, and this is the shape of one.
_WORD = "c29tZXRoaW5nIHJlbmRlcmVk"


def check(project: Project) -> Iterator[Hit]:
    """Find them, and say the first thing that is wrong with each."""
    for element in markup(project, "meta"):
        if element.attributes.get("http-equiv", "").strip().lower() != "content-security-policy":
            continue
        text = _VARIABLE.sub(_WORD, element.attributes.get("content", ""))
        if not text.replace(_WORD, "").strip(" ;"):
            continue
        # The ring's reader: what few templates have a policy for.
        from ringfence.rings.csp.browser.receive import receive  # noqa: PLC0415
        from ringfence.rings.csp.evaluate import evaluate  # noqa: PLC0415

        for found in evaluate(receive(text)).findings:
            if found.code in _OPEN:
                reason = f"{found.value}: {found.reason}"
                yield Hit(
                    element.place,
                    reason[:1].upper() + reason[1:],
                    "A policy in the answer's header, with nonces: RINGFENCE = {'csp': 'strict'}.",
                    Confidence.MEDIUM,
                )
                break


RULE = Rule("CSP483", "template", check)
