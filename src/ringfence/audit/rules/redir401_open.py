"""Redirects whose target the request chooses."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, Source, Value
from ringfence.audit.rules._python import argument, ending, files, head, origin
from ringfence.finding import Confidence

_FIX = (
    "if not url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, "
    "require_https=request.is_secure()): url = '/'"
)
#: Methods of class-based views that say where to go.
_TARGETS = frozenset({"get_redirect_url", "get_success_url", "get_login_redirect_url"})
_NAMES = ("redirect", "HttpResponseRedirect", "HttpResponsePermanentRedirect", "RedirectResponse")


def check(project: Project) -> Iterator[Hit]:
    """Find redirects to what came with the request and was not compared with the site's hosts."""
    for call in ending(project, *_NAMES):
        hit = _hit(argument(call, 0, "to", "redirect_to", "url"))
        if hit is not None:
            yield Hit(call.place, *hit)
    for facts in files(project):
        for function in facts.functions:
            if function.class_name and function.name.rpartition(".")[2] in _TARGETS:
                hit = _hit(function.returns)
                if hit is not None:
                    yield Hit(head(function.place), *hit)
        for given in facts.assignments:
            if given.target.lower().endswith("[location]"):
                hit = _hit(given.value)
                if hit is not None:
                    yield Hit(given.place, *hit)


def _hit(value: Value) -> tuple[str, str, Confidence] | None:
    if "url" in value.safe_for or not value.sources & {Source.REQUEST, Source.URL, Source.FORM}:
        return None
    # What a form or a URL's pattern lets through may have been looked at there.
    confidence = Confidence.HIGH if Source.REQUEST in value.sources else Confidence.LOW
    return (
        f"The address comes from {origin(value)}, so a link to this site can lead to any other.",
        _FIX,
        confidence,
    )


RULE = Rule("REDIR401", "python", check)
