"""Templates of this folder's tests: in memory, rendered by ringfence's engine."""

from __future__ import annotations

import copy

from ringfence.template import DjangoTemplates


def make_engine(templates=None, **options):
    """Return a backend of ringfence's whose templates are ``templates``, name to source."""
    options.setdefault(
        "builtins",
        ["django.templatetags.i18n", "django.templatetags.cache", "django.templatetags.static"],
    )
    options.setdefault("loaders", [("django.template.loaders.locmem.Loader", templates or {})])
    return DjangoTemplates(
        {
            "NAME": "ringfence",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": copy.deepcopy(options),
        }
    )


def render(source, templates=None, request=None, /, **context):
    """Render the source of a template, as HTML."""
    return make_engine(templates).from_string(source).render(context, request)
