"""A view's definition -> its methods, whom it asks, what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ringfence.audit.collect.urls.known import API, BASES, asks, is_harmless, last
from ringfence.audit.collect.urls.names import Definition, Definitions
from ringfence.audit.model import ClassFacts, FunctionFacts, UrlEntry, Value

__all__ = ["Judged", "judge", "open_permissions"]

_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete"})
_POST: Final = frozenset({"POST"})
_GET: Final = frozenset({"GET"})
_BY_DECORATOR: Final = {"require_POST": _POST, "require_GET": _GET, "require_safe": _GET}
#: Methods that Django or a framework asks before anything else.
_GATES: Final = frozenset(
    {"dispatch", "test_func", "has_permission", "check_permissions", "initial", "setup"}
)
#: Attributes that say who may use a view.
_WORDS: Final = frozenset(
    {
        *("permission_required", "login_required", "required_permission", "group_required"),
        *("permission_policy", "any_permission_required", "required_permissions", "permissions"),
    }
)
#: What actions of a ``ViewSet`` are called.
_ACTIONS: Final = {
    "list": "GET",
    "retrieve": "GET",
    "create": "POST",
    "update": "PUT",
    "partial_update": "PATCH",
    "destroy": "DELETE",
}
_SHOWN: Final = frozenset({"asks", "writes", "queries", "proof"})


@dataclass(slots=True)
class Judged:
    """What came of it, as in :class:`~ringfence.audit.model.Route`."""

    kind: str = "unknown"
    methods: frozenset[str] = frozenset()
    exempt: str = ""
    login: str = "unknown"
    does: set[str] = field(default_factory=set)


def judge(
    found: Definition | None, entry: UrlEntry, defined: Definitions, *, api_is_open: bool | None
) -> Judged:
    """Return what is known of the view of ``entry``.

    ``api_is_open`` is what the settings say of API views that say nothing themselves; None if
    that is not known.
    """
    if found is None:
        judged = _foreign(entry)
    elif isinstance(found.what, ClassFacts):
        judged = _class(found, entry, defined, api_is_open=api_is_open)
    else:
        judged = _function(found.what, api_is_open=api_is_open)
    return _wrapped(judged, entry.wrappers)


def _foreign(entry: UrlEntry) -> Judged:
    """Return what is known of a view that is not in the tree: of generic ones, that much."""
    name = last(entry.target)
    if name not in BASES:
        return Judged()
    methods, does = BASES[name]
    return Judged("api" if name in API else "class", methods, "", "open", set(does))


def _wrapped(judged: Judged, wrappers: Sequence[str]) -> Judged:
    """Return it with what the URL file's own decorators do."""
    for name in wrappers:
        judged.methods = _BY_DECORATOR.get(last(name), judged.methods)
        if last(name) == "csrf_exempt":
            judged.exempt = "urls"
    judged.login = _asked(wrappers, judged.login)
    return judged


def _asked(names: Iterable[str], otherwise: str) -> str:
    """Return who may use what is decorated: ``otherwise`` where no decorator says anything."""
    for name in names:
        if asks(name):
            return "required"
        if not is_harmless(name) and otherwise == "open":
            otherwise = "unknown"
    return otherwise


def _names(decorators: Iterable[Value]) -> Iterator[str]:
    """Yield the names of decorators, and of those that ``method_decorator`` is given."""
    for each in decorators:
        yield each.name
        if last(each.name) == "method_decorator":
            for item in each.items[:1]:
                if isinstance(item, Value):
                    yield item.name
                    yield from (inner.name for inner in item.items if isinstance(inner, Value))


def _function(function: FunctionFacts, *, api_is_open: bool | None) -> Judged:
    names = [name for name in _names(function.decorators) if name]
    lasts = {last(name) for name in names}
    judged = Judged("function", does=set(function.reads & _SHOWN))
    if function.writes:
        judged.does.add("fetched")
    judged.methods = _methods_of(function.decorators)
    if "csrf_exempt" in lasts:
        judged.exempt = "decorator"
    otherwise = "unknown" if "asks" in function.reads else "open"
    if "api_view" in lasts:
        judged.kind = "api"
        judged.methods = judged.methods or _GET
        given = [each for each in function.decorators if last(each.name) == "permission_classes"]
        if given:
            value = given[0].items[0] if given[0].items else Value()
            is_open = isinstance(value, Value) and open_permissions(value)
            judged.login = ("open" if otherwise == "open" else "unknown") if is_open else "required"
            return judged
        otherwise = _by_default(otherwise, api_is_open)
    judged.login = _asked(names, otherwise)
    return judged


