"""Views that write when they are merely fetched: no token guards a GET."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import FunctionFacts, Hit, Project, PythonFacts, Rule, Value
from ringfence.audit.rules._python import files, head, routed
from ringfence.audit.rules._urls import address, of_view
from ringfence.finding import Confidence

_BY_LINK = re.compile(
    r"(?i)verif|confirm|activat|unsubscribe|token|uidb|callback|key|oauth|logged_?out"
)
_VIEW_NAMES = ("get", "get_redirect_url")
_TOKENS = re.compile(r"(?i)token|jwt|oauth|api_?key|knox|bearer|signature|hmac")
_VOTES = re.compile(r"(?i)vote|like|rate|rating|favou?rit|follow|star$|^star")
#: REST framework's decorators of methods that are views; without a word of methods it is GET.
_ACTIONS = ("decorators.action()", "decorators.list_route()", "decorators.detail_route()")
_STRONG = frozenset({"delete", "save", "logout", "login", "post"})


def check(project: Project) -> Iterator[Hit]:
    """Find views with a write that a GET request reaches."""
    routes = routed(project)
    for facts in files(project):
        for function in facts.functions:
            if not function.writes or not _is_fetched(facts, function):
                continue
            if _BY_LINK.search(function.name) or _BY_LINK.search(" ".join(function.parameters)):
                continue  # a link out of a mail, which has a token of its own
            if not _by_session(project, facts, function):
                continue
            if routes and not function.class_name and function.name not in routes:
                continue
            view = f"{facts.module}.{function.class_name or function.name}"
            known = of_view(project, view)
            if known and all(route.methods and "GET" not in route.methods for route in known):
                continue
            where = f" to {address(known[0])}" if known else ""
            ends = sorted({name.rpartition(".")[2] for name in function.writes})
            if ends == ["post"] and not _has_base(facts, function, "DeleteView", "LogoutView"):
                continue
            yield Hit(
                head(function.place),
                f"A GET request{where} comes to {ends[0]}(): an image on any site has the "
                "visitor's browser do it.",
                "@require_POST, and a form with {% csrf_token %} in place of the link.",
                _confidence(facts, function, ends),
            )


def _confidence(facts: PythonFacts, function: FunctionFacts, ends: list[str]) -> Confidence:
    members = any("_required" in each.name for each in function.decorators) or _has_base(
        facts, function, "LoginRequired", "PermissionRequired", "UserPassesTest", "StaffRequired"
    )
    # What is merely counted or noted is so for every visitor; a vote is more than a visit.
    counts = "counts" in function.reads and not _VOTES.search(function.name)
    sure = (members or _STRONG & set(ends)) and not counts
    return Confidence.MEDIUM if sure else Confidence.LOW


def _by_session(project: Project, facts: PythonFacts, function: FunctionFacts) -> bool:
    """Say whether a cookie may say who asks: of REST framework's views others may."""
    for each in facts.classes:
        if each.name == function.class_name and "authentication_classes" in each.attributes:
            said = each.attributes["authentication_classes"]
            names = [item.name for item in said.items if isinstance(item, Value)]
            return not names or any(not _TOKENS.search(name) for name in names)
    return True


def _is_fetched(facts: PythonFacts, function: FunctionFacts) -> bool:
    name = function.name.rpartition(".")[2]
    if not function.class_name:
        return "." not in function.name
    if name not in _VIEW_NAMES and not any(
        each.name.endswith(_ACTIONS) for each in function.decorators
    ):
        return False
    return not _has_base(facts, function, "Serializer", "Manager") and not _without_get(
        facts, function
    )


def _without_get(facts: PythonFacts, function: FunctionFacts) -> bool:
    for each in facts.classes:
        if each.name == function.class_name and "http_method_names" in each.attributes:
            names = each.attributes["http_method_names"].items
            said = [str(item.literal).lower() for item in names if isinstance(item, Value)]
            return bool(said) and "get" not in said
    return False


def _has_base(facts: PythonFacts, function: FunctionFacts, *words: str) -> bool:
    return any(
        word in base
        for each in facts.classes
        if each.name == function.class_name
        for base in each.bases
        for word in words
    )


RULE = Rule("CSRF473", "python", check)
