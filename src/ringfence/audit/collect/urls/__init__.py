"""The URL configuration of a tree: from its lists of patterns, through includes, to its views.

Pure: the facts of all files and the settings in, routes out. What is not reached from
``ROOT_URLCONF``, for it is not known or includes what cannot be read, is resolved from every list
that no other includes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ringfence.audit.collect.urls.known import last
from ringfence.audit.collect.urls.names import Definitions
from ringfence.audit.collect.urls.views import judge
from ringfence.audit.model import ClassFacts, PythonFacts, Route, Settings, UrlEntry
from ringfence.records import record

__all__ = ["resolve"]

_DEEP: Final = 12
_MOST: Final = 20_000
#: Lists may include one another in more ways than there are stars: not more steps are made.
_STEPS: Final = 20_000
_DEFAULT: Final = "urlpatterns"


@record
class _Around:
    """What the includes on the way to a list of patterns say."""

    prefix: str = ""
    wrappers: tuple[str, ...] = ()
    debug: bool = False
    conditional: bool = False
    rooted: bool = False
    #: What a ninja API says of who may use it, "" if nothing.
    auth: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Walk:
    defined: Definitions
    #: What the settings say of API views that say nothing, None if it is not known.
    api_is_open: bool | None
    #: Whether a middleware asks everybody to log in.
    closed: bool
    routes: list[Route] = field(default_factory=list)
    #: Lists that were walked, by module and name.
    seen: set[tuple[str, str]] = field(default_factory=set)
    on_the_way: set[tuple[str, str]] = field(default_factory=set)
    steps: int = 0


def resolve(python: Mapping[str, PythonFacts], settings: Iterable[Settings]) -> list[Route]:
    """Return the routes of a tree, those from ``ROOT_URLCONF`` first."""
    having = [facts for facts in python.values() if facts.urls and not facts.is_test]
    if not having:
        return []
    sites = _in_use(settings)
    walk = _Walk(Definitions(python.values()), _api_is_open(sites), _is_closed(sites))
    for site in sites:
        root = site.get("ROOT_URLCONF")
        facts = walk.defined.module(root, site.module) if isinstance(root, str) else None
        if facts is not None and (facts.path, _DEFAULT) not in walk.seen:
            _walk_list(walk, facts, _DEFAULT, _Around(rooted=True))
    for facts, owner in _roots(walk, having):
        if (facts.path, owner) not in walk.seen:
            _walk_list(walk, facts, owner, _Around())
    return walk.routes


def _in_use(settings: Iterable[Settings]) -> list[Settings]:
    """Return the settings that are deployed; if none are said to be, those that have URLs."""
    every = list(settings)
    found = [each for each in every if each.purpose == "deployed"]
    return found or [each for each in every if "ROOT_URLCONF" in each.values]


def _api_is_open(sites: Iterable[Settings]) -> bool | None:
    """Return what REST framework's default permissions are: its own default is to ask nobody."""
    known: bool | None = None
    for site in sites:
        given = site.get("REST_FRAMEWORK")
        if "REST_FRAMEWORK" not in site.values:
            known = True if known is None and not site.unread else known
            continue
        if not isinstance(given, dict):
            return None
        classes: Any = given.get("DEFAULT_PERMISSION_CLASSES", ["AllowAny"])
        if not isinstance(classes, (list, tuple)):
            return None
        is_open = all(isinstance(each, str) and each.endswith("AllowAny") for each in classes)
        known = is_open if known is None else known and is_open
    return known


def _is_closed(sites: Iterable[Settings]) -> bool:
    for site in sites:
        for name in ("MIDDLEWARE", "MIDDLEWARE_CLASSES"):
            given = site.get(name)
            if isinstance(given, (list, tuple)) and any(
                isinstance(each, str) and "login" in last(each).lower() for each in given
            ):
                return True
    return False


def _roots(walk: _Walk, having: list[PythonFacts]) -> Iterator[tuple[PythonFacts, str]]:
    """Yield the lists that no other includes, then the rest."""
    lists = [(facts, owner) for facts in having for owner in _owners(facts)]
    included = set()
    for facts in having:
        for entry in facts.urls:
            found = _included(walk, entry, facts) if entry.kind == "include" else None
            if found is not None:
                included.add((found[0].path, found[1]))
    yield from (each for each in lists if (each[0].path, each[1]) not in included)


