"""The admin's change list of 100 rows, by its real ``ModelAdmin`` and a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

STOCK, OURS = "stock", "ringfence"
APPS = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
)


def settings() -> dict[str, Any]:
    """Return the settings with one template backend of each kind."""
    options = {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    }
    backends = {
        STOCK: "django.template.backends.django.DjangoTemplates",
        OURS: "ringfence.template.DjangoTemplates",
    }
    return {
        "INSTALLED_APPS": [*APPS, "ringfence"],
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        "ROOT_URLCONF": __name__,
        "SECRET_KEY": "benchmark-" * 5,
        "STATIC_URL": "/static/",
        "USE_TZ": True,
        "ALLOWED_HOSTS": ["testserver"],
        "FORM_RENDERER": "templates.Renderer",
        "TEMPLATES": [
            {"BACKEND": path, "NAME": name, "APP_DIRS": True, "OPTIONS": options}
            for name, path in backends.items()
        ],
    }


def prepare() -> Callable[[str], str]:
    """Return a function that answers a request for the list with the backend of that name."""
    from django.apps import apps
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import RequestFactory

    assert apps.ready
    call_command("migrate", verbosity=0)
    User.objects.bulk_create(
        User(username=f"user{number}", email=f"u{number}@example.com", first_name="R & D")
        for number in range(100)
    )
    root = User.objects.create_superuser("root", "root@example.com", "root")
    model_admin = admin.site.get_model_admin(User)
    factory = RequestFactory()

    def answer(name: str) -> str:
        request: Any = factory.get("/admin/auth/user/")
        request.user = root
        request._messages = []  # noqa: SLF001 - as the messages middleware does
        response: Any = model_admin.changelist_view(request)
        response.using = name
        return str(response.render().content.decode())

    return answer


def __getattr__(name: str) -> Any:
    # The URLs need the registry of models, which needs the settings above.
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.contrib import admin
    from django.urls import path

    return [path("admin/", admin.site.urls)]
