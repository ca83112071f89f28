"""CSRF protection switched off for every request: by a flag, or by an empty ``enforce_csrf``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import (
    ClassFacts,
    FunctionFacts,
    Hit,
    Place,
    Project,
    PythonFacts,
    Rule,
    Value,
)
from ringfence.audit.rules._python import argument, ending, files, head
from ringfence.finding import Confidence

#: django-ninja's, which take ``csrf=False``, and its authentication by a cookie.
_NINJA = ("NinjaAPI", "SessionAuth", "SessionAuthIsStaff", "APIKeyCookie")
_COOKIES = ("django_auth", "django_auth_superuser", "django_auth_is_staff", *_NINJA[1:])
#: What a function that returns nothing returns.
_NOTHING = Value(opaque=True)
_MIDDLEWARE = ("CsrfViewMiddleware", "CsrfMiddleware")
_FLAGS = ("_dont_enforce_csrf_checks", "csrf_processing_done")


def check(project: Project) -> Iterator[Hit]:
    """Find Django's private flags given a true value, and methods that do nothing instead."""
    for facts in files(project):
        for given in facts.assignments:
            if given.target.endswith(_FLAGS) and given.value.literal is not False:
                yield _hit(given.place, Confidence.MEDIUM if given.conditional else Confidence.HIGH)
            elif (
                given.target.endswith(".csrf_exempt")
                and given.value.literal is True
                and not given.conditional  # a decorator passing on what its view said
            ):
                yield _hit(given.place, Confidence.MEDIUM)
        yield from _of_classes(facts)
    for call in ending(project, "setattr"):
        if argument(call, 1).literal in _FLAGS and argument(call, 2).literal is not False:
            yield _hit(call.place, Confidence.HIGH)
    yield from _of_ninja(project)


def _of_classes(facts: PythonFacts) -> Iterator[Hit]:
    for each in facts.classes:
        if "enforce_csrf" in each.methods:
            for function in facts.functions:
                if function.name == f"{each.name}.enforce_csrf" and _does_nothing(facts, function):
                    yield _hit(head(function.place), Confidence.HIGH)
        yield from _of_sessions(facts, each)
        yield from _of_middleware(facts, each)
        exempt = each.attributes.get("csrf_exempt")
        if exempt is not None and exempt.literal is True:
            yield _hit(head(each.place), Confidence.MEDIUM)


def _of_sessions(facts: PythonFacts, each: ClassFacts) -> Iterator[Hit]:
    """Find authentication by a session that does not ask for the token as REST framework's does."""
    sessions = any(base.endswith("SessionAuthentication") for base in each.bases)
    if not sessions and not any(base.endswith("BaseAuthentication") for base in each.bases):
        return
    for function in facts.functions:
        if function.name != f"{each.name}.authenticate":
            continue
        # REST framework's own request knows no user yet: whose is in the other came with a cookie.
        by_cookie = sessions or "request._request" in function.reads
        if by_cookie and not _asks(facts, each, "enforce_csrf", "super().authenticate"):
            yield _hit(head(function.place), Confidence.MEDIUM)


def _of_middleware(facts: PythonFacts, each: ClassFacts) -> Iterator[Hit]:
    """Find subclasses of Django's middleware in which some requests, or all, are let through."""
    if not any(base.endswith(_MIDDLEWARE) for base in each.bases):
        return
    for function in facts.functions:
        own, _, method = function.name.rpartition(".")
        if own != each.name or method not in {"process_view", "_reject", "_check_token"}:
            continue
        if method == "_reject":
            # What it returns is the answer; REST framework's own returns the reason.
            through = function.returns.literal is None or function.returns == _NOTHING
        else:
            through = "none" in function.reads or not _asks(facts, each, f"super().{method}")
        if through:
            sure = Confidence.LOW if "proof" in function.reads else Confidence.MEDIUM
            yield _hit(head(function.place), sure)


def _asks(facts: PythonFacts, each: ClassFacts, *targets: str) -> bool:
    """Say whether a method of the class calls what would check."""
    return any(
        call.function.startswith(f"{each.name}.") and call.target.endswith(targets)
        for call in facts.calls
    )


def _of_ninja(project: Project) -> Iterator[Hit]:
    for call in ending(project, *_NINJA):
        if argument(call, -1, "csrf").literal is False:
            auth = argument(call, -1, "auth")
            cookies = call.target.rpartition(".")[2] != "NinjaAPI" or _by_cookie(auth)
            yield _hit(call.place, Confidence.HIGH if cookies else Confidence.LOW)


def _by_cookie(auth: Value) -> bool:
    """Say whether a browser brings what django-ninja asks for by itself."""
    names = [auth.name, *(item.name for item in auth.items if isinstance(item, Value))]
    return any(name.removesuffix("()").endswith(_COOKIES) for name in names)


def _does_nothing(facts: PythonFacts, function: FunctionFacts) -> bool:
    """Say whether a method is so short that there can be no check in it, and asks no other."""
    place = function.place
    return place.end_line - place.line <= 2 and not any(
        call.function == function.name and call.target.endswith("enforce_csrf")
        for call in facts.calls
    )


def _hit(place: Place, confidence: Confidence) -> Hit:
    return Hit(
        place,
        "Requests that come through here are not checked, whatever site sent them.",
        "Take it away; name other origins that may write in RINGFENCE['csrf']['trusted_origins'].",
        confidence,
    )


RULE = Rule("CSRF472", "python", check)