def _by_default(otherwise: str, api_is_open: bool | None) -> str:  # noqa: FBT001 - one of three
    if api_is_open is None:
        return "unknown"
    return otherwise if api_is_open else "required"


def _methods_of(decorators: Iterable[Value]) -> frozenset[str]:
    for each in decorators:
        name = last(each.name)
        if name in _BY_DECORATOR:
            return _BY_DECORATOR[name]
        if name in {"require_http_methods", "api_view", "action"}:
            lists = [item[1] if isinstance(item, tuple) else item for item in each.items]
            found = {
                str(item.literal).upper()
                for value in lists
                for item in value.items
                if isinstance(item, Value) and isinstance(item.literal, str)
            }
            if found:
                return frozenset(found)
    return frozenset()


def open_permissions(value: Value) -> bool:
    """Say whether ``permission_classes`` lets everybody in."""
    if not value.items:
        return value.literal is None or (not value.opaque and not value.name)
    return all(isinstance(item, Value) and item.name.endswith("AllowAny") for item in value.items)


def _class(
    found: Definition, entry: UrlEntry, defined: Definitions, *, api_is_open: bool | None
) -> Judged:
    judged = Judged("class")
    methods: set[str] = set()
    login = "open"
    permissions: Value | None = None
    allowed: Value | None = None
    for each in defined.ancestors(found):
        if isinstance(each, str):
            # One of the tree's own that was not read is called as another's: nobody knows it.
            own = defined.split(each)
            name = "?" if own is not None and "." not in own[1] else last(each)
            answers, does = BASES.get(name, (frozenset(), frozenset()))
            methods |= answers
            judged.does |= does
            if name in API:
                judged.kind = "api"
            if name == "CsrfExemptMixin":
                judged.exempt = "class"
            if name not in BASES:
                login = "required" if asks(each) else "unknown" if login == "open" else login
            continue
        assert isinstance(each.what, ClassFacts)
        login = _of_class(each, defined.methods(each), judged, methods, login)
        attributes = each.what.attributes
        permissions = permissions or attributes.get("permission_classes")
        allowed = allowed or attributes.get("http_method_names")
        if "get_permissions" in each.what.methods and login == "open":
            login = "unknown"
    judged.methods = frozenset(methods)
    if allowed is not None and allowed.items:
        names = {str(item.literal).upper() for item in allowed.items if isinstance(item, Value)}
        judged.methods &= names
    if "actions" in entry.options:
        pairs = (pair.partition(":")[0] for pair in entry.options["actions"].split())
        judged.methods = frozenset(name.upper() for name in pairs)
    if judged.kind == "api":
        login = _of_api(login, permissions, entry, api_is_open)
    judged.login = login
    return judged


def _of_api(
    login: str,
    permissions: Value | None,
    entry: UrlEntry,
    api_is_open: bool | None,  # noqa: FBT001
) -> str:
    given = entry.options.get("permission_classes")
    if given is not None:
        is_open = all(name.endswith("AllowAny") for name in given.split())
    elif permissions is not None:
        is_open = open_permissions(permissions)
    elif api_is_open is None:
        return "required" if login == "required" else "unknown"
    else:
        is_open = api_is_open
    return login if is_open else "required"


def _of_class(
    each: Definition,
    functions: Sequence[FunctionFacts],
    judged: Judged,
    methods: set[str],
    login: str,
) -> str:
    """Add what one class itself says; return whom it asks."""
    what = each.what
    assert isinstance(what, ClassFacts)
    names = [name for name in _names(what.decorators) if name]
    for function in functions:
        name = last(function.name)
        if name in _VERBS:
            methods.add(name.upper())
        elif name in _ACTIONS and judged.kind != "class":
            methods.add(_ACTIONS[name])
        judged.does |= function.reads & _SHOWN
        if function.writes and name in {"get", "get_redirect_url"}:
            judged.does.add("fetched")
        if name in _GATES | _VERBS:
            names += [given for given in _names(function.decorators) if given]
        if "asks" in function.reads:
            gate = name in _GATES
            login = "required" if gate else "unknown" if login == "open" else login
    if any(last(name) == "csrf_exempt" for name in names) or (
        "csrf_exempt" in what.attributes and what.attributes["csrf_exempt"].literal is True
    ):
        judged.exempt = "class"
    own = (name for name in what.attributes if name != "permission_classes")
    if any(name in _WORDS or "permission" in name for name in own):
        login = "required"
    return _asked(names, login)
