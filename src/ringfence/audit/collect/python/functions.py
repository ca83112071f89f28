"""What a function's head says: whether it is a view, and what its parameters are."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final

from ringfence.audit.collect.python.state import Env
from ringfence.audit.collect.python.values import SAFE, named, of_source, parameter
from ringfence.audit.model import Source, Value

__all__ = ["decorator_names", "is_view", "only_posts", "parameters"]

_METHODS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "get_redirect_url", "dispatch"}
)
_RESPONSES: Final = frozenset(
    {
        *("render", "redirect", "HttpResponse", "JsonResponse", "HttpResponseRedirect", "Response"),
        *(
            "HttpResponseBadRequest",
            "HttpResponseForbidden",
            "HttpResponseNotFound",
            "FileResponse",
        ),
        *("render_to_response", "HttpResponsePermanentRedirect", "StreamingHttpResponse"),
        *("TemplateResponse", "HttpResponseServerError", "Http404", "direct_to_template"),
    }
)
_NUMERIC: Final = frozenset({"int", "UUID", "uuid.UUID", "float", "bool", "Decimal"})
#: Names of what a URL's part is a number or a key, and of what is no part of a URL at all.
_HARMLESS: Final = frozenset(
    {
        *("pk", "id", "uuid", "uid", "year", "month", "day", "page", "page_num", "slug", "form"),
        *(
            "template_name",
            "template",
            "queryset",
            "extra_context",
            "model",
            "form_class",
            "instance",
        ),
        *(
            "context",
            "obj",
            "user",
            "site",
            "view",
            "args",
            "kwargs",
            "formset",
            "admin_site",
            "site_id",
        ),
        *(
            "get_response",
            "exception",
            "exc",
            "response",
            "field",
            "widget",
            "parent",
            "self",
            "cls",
        ),
    }
)
#: Parameters that say how something is shown, by words of the developer's.
_PRESENTATION: Final = re.compile(
    r"(?i)(?:\w{1,20}_)?(?:tag|cls|klass|class|css|colou?r|style|size|sep|separator|align|position)"
    r"|addition|deletion|css_class(?:es)?|class_name"
)
#: Classes whose methods of one argument show an instance in a column.
_ADMINS: Final = ("ModelAdmin", "TabularInline", "StackedInline", "Admin")
_NO_INSTANCES: Final = frozenset(
    {"request", "db_field", "form", "queryset", "actions", "action", "urls", "name", "value"}
)
#: Names of keys, which only a wide pattern lets hold anything.
_KEYS: Final = frozenset({"slug", "page", "uuid", "uid", "username", "user_name", "year"})
_REQUESTS: Final = frozenset({"request", "req", "_request", "http_request"})
_POSTS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def decorator_names(decorators: Sequence[Value]) -> frozenset[str]:
    """Return the last parts of the names of decorators."""
    return frozenset(each.name.removesuffix("()").rpartition(".")[2] for each in decorators)


def is_view(
    node: ast.FunctionDef | ast.AsyncFunctionDef, decorators: frozenset[str], class_name: str
) -> bool:
    """Say whether it takes a request and answers it, as far as one can tell from the outside."""
    arguments = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    if class_name:
        in_method = node.name in _METHODS or bool(
            decorators & {"action", "list_route", "detail_route"}
        )
        return in_method and class_name.rpartition(".")[2] not in {"Meta", "Command"}
    if not arguments or arguments[0] not in _REQUESTS or node.name.startswith("_"):
        return False
    return any(_responds(each) for each in _returns(node.body, 0))


def _returns(body: Sequence[ast.stmt], depth: int) -> list[ast.expr]:
    found: list[ast.expr] = []
    for each in body:
        if isinstance(each, ast.Return):
            if each.value is not None:
                found.append(each.value)
        elif depth < 8 and not isinstance(
            each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(each, name, None)
                if inner:
                    found += _returns(inner, depth + 1)
            for handler in getattr(each, "handlers", ()):
                found += _returns(handler.body, depth + 1)
    return found


def _responds(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id in {"response", "resp", "res"}
    if not isinstance(node, ast.Call):
        return False
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in _RESPONSES


def parameters(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    decorators: frozenset[str],
    *,
    is_view: bool,
    class_name: str,
    bases: tuple[str, ...] = (),
) -> tuple[Env, list[str]]:
    """Return the values of the parameters, and which of them a URL may fill.

    ``bases`` are those of its class: a column of the admin's is given an instance of a model.
    """
    env: Env = {}
    from_the_url: list[str] = []
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [
        *([None] * (len(positional) - len(arguments.defaults))),
        *arguments.defaults,
    ]
    from_url = is_view and node.name != "dispatch"
    column = len(positional) == 2 and any(base.endswith(_ADMINS) for base in bases)
    for at, (argument, default) in enumerate(
        zip(
            [*positional, *arguments.kwonlyargs],
            [*defaults, *arguments.kw_defaults],
            strict=True,
        )
    ):
        name = argument.arg
        if class_name and at == 0 and "staticmethod" not in decorators:
            env[name] = named("self") if name == "self" else named("cls")
        elif (name in _REQUESTS and at <= 1) or name == "request":
            env[name] = named("request")
        elif _is_numeric(argument.annotation, default) or (
            _PRESENTATION.fullmatch(name) and _is_word(default)
        ):
            env[name] = SAFE
        elif column and at == 1 and name not in _NO_INSTANCES:
            env[name] = of_source(Source.MODEL, name)
        elif from_url and _is_url_part(name, default):
            from_the_url.append(name)
            env[name] = parameter(name)
        elif from_url and name in _KEYS:
            from_the_url.append("?" + name)
            env[name] = parameter(name)
        else:
            env[name] = parameter(name)
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            env[rest.arg] = parameter(rest.arg)
    if from_url and arguments.kwarg is not None:
        env[arguments.kwarg.arg] = Value(sources=frozenset({Source.URL}), name="self.kwargs")
    return env, from_the_url


def _is_numeric(annotation: ast.expr | None, default: ast.expr | None) -> bool:
    if isinstance(default, ast.Constant) and isinstance(default.value, (int, float)):
        return True
    if annotation is None:
        return False
    name = (
        annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    )
    return name in _NUMERIC


def _is_word(default: ast.expr | None) -> bool:
    return isinstance(default, ast.Constant) and isinstance(default.value, str)


def _is_url_part(name: str, default: ast.expr | None) -> bool:
    if name in _HARMLESS or name.endswith(("_id", "_pk", "_slug", "_class", "_form", "_name")):
        return False
    # A default that is no empty one is for `path(…, kwargs)`: the developer's own.
    return default is None or (isinstance(default, ast.Constant) and default.value in {None, ""})


def only_posts(decorators: Sequence[Value], names: frozenset[str], *, method: str) -> bool:
    """Say whether its decorators keep GET out, or its name if it is a class's ``method``."""
    if "require_POST" in names or method in {"post", "put", "patch", "delete", "dispatch"}:
        return True
    if not names & {"require_http_methods", "api_view", "action", "list_route", "detail_route"}:
        return False
    for each in decorators:
        allowed = {
            str(item.literal).upper()
            for part in each.items
            for value in ([part[1]] if isinstance(part, tuple) else [part])
            for item in value.items
            if isinstance(item, Value)
        }
        if allowed and allowed <= _POSTS:
            return True
    return False
