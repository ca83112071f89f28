"""The example behind Django's usual middlewares and engine, as `startproject` puts them."""

from __future__ import annotations

from site_of_its_own.settings import *  # noqa: F403

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {**engine, "BACKEND": "django.template.backends.django.DjangoTemplates"}
    for engine in TEMPLATES  # noqa: F405
]
