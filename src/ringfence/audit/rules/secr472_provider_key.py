"""Keys of providers that are known by their look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Place, Project, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence

#: Each provider says what its keys look like, so that scanners may know them.
_KEYS = (
    ("Amazon Web Services", re.compile(r"A[KS]IA[0-9A-Z]{16}")),
    ("GitHub", re.compile(r"(?:gh[pos]_[0-9A-Za-z]{36}|github_pat_\w{60,90})")),
    ("GitLab", re.compile(r"glpat-[\w-]{20,60}")),
    ("Stripe", re.compile(r"[sr]k_live_[0-9A-Za-z]{16,110}")),
    ("Slack", re.compile(r"x(?:ox[bp]|app)-[0-9A-Za-z-]{20,120}")),
    ("SendGrid", re.compile(r"SG\.[\w-]{16,30}\.[\w-]{30,60}")),
    ("Google", re.compile(r"AIza[\w-]{35}")),
    ("npm", re.compile(r"npm_[0-9A-Za-z]{36}")),
    ("PyPI", re.compile(r"pypi-[\w-]{60,300}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----[\s\S]{64,2000}")),
)


def check(project: Project) -> Iterator[Hit]:
    """Find literals that are a provider's key by their look, whatever name they are given."""
    for facts in files(project, offline=True):
        for given in facts.assignments:
            text = given.value.literal
            if not isinstance(text, str) or "EXAMPLE" in text:
                continue
            for provider, pattern in _KEYS:
                if pattern.match(text.strip()):
                    place = given.place
                    yield Hit(
                        Place(place.path, place.line, place.end_line, place.scope, ""),
                        f"This has the look of a key ({provider}), and is in the repository's "
                        "history for all time.",
                        "Revoke it now; read the new one with os.environ[...].",
                        Confidence.HIGH,
                    )
                    break


RULE = Rule("SECR472", "python", check)
