"""A page with django-debug-toolbar on it."""

from __future__ import annotations

from pathlib import Path

from tests.sites.projects.common import middleware, templates

DEBUG = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "debug_toolbar",
]
MIDDLEWARE = middleware(early=["debug_toolbar.middleware.DebugToolbarMiddleware"])
TEMPLATES = templates(dirs=[Path(__file__).parent / "templates"])
ROOT_URLCONF = "tests.sites.projects.toolbar.urls"
INTERNAL_IPS = ["127.0.0.1"]
LOGGING_CONFIG = None
DEBUG_TOOLBAR_CONFIG = {
    "SHOW_TOOLBAR_CALLBACK": "tests.sites.projects.toolbar.urls.always",
    "IS_RUNNING_TESTS": False,
    # Stack traces hold the paths of this machine's files, and the backend's in place of stock's.
    "ENABLE_STACKTRACES": False,
    "DISABLE_PANELS": set(),
}
