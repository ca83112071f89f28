"""Django REST framework's browsable API over a small catalogue."""

from __future__ import annotations

from tests.sites.projects.common import middleware, templates

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "tests.sites.projects.drf.shop",
]
MIDDLEWARE = middleware()
TEMPLATES = templates()
ROOT_URLCONF = "tests.sites.projects.drf.urls"
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 3,
    "DEFAULT_FILTER_BACKENDS": [
        "rest_framework.filters.SearchFilter",
        "rest_framework.filters.OrderingFilter",
    ],
}
