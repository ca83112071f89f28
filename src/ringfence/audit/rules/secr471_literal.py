"""Secrets as literals: whoever reads the source has them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from ringfence.audit.model import Assignment, Hit, Place, Project, PythonFacts, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence

_NAME = re.compile(
    r"(?i)(?:^|[._\[])(?:\w{0,40}_)?(?:secret(?:_?key)?|passw(?:or)?d|api_?key|auth_?token"
    r"|access_?token"
    r"|private_?key|access_?key|client_?secret|secret_access_key)\]?$"
)
_PLACEHOLDER = re.compile(
    r"(?i)change|example|your|dummy|test|xxx|todo|placeholder|secret|passw|insecure|none|null"
    r"|default|sample|foo|\{|<|%|\*\*|token|_id$|key$|^https?:|[ /]"
)


def check(project: Project) -> Iterator[Hit]:
    """Find names of secrets with a value that looks drawn by lot, settings left out."""
    for facts in files(project, offline=True):
        if _is_settings(facts):
            continue
        for given in facts.assignments:
            if _NAME.search(given.target) and _is_random(given):
                place = given.place
                yield Hit(
                    Place(place.path, place.line, place.end_line, place.scope, ""),
                    f"{given.target.rpartition('.')[2][:60]} is in the source, for everybody who "
                    "can read it and for all time.",
                    "Read it with os.environ[...], and have a new one made: this one is known.",
                    Confidence.MEDIUM,
                )


def _is_settings(facts: PythonFacts) -> bool:
    return "settings" in facts.module.lower() or any(
        given.target == "SECRET_KEY" for given in facts.assignments
    )


def _is_random(given: Assignment) -> bool:
    text = given.value.literal
    if not isinstance(text, str) or not 12 <= len(text) <= 200 or _PLACEHOLDER.search(text):
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    kinds = (str.isdigit, str.islower, str.isupper)
    mixed = sum(any(is_kind(letter) for letter in text) for is_kind in kinds)
    return entropy >= 3.2 and mixed >= 2


RULE = Rule("SECR471", "python", check)
