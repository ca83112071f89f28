"""Django's admin over a small library, with admindocs beside it."""

from __future__ import annotations

from tests.sites.projects.common import middleware, templates

INSTALLED_APPS = [
    "django.contrib.admindocs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "tests.sites.projects.admin.library",
]
MIDDLEWARE = middleware(locale=True)
TEMPLATES = templates()
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ROOT_URLCONF = "tests.sites.projects.admin.urls"
SITE_ID = 1
LANGUAGE_CODE = "en-us"
USE_I18N = True
TIME_ZONE = "Europe/Vienna"
