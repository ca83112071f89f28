"""The market with every hole, those of its settings included."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import django

from sieve.guard import DEBUG, refuse_to_be_deployed

refuse_to_be_deployed()

BASE_DIR = Path(__file__).resolve().parent.parent

# An example runs on its author's machine only.
SECRET_KEY = "not-a-secret: this site is an example, and full of holes"  # noqa: S105
DEBUG = DEBUG  # noqa: PLW0127 - a setting is a name of this module

ALLOWED_HOSTS = ["*"]  # hole: setting-hosts
SESSION_COOKIE_HTTPONLY = False  # hole: setting-httponly
# The market is shown inside its partners' pages, so somebody wrote in a forum.
SESSION_COOKIE_SAMESITE = "None"  # hole: setting-samesite
SESSION_COOKIE_SECURE = True  # browsers refuse SameSite=None without it
SECURE_CONTENT_TYPE_NOSNIFF = False  # hole: setting-nosniff
SECURE_SSL_REDIRECT = False  # hole: setting-redirect
SECURE_HSTS_SECONDS = 0  # hole: setting-hsts

#: Whether DRF's and ninja's parts of the API are there.
HAS_DRF = importlib.util.find_spec("rest_framework") is not None
HAS_NINJA = importlib.util.find_spec("ninja") is not None
HAS_JINJA = importlib.util.find_spec("jinja2") is not None

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    *(["rest_framework"] if HAS_DRF else []),
    "ringfence",
    "sieve.accounts",
    "sieve.api",
    "sieve.letters",
    "sieve.listings",
    "sieve.newsletter",
    "sieve.pages",
    "sieve.policies",
    "sieve.uploads",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sieve.middleware.legacy_clients",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sieve.middleware.private_pages",
]

ROOT_URLCONF = "sieve.urls"
ASGI_APPLICATION = "sieve.asgi.application"
WSGI_APPLICATION = "sieve.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "sieve" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
if HAS_JINJA:
    TEMPLATES += [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [BASE_DIR / "sieve" / "jinja2"],
        }
    ]

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "sieve.sqlite3"}
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Nothing is ever sent: an example has nobody to write to. Django 6.1 has the newer setting.
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "market@victim.localhost"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
STATIC_URL = "/static/"
USE_TZ = True

#: Where the market is: what its careful parts say instead of believing a Host header.
MARKET_HOST = "victim.localhost"
#: Who may read the API from a page of his own.
MARKET_PARTNERS = ["https://partner.test"]
