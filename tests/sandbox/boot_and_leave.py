"""Boot the example, use it, leave by the way named in the arguments, and print what is left."""

# ruff: noqa: E402 - what is imported below needs the apps
from __future__ import annotations

import json
import sys
import threading

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import connection

from ringfence.sandbox.boot import booted
from ringfence.sandbox.executable import find_browser
from ringfence.sandbox.site import site_states


class LeftError(Exception):
    """Leaves the block as an error of a run's would."""


NAMES = (
    "ALLOWED_HOSTS",
    "CACHES",
    "MIDDLEWARE",
    "MEDIA_ROOT",
    "STORAGES",
    "SESSION_COOKIE_SAMESITE",
)


def leave():
    if "error" in sys.argv:
        raise LeftError


def present():
    return {
        "settings": {name: repr(getattr(settings, name)) for name in NAMES},
        "database": str(connection.settings_dict["NAME"]),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "users": get_user_model().objects.count(),
    }


before = present()
inside = {}
try:
    with booted(find_browser()) as sandbox:
        off = site_states(put_in=False)[0]
        with sandbox.site.arrange(off):
            victim, browser = sandbox.visitors["user"], sandbox.browser
            entry, start = sandbox.site.admit(victim), sandbox.site.origin + "/"
            visit = browser.do(lambda tab: tab.visit(entry))
            page = browser.do(lambda tab: tab.visit(start))
            foreign = browser.do(lambda tab: tab.visit("http://example.com/"))
            send_mail("subject", "body", "a@example.com", ["b@example.com"])
            inside = {
                "welcome": visit.text,
                "shows_secret": victim.secret in page.text,
                "foreign": foreign.error or f"reached with {foreign.status}",
                **present(),
            }
        leave()
except LeftError:
    pass
json.dump({"before": before, "inside": inside, "after": present()}, sys.stdout)
