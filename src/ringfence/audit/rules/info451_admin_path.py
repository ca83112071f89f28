"""INFO451: the admin is at the address that everybody tries first."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._settings import apps, texts
from ringfence.audit.rules._urls import address, deployed_routes
from ringfence.finding import Confidence

_GUESSED = frozenset({"admin", "administrator", "django-admin", "backend", "manage", "cms/admin"})
#: With these a guessed password is not enough, or cannot be guessed.
_SECOND = (
    "otp",
    "two_factor",
    "axes",
    "defender",
    "mfa",
    "honeypot",
    "u2f",
    "webauthn",
    "passkeys",
)


def check(project: Project) -> Iterator[Hit]:
    """Find the admin's URLs under a well-known path of a site."""
    installed = [app.lower() for site in project.deployed() for app in texts(apps(site).value)]
    if any(word in app for app in installed for word in _SECOND):
        return
    said = set()
    for route in deployed_routes(project):
        is_admin = route.kind == "include" and route.view.endswith("admin.site.urls")
        if not is_admin or not route.rooted:
            continue
        if route.pattern.strip("^$/?").lower() in _GUESSED and route.place not in said:
            said.add(route.place)
            yield Hit(
                route.place,
                f"Programs that try passwords look at {address(route)} on every site there is.",
                "A second factor for staff (django-otp), a limit on tries (django-axes), or access "
                "from known networks only; another path keeps the log clean at least.",
                Confidence.LOW,
            )


RULE = Rule("INFO451", "url", check)
