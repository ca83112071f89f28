"""What the rules on settings share: what a setting is, how sure that is, and where it was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Hit, Place, Project, Settings
from ringfence.finding import Confidence
from ringfence.records import record

__all__ = [
    "HIGH",
    "LOW",
    "MEDIUM",
    "Fact",
    "apps",
    "ask",
    "complete",
    "deployed",
    "fails_check",
    "has_middleware",
    "hit",
    "in_development",
    "items",
    "middleware",
    "texts",
    "unset",
    "versions",
]

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
#: How sure it is that a file's variables are in use, by what it is for.
_SURE: Final = {"deployed": HIGH, "unmarked": MEDIUM, "doubtful": LOW, "example": LOW}
_LOWER: Final = {HIGH: MEDIUM, MEDIUM: LOW, LOW: LOW}
#: Ringfence's own middleware does what several of Django's do.
OURS: Final = "ringfence.middleware.RingfenceMiddleware"

#: A line that may hold a secret beside what was found in it.
_SECRET: Final = re.compile(
    r"secret|passw|pwd|api_?key|private|credential|token['\"]?\s{0,3}[:=]|://[^/\s]{0,100}@",
    re.IGNORECASE,
)

Check = Callable[[Settings], Iterable[Hit]]


@record
class Fact:
    """A setting: its value as it may be in use, and how sure that is.

    ``given`` is false where no module sets it; ``value`` is then Django's own default. ``beside``
    says that a file beside the code decides it, by the variable that is its place's scope.
    """

    name: str
    value: Any
    place: Place
    confidence: Confidence
    given: bool = True
    beside: bool = False


def deployed(check: Check) -> Callable[[Project], Iterator[Hit]]:
    """Ask a rule about each settings module that may be on a server; what they share, once."""

    def ask_all(project: Project) -> Iterator[Hit]:
        said = set()
        for site in project.deployed():
            for found in check(site):
                key = (found.place.path, found.place.line, found.reason)
                if key not in said:
                    said.add(key)
                    yield found

    return ask_all


def versions(site: Settings, *names: str, beside: bool = True) -> Iterator[Fact]:
    """Yield what the settings of these names are, the surest first.

    As a deployment's own file makes them; as written; with environment defaults; as other files
    make them. What only a default makes so, or something unread may have changed, is less sure.
    ``beside`` says that files beside the code are asked, too: they have rules on secrets of their
    own.
    """
    for name in names:
        found = site.values.get(name)
        if found is None:
            continue
        sure = MEDIUM if found.conditional else HIGH
        given = found.given if beside else ()
        deployed = [each for each in given if each.purpose == "deployed"]
        yield from (Fact(name, each.value, each.place, sure, beside=True) for each in deployed)
        if found.value is not UNKNOWN:
            yield Fact(name, found.value, found.place, sure)
        if found.default is not UNKNOWN:
            # A deployment that sets the variable does not depend on the default.
            yield Fact(name, found.default, found.place, LOW if deployed else _LOWER[sure])
        for each in () if deployed else given:
            least = min(sure, _SURE[each.purpose])
            yield Fact(name, each.value, each.place, least, beside=True)


def ask(site: Settings, name: str, django: Any = UNKNOWN) -> Fact:
    """Return the first version of a setting, or Django's default at the place it could stand."""
    for fact in versions(site, name):
        return fact
    if name in site.values:
        return Fact(name, UNKNOWN, site.values[name].place, LOW)
    # What has no URLs is a part of something, or cannot be read wholly.
    partial = site.unread or "ROOT_URLCONF" not in site.values
    return Fact(name, django, unset(site), LOW if partial else HIGH, given=False)


def unset(site: Settings) -> Place:
    """Return where to point to for a setting that nobody gave: the same place for all of them."""
    for name in ("MIDDLEWARE", "MIDDLEWARE_CLASSES", "INSTALLED_APPS", "ROOT_URLCONF", "DEBUG"):
        if name in site.values:
            return site.values[name].place
    return Place(site.path, 1, 1)


def hit(
    fact: Fact,
    reason: str,
    fix: str,
    *,
    confidence: Confidence = HIGH,
    at: object = None,
    secret: bool = False,
) -> Hit:
    """Return what was found at a setting, or at the string ``at`` in it.

    No line that a secret stands in is quoted.
    """
    place, sure = fact.place, min(fact.confidence, confidence)
    line = getattr(at, "line", 0)
    if line and isinstance(at, str):
        path = getattr(at, "path", place.path)
        if (path, line) != (place.path, place.line):
            shown = "" if fact.beside else repr(str.__str__(at))[:200]
            place = Place(path, line, line, place.scope, shown)
        if getattr(at, "conditional", False):
            sure = _LOWER[sure]
    if secret or _SECRET.search(place.text):
        place = replace(place, text="")
    if fact.beside:
        fix = f"Change {fact.place.scope} in this file. As a setting: {fix}"
    return Hit(place, reason, fix, sure)


def items(value: Any) -> list[Any]:
    """Return a setting's entries: none where it is no list."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return []


def texts(value: Any) -> list[str]:
    """Return the strings among a setting's entries."""
    return [each for each in items(value) if isinstance(each, str)]


def middleware(site: Settings) -> Fact:
    """Return ``MIDDLEWARE``, or what it was called before Django 1.10."""
    older = "MIDDLEWARE_CLASSES"
    name = older if older in site.values and "MIDDLEWARE" not in site.values else "MIDDLEWARE"
    return ask(site, name)


def complete(fact: Fact) -> bool:
    """Whether all entries of a list are known, so that a missing one is missing."""
    is_list = isinstance(fact.value, (list, tuple))
    return is_list and bool(fact.value) and all(isinstance(each, str) for each in fact.value)


def has_middleware(fact: Fact, *words: str) -> bool:
    """Whether a middleware whose class has one of these words in its name is there, or ours."""
    for each in texts(fact.value):
        name = each.rpartition(".")[2].lower()
        if str(each) == OURS or any(word in name for word in words):
            return True
    return False


def apps(site: Settings) -> Fact:
    """Return ``INSTALLED_APPS``."""
    return ask(site, "INSTALLED_APPS", [])


def in_development(site: Settings) -> bool:
    """Whether ``DEBUG`` is plainly on: what is missing for a server is then not the news."""
    return ask(site, "DEBUG").value is True


def fails_check(site: Settings, fact: Fact) -> Confidence:
    """Return how sure something that should have been set is missing.

    What a part that cannot be read does is not known.
    """
    return MEDIUM if fact.given and not site.unread else LOW