def _owners(facts: PythonFacts) -> Iterator[str]:
    # An API's name is there for what it includes, too.
    return iter(dict.fromkeys(entry.owner for entry in facts.urls))


def _included(walk: _Walk, entry: UrlEntry, facts: PythonFacts) -> tuple[PythonFacts, str] | None:
    """Return the list that an entry includes, None if it is not in the tree."""
    found = walk.defined.split(entry.target, facts.module) if entry.target else None
    if found is None:
        return None
    module, rest = found
    rest = rest.removesuffix(".urls")
    if not rest:
        return module, _DEFAULT
    if any(each.owner == rest for each in module.urls):
        return module, rest
    imported = module.imports.get(rest)
    if imported is not None and imported != entry.target:
        again = walk.defined.split(imported, module.module)
        if again is not None and any(each.owner == again[1] for each in again[0].urls):
            return again
    return None


def _walk_list(walk: _Walk, facts: PythonFacts, owner: str, around: _Around) -> None:
    here = (facts.path, owner)
    walk.steps += 1
    if here in walk.on_the_way or around.depth > _DEEP or walk.steps > _STEPS:
        return
    walk.seen.add(here)
    walk.on_the_way.add(here)
    for entry in facts.urls:
        if entry.owner == owner and len(walk.routes) < _MOST:
            if entry.kind == "ninja":
                around = replace(around, auth=entry.options.get("auth", "") or around.auth)
            else:
                _walk_entry(walk, facts, entry, around)
    walk.on_the_way.discard(here)


def _walk_entry(walk: _Walk, facts: PythonFacts, entry: UrlEntry, around: _Around) -> None:
    inner = _Around(
        _joined(around.prefix, entry.pattern),
        (*around.wrappers, *entry.wrappers),
        around.debug or entry.condition == "debug",
        around.conditional or bool(entry.condition),
        around.rooted,
        entry.options.get("auth", "") or around.auth,
        around.depth + 1,
    )
    if entry.kind == "include":
        found = _included(walk, entry, facts)
        if found is not None:
            _walk_list(walk, *found, inner)
            return
    if entry.kind in {"include", "static"}:
        walk.routes.append(
            Route(
                inner.prefix,
                entry.kind,
                entry.target,
                entry.place,
                rooted=inner.rooted,
                debug=inner.debug,
                conditional=inner.conditional,
            )
        )
    else:
        walk.routes.append(_route(walk, facts, entry, inner))


def _route(walk: _Walk, facts: PythonFacts, entry: UrlEntry, around: _Around) -> Route:
    found = walk.defined.find(entry.target, facts.module) if entry.target else None
    judged = judge(
        found,
        replace(entry, wrappers=around.wrappers),
        walk.defined,
        api_is_open=walk.api_is_open,
    )
    kind, login, methods = judged.kind, judged.login, judged.methods
    if entry.kind == "operation":
        kind = "api"
        methods = frozenset({entry.options["verb"]} - {"API_OPERATION"})
        # Without auth a function may still ask: what it says of it decides.
        login = login if around.auth in {"", "None"} else "required"
    elif walk.closed and login == "open":
        login = "required"
    if entry.owner.endswith(".get_urls") and _is_admin(walk, facts, entry):
        kind = "admin"
    return Route(
        around.prefix,
        kind,
        found.name if found is not None else entry.target,
        entry.place,
        None if found is None else found.what.place,
        rooted=around.rooted,
        debug=around.debug,
        conditional=around.conditional,
        methods=methods,
        exempt=judged.exempt,
        login=login,
        does=frozenset(judged.does),
    )


def _is_admin(walk: _Walk, facts: PythonFacts, entry: UrlEntry) -> bool:
    """Say whether the list is the ``get_urls`` of a class of the admin's."""
    name = f"{facts.module}.{entry.owner.removesuffix('.get_urls')}"
    found = walk.defined.find(name, facts.module)
    if found is None or not isinstance(found.what, ClassFacts):
        return False
    return any("Admin" in last(base) for base in found.what.bases)


def _joined(prefix: str, pattern: str) -> str:
    return f"{prefix}{pattern.removeprefix('^') if prefix else pattern}"[:300]
