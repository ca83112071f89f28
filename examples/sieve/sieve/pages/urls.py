"""Where the small pages are."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path

from sieve.pages import views
from sieve.pages.views import news, opened_by_others, script

app_name = "pages"

#: Pages whose script does the work, and those among them that pages of others may open.
SCRIPTS = (
    *("tabs", "leaves", "greet", "welcome", "sum", "total", "step", "pace", "back", "home"),
    *("panel", "dial", "window", "friends", "weather", "climate", "ask", "question"),
)
POPUPS = ("widget", "call", "popup", "partners")
NEWS = ("notices", "board", "paper", "sheet", "ticker", "tape")


def _template(name: str) -> str:
    return f"pages/{name}_page.html" if name in ("ticker", "tape") else f"pages/{name}.html"


urlpatterns = [
    path("", views.index, name="index"),
    path("help/<str:topic>/", views.about_topic, name="help"),
    path("guide/<str:topic>/", views.guide, name="guide"),
    path("came-from/", views.came_from, name="came-from"),
    path("arrived/", views.arrived, name="arrived"),
    path("connect/", views.connect, name="connect"),
    path("attach/", views.attach, name="attach"),
    path("remote/", opened_by_others(login_required(script("pages/remote.html"))), name="remote"),
    path("control/", login_required(script("pages/control.html")), name="control"),
    *(path(f"{name}/", script(_template(name)), name=name) for name in SCRIPTS),
    *(path(f"{name}/", opened_by_others(script(_template(name))), name=name) for name in POPUPS),
    *(path(f"{name}/", news(_template(name)), name=name) for name in NEWS),
]
