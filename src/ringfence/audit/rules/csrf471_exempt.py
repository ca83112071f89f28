"""Views that are exempt from CSRF protection, in every way that one can say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ringfence.audit.model import (
    Call,
    ClassFacts,
    FunctionFacts,
    Hit,
    Place,
    Project,
    PythonFacts,
    Rule,
    Value,
)
from ringfence.audit.rules._python import files, head
from ringfence.audit.rules._urls import UNSAFE, address, exempted, of_view
from ringfence.finding import Confidence

_EXEMPT = "csrf_exempt"
#: Protocols in which something other than a cookie says who asks.
_PROTOCOLS = re.compile(r"(?i)oauth|oidc|openid|saml|token|webhook")
#: Functions that machines call, or browsers with nothing to lose.
_REPORTS = re.compile(
    r"(?i)csp|^report$|(?:browser|violation|crash)\w{0,10}_?report|report_?uri|webhook|_hook|ipn$"
    r"|callback$|heartbeat|health_?(?:check|z)|^health$"
)
#: Decorators and mixins that know people by their session.
_SESSION = re.compile(r"(?i)login_?required|permission_?required|staff|superuser|user_?passes")
_MIXIN = re.compile(r"(?i)csrf_?exempt|exempt_?csrf|(?:no|disable|without)_?csrf")
#: A class of these asks for no cookie, or does its own check.
_APIS = ("APIView", "ViewSet", "GenericAPIView", "TokenView")


def check(project: Project) -> Iterator[Hit]:
    """Find the decorator on functions, methods and classes, and the function in URL files."""
    own = frozenset(each.name for facts in files(project) for each in facts.classes)
    for facts in files(project):
        for function in facts.functions:
            if any(_names_it(each) for each in function.decorators):
                view = f"{facts.module}.{function.class_name or function.name}"
                sure = _of_function(facts, function)
                by_session = [each.name for each in function.decorators]
                yield _sharper(_hit(_at(function), sure), project, view, by_session)
        for each in facts.classes:
            if any(_names_it(decorator) for decorator in each.decorators):
                proof = _PROTOCOLS.search(
                    " ".join((facts.module, each.name, *each.bases))
                ) is not None or any(
                    "proof" in function.reads
                    for function in facts.functions
                    if function.class_name == each.name
                )
                api = any(base.endswith(_APIS) for base in each.bases)
                sure = Confidence.LOW if proof or api else Confidence.MEDIUM
                view = f"{facts.module}.{each.name}"
                names = [*each.bases, *_given(each)]
                yield _sharper(_hit(_at(each), sure), project, view, names)
            yield from _of_bases(each, own)
        for call in facts.calls:
            last = call.target.rpartition(".")[2]
            named = bool(call.args) and _names_it(call.args[0])
            if (last == _EXEMPT and call.args) or (last == "method_decorator" and named):
                hit = _hit(call.place, _of_view(project, call))
                given = call.args[0].name.removesuffix("()").removesuffix(".as_view")
                yield _sharper(hit, project, given, ())


def _at(each: FunctionFacts | ClassFacts) -> Place:
    """Return where the exemption stands: at a decorator, down to what it decorates."""
    for decorator, place in zip(each.decorators, each.decorator_places, strict=False):
        if _names_it(decorator):
            return replace(place, end_line=each.place.line)
    return head(each.place)


def _of_bases(each: ClassFacts, own: frozenset[str]) -> Iterator[Hit]:
    """Find mixins of packages; of the tree's own it is said once, where they are defined."""
    for base in each.bases:
        name = base.rpartition(".")[2]
        if name not in own and name.endswith("Mixin") and _MIXIN.search(name):
            api = any(other.endswith(_APIS) for other in each.bases)
            yield _hit(head(each.place), Confidence.LOW if api else Confidence.MEDIUM)


def _given(each: ClassFacts) -> Iterator[str]:
    """Yield the names of decorators that a class gives to its methods."""
    for decorator in each.decorators:
        for item in decorator.items[:1]:
            if isinstance(item, Value):
                yield item.name
                yield from (inner.name for inner in item.items if isinstance(inner, Value))


def _sharper(hit: Hit, project: Project, view: str, names: Iterable[str]) -> Hit:
    """Return the hit as its routes have it: who comes there, and what for.

    ``names`` are those of its decorators and bases.
    """
    routes = of_view(project, view) or exempted(project, view)
    if hit.confidence < Confidence.MEDIUM or not routes:
        return hit
    if all(route.methods and not route.methods & UNSAFE for route in routes):
        return replace(hit, confidence=Confidence.LOW)  # there is nothing to protect
    writing = [route for route in routes if "writes" in route.does and route.login == "required"]
    if not writing or not any(_SESSION.search(name) for name in names):
        return hit
    return replace(
        hit,
        reason=f"{address(writing[0])} knows its users by the session's cookie and writes: any "
        "site can have their browsers send it a request.",
        confidence=Confidence.HIGH,
    )


def _names_it(value: Value) -> bool:
    if value.name.removesuffix("()").rpartition(".")[2] == _EXEMPT:
        return True
    # method_decorator(csrf_exempt, …), method_decorator([csrf_exempt, …])
    return any(isinstance(item, Value) and _names_it(item) for item in value.items)


def _of_function(facts: PythonFacts, function: FunctionFacts) -> Confidence:
    if (
        "proof" in function.reads
        or _REPORTS.search(function.name)
        or _PROTOCOLS.search(facts.module)
    ):
        return Confidence.LOW
    own = [each for each in facts.classes if each.name == function.class_name]
    if any(base.endswith(_APIS) or _PROTOCOLS.search(base) for each in own for base in each.bases):
        return Confidence.LOW
    return Confidence.MEDIUM


def _of_view(project: Project, call: Call) -> Confidence:
    """Judge the view that a URL file exempts, if it is one of the tree's own."""
    view = call.args[0]
    owner, _, method = call.function.rpartition(".")
    if method == "as_view":
        return Confidence.LOW if owner.endswith((*_APIS, "ViewSetMixin")) else Confidence.MEDIUM
    if call.function and ("." not in view.name or view.name.startswith("super")):
        return Confidence.LOW  # a decorator of the project's own
    name = view.name.removesuffix("()").removesuffix(".as_view")
    if name.endswith(_APIS):
        return Confidence.LOW
    last = name.rpartition(".")[2]
    for facts in files(project):
        for function in facts.functions:
            owner = function.class_name or function.name
            if owner == last and "proof" in function.reads:
                return Confidence.LOW
    return Confidence.MEDIUM


def _hit(place: Place, confidence: Confidence) -> Hit:
    reason = (
        "Any site can have its visitors' browsers send this view a request with their cookies."
        if confidence > Confidence.LOW
        else "Exempt, but something other than a cookie seems to say who asks."
    )
    return Hit(
        place,
        reason,
        "Take csrf_exempt away; where a machine calls, check its signature before anything else.",
        confidence,
    )


RULE = Rule("CSRF471", "python", check)
