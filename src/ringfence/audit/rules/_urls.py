"""What rules about URLs share: the routes that count, and how a view's address is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ringfence.audit.model import Project, Route

__all__ = ["UNSAFE", "address", "deployed_routes", "exempted", "is_public", "of_view"]

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Folders whose URLs no visitor comes to.
_NOT_DEPLOYED: Final = re.compile(
    r"(?:^|/)(?:tests?|testing|test_\w{1,40}|testapp|examples?|demo|docs|sandbox|bakerydemo)(?:/|$)"
)
#: What visitors without an account are meant to come to.
_PUBLIC: Final = re.compile(
    r"(?i)log_?(?:in|out)|sign_?(?:in|up|out)|regist|passw|reset|confirm|activat|verif|callback|hook"
    r"|health|ping|status|robots|sitemap|terms|privacy|legal|imprint|about|home|index|landing"
    r"|public|feed|rss|unsubscribe|subscribe|newsletter|static|manifest|error|invit|token|share"
    r"|contact|captcha|jsi18n|i18n|lang|oauth|sso|saml|csp|report|help|faq|preview|embed|oembed"
    r"|autocomplete|version|schema|docs|track|notify|notification|redirect|logged|anonymous|guest"
)


@dataclass(slots=True)
class _Known:
    """The routes of one project, by the view's full name."""

    project: Project
    by_view: dict[str, list[Route]] = field(default_factory=dict)


#: The last project that was asked about: rules ask about one project.
_last: _Known | None = None


def deployed_routes(project: Project) -> Iterator[Route]:
    """Yield the routes that visitors come to: no tests' and none that need ``DEBUG``."""
    for route in project.urls:
        if not route.debug and _NOT_DEPLOYED.search(route.place.path) is None:
            yield route


def of_view(project: Project, name: str) -> list[Route]:
    """Return the routes of a view, by its full name."""
    global _last  # noqa: PLW0603 -- one project is audited at a time, and asked about often
    if _last is None or _last.project is not project:
        _last = _Known(project)
        for route in project.urls:
            if route.view:
                _last.by_view.setdefault(route.view, []).append(route)
    return _last.by_view.get(name, [])


def exempted(project: Project, name: str) -> list[Route]:
    """Return the routes in whose URL file a view is exempt, by a name that a package passes on."""
    end = "." + name.rpartition(".")[2]
    return [each for each in project.urls if each.exempt == "urls" and each.view.endswith(end)]


def is_public(route: Route) -> bool:
    """Say whether, by its name or address, a view is meant for people without an account."""
    name = route.view.rpartition(".")[2]
    return _PUBLIC.search(name) is not None or _PUBLIC.search(route.pattern) is not None


def address(route: Route) -> str:
    """Return the URL as people say it.

    >>> from ringfence.audit.model import Place
    >>> address(Route("^shop/(?P<pk>[0-9]+)/$", "class", "", Place("urls.py", 1)))
    '/shop/(?P<pk>[0-9]+)/'
    """
    text = route.pattern.removeprefix("^").removesuffix("$").lstrip("/")
    if text == "?" or text.startswith("?/"):
        text = f"…{text[1:]}"  # the language, or what settings say
    return f"/{text[:80]}"
