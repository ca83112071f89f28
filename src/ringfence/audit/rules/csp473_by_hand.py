"""Content security policies in code: headers written by hand, and django-csp's decorators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import UNKNOWN, Assignment, Hit, Place, Project, Rule, Value
from ringfence.audit.rules._python import decorated, files, head
from ringfence.finding import Confidence
from ringfence.rings.csp.browser.receive import receive
from ringfence.rings.csp.evaluate import evaluate

_HEADER: Final = "[content-security-policy]"
#: Inline scripts, eval, scripts from anywhere, no directive for scripts.
_OPEN: Final = frozenset({"CSP201", "CSP202", "CSP203", "CSP204"})
_DECORATORS: Final = frozenset({"csp", "csp_update", "csp_replace"})
_SCRIPTS: Final = frozenset({"script-src", "script-src-elem", "script-src-attr", "default-src"})
_GRANTS: Final = {
    "'unsafe-inline'": "an injected script runs as the site's own",
    "'unsafe-eval'": "text becomes code",
    "*": "scripts may come from any host",
}
#: The same as django-csp and Django name them.
_CONSTANTS: Final = {"UNSAFE_INLINE": "'unsafe-inline'", "UNSAFE_EVAL": "'unsafe-eval'"}


def check(project: Project) -> Iterator[Hit]:
    """Find them where an injected script would run in spite of them."""
    settings = {each.path for each in project.settings}
    for facts in files(project):
        by_hand = any(given.target.lower().endswith(_HEADER) for given in facts.assignments)
        for given in facts.assignments:
            if by_hand and facts.path not in settings:
                yield from _of_directive(given)
            text = given.value.literal
            if text is UNKNOWN and "-src" in given.value.name:
                text = given.value.name  # what is known of it
            if given.target.lower().endswith(_HEADER) and isinstance(text, str):
                for found in evaluate(receive(text)).findings:
                    if found.code in _OPEN:
                        yield _hit(given.place, f"{found.value}: {found.reason}")
                        break
        for each in decorated(facts):
            for decorator in each.decorators:
                if decorator.name.removesuffix("()").rpartition(".")[2] in _DECORATORS:
                    for directive, source in _granted(decorator):
                        yield _hit(head(each.place), f"{directive} {source}: {_GRANTS[source]}.")


def _of_directive(given: Assignment) -> Iterator[Hit]:
    """Find what a dictionary grants to scripts, in a module that writes the header."""
    directive = given.target.lower().partition("[")[2].rstrip("]")
    if directive in _SCRIPTS:
        for source in _sources(given.value):
            yield _hit(given.place, f"{directive} {source}: {_GRANTS[source]}.")
            return


def _granted(decorator: Value) -> Iterator[tuple[str, str]]:
    """Yield what a decorator's arguments grant to scripts."""
    for item in decorator.items:
        # django-csp 4: a dictionary; 3: keyword arguments.
        for pair in item.items if isinstance(item, Value) else (item,):
            if isinstance(pair, tuple) and isinstance(pair[0].literal, str):
                directive = pair[0].literal.lower().replace("_", "-")
                if directive in _SCRIPTS:
                    yield from ((directive, source) for source in _sources(pair[1]))


def _sources(value: Value) -> Iterator[str]:
    for each in (value, *value.items):
        if isinstance(each, Value):
            text = each.literal if isinstance(each.literal, str) else ""
            text = text or _CONSTANTS.get(each.name.rpartition(".")[2], "")
            yield from (word for word in text.split() if word in _GRANTS)


def _hit(place: Place, reason: str) -> Hit:
    return Hit(
        place,
        reason[:1].upper() + reason[1:],
        "Give the page's own scripts a nonce or move them to files; RINGFENCE = {'csp': 'strict'} "
        "does so.",
        Confidence.MEDIUM,
    )


RULE = Rule("CSP473", "python", check)
