"""Rules: facts -> findings. One rule, one file, one pair of tests, one page of docs.

A module here whose name has no leading underscore has a ``RULE``, or several ``RULES``; one that
is called ``_codes_…`` has the part of the register for its family, ``CODES``, and may say in
``DJANGO_IDS`` which check of Django's says the same. ``docs/`` has a page for each code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from ringfence.audit.model import Rule
from ringfence.finding import Code
from ringfence.records import record

__all__ = ["all_codes", "all_rules", "asks_for", "broken", "django_ids", "page"]

_PAGES = Path(__file__).parent / "docs"


@record
class _Register:
    codes: Mapping[str, Code]
    django_ids: Mapping[str, str]
    broken: Mapping[str, str]


@record
class _Rules:
    rules: tuple[Rule, ...]
    broken: Mapping[str, str]


def all_rules(without: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return every rule there is, in order of code.

    Of sources of which nothing is known there is nothing to find: a rule's module is not imported
    if its name says that it asks only for one of ``without`` (``"live"``, ``"settings"``).
    """
    return _rules(frozenset(without)).rules


def all_codes() -> Mapping[str, Code]:
    """Return the audit's register: every code that it can find something under."""
    return _register().codes


def django_ids() -> Mapping[str, str]:
    """Return, by code, the id of the check of Django's that says the same."""
    return _register().django_ids


def broken(without: Collection[str] = ()) -> Mapping[str, str]:
    """Return, by name, why a module of rules could not be imported."""
    return {**_register().broken, **_rules(frozenset(without)).broken}


def asks_for(name: str) -> str:
    """Return the source that all rules of a module are about, "" if its name does not tell.

    Below 400 are what the site's own checks say of its settings, 49x is about settings in every
    family.

    >>> asks_for("live401_sniffing"), asks_for("set401_debug"), asks_for("cook491_session_secure")
    ('live', 'settings', 'settings')
    >>> asks_for("csp101_grammar"), asks_for("csp471_exempt")
    ('settings', '')
    """
    code = name.partition("_")[0]
    family = code.rstrip("0123456789")
    number = code[len(family) :]
    if family == "live":
        return "live"
    of_settings = family == "set" or "100" <= number < "400" or number.startswith(("0", "49"))
    return "settings" if number and of_settings else ""


def page(code: str) -> str | None:
    """Return the documentation of ``code`` as Markdown, or nothing if it has none.

    >>> page("../__init__") is None
    True
    """
    if not (code.isascii() and code.isalnum()):
        return None
    try:
        return (_PAGES / f"{code}.md").read_text("utf-8")
    except FileNotFoundError:
        return None


@cache
def _register() -> _Register:
    codes: dict[str, Code] = {}
    ids: dict[str, str] = {}
    failed: dict[str, str] = {}
    for name in _names():
        if name.startswith("_codes_"):
            module = _imported(name, failed)
            codes.update(getattr(module, "CODES", {}))
            ids.update(getattr(module, "DJANGO_IDS", {}))
    return _Register(dict(sorted(codes.items())), ids, failed)


@cache
def _rules(without: frozenset[str]) -> _Rules:
    rules: dict[str, Rule] = {}
    failed: dict[str, str] = {}
    for name in _names():
        if name.startswith("_") or asks_for(name) in without:
            continue
        for rule in _rules_of(_imported(name, failed)):
            if rule.code in rules:
                failed[name] = f"a second rule for {rule.code}"
            rules[rule.code] = rule
    return _Rules(tuple(rule for _, rule in sorted(rules.items())), failed)


def _names() -> list[str]:
    return [found.name for found in iter_modules(__path__)]


def _imported(name: str, failed: dict[str, str]) -> ModuleType | None:
    try:
        return import_module(f"{__name__}.{name}")
    except Exception as error:  # noqa: BLE001 - one broken rule must not silence the others
        failed[name] = f"{type(error).__name__}: {error}"
        return None


def _rules_of(module: ModuleType | None) -> Iterator[Rule]:
    yield from getattr(module, "RULES", ())
    if module is not None and hasattr(module, "RULE"):
        yield module.RULE
