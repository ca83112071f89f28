"""Which methods and headers a policy allows, what it exposes, and for how long that is kept."""

from __future__ import annotations

from ringfence.rings.cors.decide import DEFAULT_HEADERS, DEFAULT_MAX_AGE, DEFAULT_METHODS
from ringfence.rings.cors.fetch import (
    FORBIDDEN_METHODS,
    FORBIDDEN_RESPONSE_HEADERS,
    NORMALIZED_METHODS,
    is_forbidden_request_header,
    is_token,
)
from ringfence.rings.cors.options import (
    ANY_HEADER,
    MAX_AGE_LIMIT,
    Scope,
    read_strings,
    wrong_type,
)

__all__ = ["read_expose", "read_headers", "read_max_age", "read_methods"]


def read_methods(scope: Scope) -> frozenset[str]:
    """Read ``methods``, in the case that browsers ask for them."""
    if "methods" not in scope.config:
        return DEFAULT_METHODS
    methods: set[str] = set()
    for method in read_strings(scope.config["methods"], "methods", scope.report):
        if method == "*" or not is_token(method):
            scope.report(
                "CORS114",
                "methods",
                method,
                "methods are listed one by one." if method == "*" else "it is no method.",
                "Write methods as ['GET', 'PATCH'].",
            )
        elif method.upper() in FORBIDDEN_METHODS:
            scope.report(
                "CORS113",
                "methods",
                method,
                "no script can send it (Fetch standard, forbidden methods).",
                "Remove it.",
            )
        elif method.upper() in NORMALIZED_METHODS:
            if method != method.upper():
                scope.report(
                    "CORS201",
                    "methods",
                    method,
                    "browsers ask for it in upper case; read as that.",
                    f"Write {method.upper()!r}.",
                )
            methods.add(method.upper())
        else:
            if method != method.upper():
                scope.report(
                    "CORS201",
                    "methods",
                    method,
                    f"methods are compared by case: it is not {method.upper()!r}, which browsers "
                    "leave as a script wrote it.",
                    f"Write {method.upper()!r}, in the script too.",
                )
            methods.add(method)
    return frozenset(methods)


def read_headers(scope: Scope) -> tuple[frozenset[str], bool]:
    """Read ``headers``, in lower case, and whether every header is allowed."""
    if "headers" not in scope.config:
        return DEFAULT_HEADERS, False
    value = scope.config["headers"]
    any_header = False
    headers: set[str] = set()
    for name in (
        ["*"]
        if isinstance(value, str) and value == "*"
        else read_strings(value, "headers", scope.report)
    ):
        lower = name.lower()
        if name == "*":
            if scope.credentials and ANY_HEADER not in scope.dangers:
                scope.report(
                    "CORS118",
                    "headers",
                    name,
                    "with credentials, '*' names a header called '*' and nothing else.",
                    f"List the headers; {ANY_HEADER!r}: True if every header is meant.",
                )
            else:
                any_header = True
        elif not is_token(name):
            scope.report("CORS116", "headers", name, "it is no header name.", "Write ['X-Token'].")
        elif is_forbidden_request_header(lower):
            scope.report(
                "CORS115",
                "headers",
                name,
                "no script can set it (Fetch standard, forbidden request-headers).",
                "Remove it.",
            )
        else:
            headers.add(lower)
    return frozenset(headers), any_header


def read_expose(scope: Scope) -> str:
    """Read ``expose_headers``, as the value of Access-Control-Expose-Headers."""
    value = scope.config.get("expose_headers", ())
    names: dict[str, str] = {}
    for name in (
        ["*"]
        if isinstance(value, str) and value == "*"
        else read_strings(value, "expose_headers", scope.report)
    ):
        if not is_token(name):
            scope.report(
                "CORS116", "expose_headers", name, "it is no header name.", "Write ['X-Total']."
            )
        elif name.lower() in FORBIDDEN_RESPONSE_HEADERS:
            scope.report(
                "CORS117",
                "expose_headers",
                name,
                "no script can read it (Fetch standard, forbidden response-header names).",
                "Remove it.",
            )
        elif name == "*" and scope.credentials:
            scope.report(
                "CORS118",
                "expose_headers",
                name,
                "with credentials, '*' names a header called '*' and nothing else.",
                "List the headers.",
            )
        else:
            names.setdefault(name.lower(), name)
    return ", ".join(names.values())


def read_max_age(scope: Scope) -> str | None:
    """Read ``max_age``, as the value of Access-Control-Max-Age, in seconds."""
    value = scope.config.get("max_age", DEFAULT_MAX_AGE)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        wrong_type(scope.report, "max_age", value, f"seconds, as {DEFAULT_MAX_AGE}, or None")
    elif not 0 <= value <= MAX_AGE_LIMIT:
        scope.report(
            "CORS119",
            "max_age",
            value,
            f"it is not between 0 and {MAX_AGE_LIMIT} seconds; no browser keeps it for longer.",
            f"Write {0 if value < 0 else MAX_AGE_LIMIT}.",
        )
    else:
        return str(value)
    return str(DEFAULT_MAX_AGE)
