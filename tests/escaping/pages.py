"""One page behind the fence, whose template a test gives."""

from __future__ import annotations

import re

from django.conf import settings
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import path

BUILTINS = [
    "django.templatetags.i18n",
    "django.templatetags.cache",
    "django.templatetags.static",
    "tests.escaping.tags",
]


def page(request):
    return render(request, "page.html", settings.PAGE_CONTEXT)


urlpatterns = [path("", page)]


def site(source, context=None, *, ringfence=None, templates=None, **others):
    """Return settings for a site of one page."""
    return override_settings(
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["ringfence.middleware.RingfenceMiddleware"],
        RINGFENCE={"csp": "strict"} if ringfence is None else ringfence,
        PAGE_CONTEXT=context or {},
        TEMPLATES=[
            {
                "NAME": "django",
                "BACKEND": "ringfence.template.DjangoTemplates",
                "OPTIONS": {
                    "builtins": BUILTINS,
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"page.html": source, **(templates or {})},
                        )
                    ],
                },
            }
        ],
        **others,
    )


class Answer:
    """A response: its text, its policy by directive, its nonce."""

    def __init__(self, response):
        self.status = response.status_code
        self.text = response.content.decode()
        self.policy = {}
        for part in response.headers.get("Content-Security-Policy", "").split("; "):
            name, _, value = part.partition(" ")
            self.policy[name] = value
        found = re.search(r"'nonce-([^']*)'", self.policy.get("script-src", ""))
        self.nonce = found[1] if found else None

    @property
    def plain(self):
        """The text with NONCE for the nonce, which must be the header's."""
        return self.text if self.nonce is None else self.text.replace(self.nonce, "NONCE")


def get(source, context=None, **others):
    """Return the answer of a site of one page."""
    headers = others.pop("headers", None)
    with site(source, context, **others):
        return Answer(Client().get("/", headers=headers))
