"""``manage.py ringfence explain-cors URL ORIGIN [METHOD] [HEADERS]``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from ringfence.conf import current
from ringfence.rings.cors.decide import CorsPolicy, CorsSite, is_below
from ringfence.rings.cors.decorators import policy_of
from ringfence.rings.cors.explain import explain
from ringfence.signals import check_request_enabled
from ringfence.terminal import printable

__all__ = ["add_arguments", "find_policy", "handle"]


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("url", help="a path of this site, or a URL (its path counts)")
    parser.add_argument("origin", help="the origin that asks, as https://app.example.com")
    parser.add_argument("method", nargs="?", default="GET", help="default: GET")
    parser.add_argument(
        "headers", nargs="?", default=None, help="request headers, with commas between"
    )


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Print what would be answered and why; return 0, or 1 where nothing would be answered.

    Nothing from the arguments reaches the terminal unescaped.
    """
    path = path_of(options["url"])
    if path is None:
        stderr.write(f"No URL: {printable(options['url'])}\n")
        return 1
    refused = current().errors
    if refused:
        stderr.write("Nothing is answered: the configuration is refused.\n")
        stderr.write("".join(f"- {printable(str(error))}\n" for error in refused))
        return 1
    method = options["method"]
    source, policy, found = find_policy(path, method, current().cors)
    if not found:
        stdout.write(
            f"No view answers {printable(path)}: a preflight gets the same 404 as any other "
            "request. What follows is what a view there would be given.\n"
        )
    lines = explain(source, policy, options["origin"], method, options["headers"])
    if check_request_enabled.has_listeners():
        lines.append("")
        lines.append("Receivers of check_request_enabled may allow more; they are not asked here.")
    stdout.write("\n".join(lines) + "\n")
    return 0


def path_of(url: str) -> str | None:
    """Return the decoded path of a URL or a path; ``None`` for what has none.

    >>> path_of("https://example.com/a%20b?c#d"), path_of("/x"), path_of("//[")
    ('/a b', '/x', None)
    """
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    return path if path.startswith("/") else f"/{path}"


def find_policy(
    path: str, method: str, site: CorsSite | None
) -> tuple[str, CorsPolicy | None, bool]:
    """Return where a path's policy stands, the policy, and whether a view answers the path.

    In the order that counts: the view's decorator, its name, the longest prefix, the default.
    """
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    name = match.view_name if match is not None else None
    if match is not None:
        policy = policy_of(match.func, method)
        if policy is not None:
            return f"@cors on {name or match._func_path}", policy, True  # noqa: SLF001
    if site is None:
        return "none; RINGFENCE['cors'] and CORS_* are silent, or off", None, match is not None
    return _source(site, path, name), site.policy_for(path, name), match is not None


def _source(site: CorsSite, path: str, name: str | None) -> str:
    if name is not None and name in site.by_name:
        return f"RINGFENCE['cors']['views'][{name!r}]"
    for prefix, _ in site.by_path:
        if is_below(path, prefix):
            return f"RINGFENCE['cors']['paths'][{prefix!r}]"
    if site.urls_regex is not None and site.urls_regex.match(path) is None:
        return f"none; CORS_URLS_REGEX ({site.urls_regex.pattern!r}) leaves this path out"
    if "cors" in getattr(settings, "RINGFENCE", {}):
        return "the site's, RINGFENCE['cors']"
    return "the site's, from django-cors-headers' settings (CORS_*)"
