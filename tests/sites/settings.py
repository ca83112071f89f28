"""The settings of the site and the mode that the environment names.

What a mode changes is what a site's developer would change: one line of ``TEMPLATES``, one
middleware in the place of three, one setting. No template is edited.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

__all__ = ["BACKEND"]

FOLDER = Path(os.environ["SITES_FOLDER"])
MODE = os.environ["SITES_MODE"]

globals().update(
    (name, value)
    for name, value in vars(
        importlib.import_module(f"tests.sites.projects.{os.environ['SITES_SITE']}.settings")
    ).items()
    if name.isupper()
)

SECRET_KEY = "tests-only-" + "0123456789abcdef" * 4
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "site.sqlite3",
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
    }
}
MEDIA_ROOT = FOLDER / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
USE_TZ = True

STOCK = "django.template.backends.django.DjangoTemplates"
BACKEND = os.environ.get("SITES_BACKEND", "ringfence.template.DjangoTemplates")

if MODE != "stock":
    INSTALLED_APPS = [*INSTALLED_APPS, "ringfence"]  # noqa: F821 - the project's
    TEMPLATES = [
        {**engine, "BACKEND": BACKEND} if engine["BACKEND"] == STOCK else engine
        for engine in TEMPLATES  # noqa: F821 - the project's
    ]

if MODE == "fenced":
    REPLACED = {
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    }
    MIDDLEWARE = [
        "ringfence.middleware.RingfenceMiddleware",
        *(name for name in MIDDLEWARE if name not in REPLACED),  # noqa: F821 - the project's
    ]
    # The preset, and the request that the browser quotes what it blocks.
    STRICT = ["<CSP_NONCE_SENTINEL>", "'strict-dynamic'", "'report-sample'"]
    CSP = {"preset": "strict", "script-src": STRICT}
    if os.environ.get("SITES_STYLES"):
        CSP["style-src"] = ["'self'", "<CSP_NONCE_SENTINEL>", "'report-sample'"]
    RINGFENCE = {"csp": CSP, "transport": False}
