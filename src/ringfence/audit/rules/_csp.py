"""The policies in settings (Django's, django-csp's), judged by the CSP ring's readers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, Fact, deployed, hit, items, texts, versions
from ringfence.finding import Confidence, Finding, Findings
from ringfence.rings.csp.placeholder import NONCE

__all__ = ["ENFORCED", "REPORTED", "directives", "rule"]

_DJANGO: Final = ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY")
_DJANGO_CSP: Final = ("CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")

ENFORCED: Final = ("SECURE_CSP", "CONTENT_SECURITY_POLICY", "CSP_DEFAULT_SRC", "CSP_SCRIPT_SRC")
REPORTED: Final = ("SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")

#: What is found by something not being there.
_ABSENT: Final = frozenset({"CSP204", "CSP205", "CSP206", "CSP217", "CSP201"})
#: Stands for a source that is not known: no weakness of its own.
_NEUTRAL: Final = "'self'"


def _policies(site: Settings) -> Iterator[tuple[Fact, Mapping[Any, Any], bool]]:
    """Yield each policy as django-csp 4 or Django has it, and whether it is django-csp's."""
    for name in (*_DJANGO, *_DJANGO_CSP):
        for fact in versions(site, name):
            if isinstance(fact.value, dict):
                yield fact, fact.value, name in _DJANGO_CSP
                break
    if not any(name.startswith("CSP_") for name in site.values):
        return
    older = {name: fact for name in _older() for fact in reversed(list(versions(site, name)))}
    if "CSP_DEFAULT_SRC" in older or "CSP_SCRIPT_SRC" in older:
        policy: dict[str, Any] = {_older()[name]: fact.value for name, fact in older.items()}
        for fact in versions(site, "CSP_INCLUDE_NONCE_IN"):
            for directive in texts(fact.value):
                if directive in policy:
                    policy[directive] = [*_sources(policy[directive]), NONCE]
        first = older.get("CSP_SCRIPT_SRC", older.get("CSP_DEFAULT_SRC"))
        assert first is not None
        yield first, {"DIRECTIVES": policy}, True


@cache
def _older() -> Mapping[str, str]:
    """Return django-csp's settings before 4.0, of which it had one for each directive."""
    # The ring's reader: what few sites have settings for.
    from ringfence.rings.csp.grammar import DIRECTIVES  # noqa: PLC0415

    return {f"CSP_{name.upper().replace('-', '_')}": name for name in DIRECTIVES}


def _sources(value: Any) -> list[Any]:
    return items(value) or ([value] if isinstance(value, str) else [])


def directives(site: Settings) -> Iterator[tuple[Fact, str, str]]:
    """Yield each source of each policy with its directive."""
    for fact, config, of_package in _policies(site):
        inner = config.get("DIRECTIVES", {}) if of_package else config
        for name, value in inner.items() if isinstance(inner, dict) else ():
            for source in _sources(value):
                if isinstance(source, str) and isinstance(name, str):
                    for word in source.split():
                        yield fact, name, _word(source, word)


def _word(source: str, word: str) -> str:
    """Keep the place of a source that is one of several in a string."""
    return source if word == source else type(source)(word, *_place(source))


def _place(source: str) -> tuple[str, int] | tuple[()]:
    return (source.path, source.line) if hasattr(source, "line") and hasattr(source, "path") else ()


def rule(code: str, confidence: Confidence = MEDIUM) -> Rule:
    """Return the rule that says what the ring's readers say under ``code``."""

    def check(site: Settings) -> Iterator[Hit]:
        for fact, config, of_package in _policies(site):
            from ringfence.rings.csp.existing import from_django, from_django_csp  # noqa: PLC0415

            findings = Findings()
            known, unsure = _known(config)
            if of_package:
                from_django_csp(known, findings, fact.name)
            else:
                from_django(known, findings, fact.name)
            reported = fact.name in REPORTED or site.get("CSP_REPORT_ONLY") is True
            for found in findings:
                if found.code != code or (unsure and code in _ABSENT and not found.value):
                    continue
                sure = LOW if reported else confidence
                yield _hit(site, fact, found, sure)

    return Rule(code, "settings", deployed(check))


def _known(config: Mapping[Any, Any]) -> tuple[dict[Any, Any], bool]:
    """Put something harmless where a value is not known; say whether a key is not known."""
    unsure = UNKNOWN in config
    known: dict[Any, Any] = {}
    for key, value in config.items():
        if key is UNKNOWN:
            continue
        if isinstance(value, dict):
            known[key], inner = _known(value)
            unsure = unsure or inner
        elif value is UNKNOWN:
            known[key] = [_NEUTRAL]
        elif isinstance(value, (list, tuple, frozenset)):
            known[key] = [_NEUTRAL if each is UNKNOWN else each for each in items(value)]
        else:
            known[key] = value
    return known, unsure


def _hit(site: Settings, fact: Fact, found: Finding, sure: Confidence) -> Hit:
    reason = found.reason[:1].upper() + found.reason[1:]
    value = _unquoted(found.value)
    at: object = None
    for _, name, source in directives(site):
        if value and name in value and source.lower() in value.lower().split():
            at = source
            reason = f"{name} {source}: {found.reason}"
            break
    directive = value.partition(" ")[0]
    older = next((name for name, of in _older().items() if of == directive), "")
    if older in site.values and fact.name.startswith("CSP_"):
        fact = next(versions(site, older), fact)
    return hit(fact, reason, found.fix, confidence=sure, at=at)


def _unquoted(quoted: str) -> str:
    try:
        return str(ast.literal_eval(quoted)) if quoted else ""
    except (SyntaxError, ValueError):
        return quoted
