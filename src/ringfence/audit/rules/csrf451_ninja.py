"""CSRF451: django-ninja authenticates by a cookie and leaves the CSRF check out."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import ending, files
from ringfence.finding import Confidence

_COOKIES = ("SessionAuth", "SessionAuthIsStaff", "SessionAuthSuperUser", "APIKeyCookie")
_REASON = "The session cookie says who asks, and nothing says which site had the browser send it."
_FIX = "Take csrf=False away: a page of the site sends the token in X-CSRFToken."


def check(project: Project) -> Iterator[Hit]:
    """Find ``csrf=False`` on what reads a cookie, and on an API whose ``auth`` does."""
    for call in ending(project, *_COOKIES):
        csrf = call.kwargs.get("csrf")
        if csrf is not None and csrf.literal is False:
            yield Hit(call.place, _REASON, _FIX, Confidence.HIGH)
    for facts in files(project):
        for entry in facts.urls:
            auth = entry.options.get("auth", "")
            by_cookie = "django_auth" in auth or any(name in auth for name in _COOKIES)
            if entry.kind == "ninja" and entry.options.get("csrf") == "False" and by_cookie:
                # From version 1.0 on the cookie's class checks, whatever the API says.
                yield Hit(entry.place, _REASON, _FIX, Confidence.MEDIUM)


RULE = Rule("CSRF451", "url", check)
