"""Each rule about URLs on small sites: what it finds, what it leaves alone."""

from __future__ import annotations

import pytest

from ringfence.audit.model import Hit
from ringfence.audit.rules import all_rules
from ringfence.audit.run import Options, collect

SETTINGS = """
DEBUG = False
SECRET_KEY = env("KEY")
ROOT_URLCONF = "site.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.admin", "shop"]
MIDDLEWARE = []
"""
URLS = """
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve
from shop import views
"""
VIEWS = """
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from .models import Order


@login_required
def one(request):
    return render(request, "one.html")


@login_required
def two(request):
    return render(request, "two.html")


@login_required
def three(request):
    return render(request, "three.html")


"""
FOUR = (
    'urlpatterns = [path("1", views.one), path("2", views.two), path("3", views.three),'
    ' path("4/<int:pk>", views.archive)]'
)
ARCHIVE = """def archive(request, pk):
    order = get_object_or_404(Order, pk=pk)
    order.archived = True
    order.save()
    return redirect("one")
"""
ADMIN = """
from django.contrib import admin
from django.urls import path
class OrderAdmin(admin.ModelAdmin):
    def get_urls(self):
        return [path("import/", %s), *super().get_urls()]

    def take(self, request):
        %s
        return HttpResponse("")
"""
API = """
from rest_framework import viewsets
from rest_framework.permissions import AllowAny, IsAuthenticated
from .models import Order
class Orders(viewsets.%s):
    queryset = Order.objects.all()
    %s
"""
ROUTER = """
from rest_framework.routers import DefaultRouter
from shop.api import Orders
router = DefaultRouter()
router.register("orders", Orders)
urlpatterns = router.urls
"""
NINJA = """
from ninja import NinjaAPI
from ninja.security import APIKeyCookie, SessionAuth, django_auth
api = NinjaAPI(%s)
@api.%s("/orders/{pk}"%s)
def orders(request, pk: int):
    Order.objects.get(pk=pk).%s
"""
NINJA_URLS = 'from shop.api import api\nurlpatterns = [path("api", api.urls)]'
TAKES = "Order.objects.create(name=request.body)"

ROWS = [
    ("AUTH451", "MEDIUM", "writes beside three that ask", FOUR, {"views": VIEWS + ARCHIVE}),
    (
        "AUTH451",
        "MEDIUM",
        "reads beside three that ask",
        FOUR,
        {"views": VIEWS + ARCHIVE.replace("order.archived = True\n    order.save()", "pass")},
    ),
    ("AUTH451", "-", "asks, too", FOUR, {"views": VIEWS + "@login_required\n" + ARCHIVE}),
    (
        "AUTH451",
        "-",
        "asks in its body",
        FOUR,
        {"views": VIEWS + ARCHIVE.replace("pk=pk)", "pk=pk, owner=request.user)")},
    ),
    (
        "AUTH451",
        "-",
        "hands the request to what may ask",
        FOUR,
        {"views": VIEWS + ARCHIVE.replace("order.save()", "order.save()\n    note(request)")},
    ),
    (
        "AUTH451",
        "-",
        "asked in the URL file",
        FOUR.replace("views.archive", "login_required(views.archive)"),
        {"views": VIEWS + ARCHIVE},
    ),
    (
        "AUTH451",
        "-",
        "two neighbours only",
        FOUR.replace('path("3", views.three),', ""),
        {"views": VIEWS.replace("@login_required\ndef three", "def three") + ARCHIVE},
    ),
    (
        "AUTH451",
        "-",
        "meant for strangers",
        FOUR.replace("archive", "signup"),
        {"views": VIEWS + ARCHIVE.replace("def archive", "def signup")},
    ),
    (
        "AUTH451",
        "-",
        "nothing of the database",
        FOUR,
        {"views": VIEWS + 'def archive(request, pk):\n    return render(request, "a.html")'},
    ),
    ("AUTH452", "HIGH", "writes", "", {"admin": ADMIN % ("self.take", TAKES)}),
    ("AUTH452", "MEDIUM", "reads", "", {"admin": ADMIN % ("self.take", "pass")}),
    (
        "AUTH452",
        "-",
        "wrapped",
        "",
        {"admin": ADMIN % ("self.admin_site.admin_view(self.take)", TAKES)},
    ),
    (
        "AUTH452",
        "-",
        "asks itself",
        "",
        {"admin": ADMIN % ("self.take", "self.has_change_permission(request)")},
    ),
    (
        "CSRF451",
        "HIGH",
        "a session",
        NINJA_URLS,
        {"api": NINJA % ("auth=SessionAuth(csrf=False)", "get", "", "name")},
    ),
    (
        "CSRF451",
        "MEDIUM",
        "the API",
        NINJA_URLS,
        {"api": NINJA % ("auth=django_auth, csrf=False", "get", "", "name")},
    ),
    (
        "CSRF451",
        "-",
        "with the check",
        NINJA_URLS,
        {"api": NINJA % ("auth=SessionAuth()", "get", "", "name")},
    ),
    (
        "CSRF451",
        "-",
        "a header, which no other site sends",
        NINJA_URLS,
        {"api": NINJA % ("auth=Bearer(), csrf=False", "get", "", "name")},
    ),
    (
        "DRF451",
        "MEDIUM",
        "everybody",
        ROUTER,
        {"api": API % ("ModelViewSet", "permission_classes = [AllowAny]")},
    ),
    ("DRF451", "MEDIUM", "nothing is said", ROUTER, {"api": API % ("ModelViewSet", "")}),
    ("DRF451", "-", "reads only", ROUTER, {"api": API % ("ReadOnlyModelViewSet", "")}),
    (
        "DRF451",
        "-",
        "users",
        ROUTER,
        {"api": API % ("ModelViewSet", "permission_classes = [IsAuthenticated]")},
    ),
    (
        "DRF451",
        "-",
        "the settings say users",
        ROUTER,
        {
            "api": API % ("ModelViewSet", ""),
            "settings": SETTINGS + 'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": '
            '["rest_framework.permissions.IsAuthenticated"]}\n',
        },
    ),
    (
        "DRF451",
        "-",
        "permissions by method",
        ROUTER,
        {"api": API % ("ModelViewSet", "def get_permissions(self):\n        return []")},
    ),
    (
        "DRF451",
        "MEDIUM",
        "ninja without auth",
        NINJA_URLS,
        {"api": NINJA % ("", "delete", "", "delete()")},
    ),
    (
        "DRF451",
        "MEDIUM",
        "ninja with auth=None",
        NINJA_URLS,
        {"api": NINJA % ("auth=django_auth", "delete", ", auth=None", "delete()")},
    ),
    (
        "DRF451",
        "-",
        "ninja with auth",
        NINJA_URLS,
        {"api": NINJA % ("auth=django_auth", "delete", "", "delete()")},
    ),
    ("INFO451", "LOW", "at admin/", 'urlpatterns = [path("admin/", admin.site.urls)]', {}),
    (
        "INFO451",
        "LOW",
        "reached twice, and said once",
        'a = [path("admin/", admin.site.urls)]\nurlpatterns = a + [path("", include(a))]',
        {},
    ),
    (
        "INFO451",
        "none",
        "with a second factor",
        'urlpatterns = [path("admin/", admin.site.urls)]',
        {"settings": SETTINGS.replace('"shop"', '"shop", "django_otp"')},
    ),
    ("INFO451", "none", "elsewhere", 'urlpatterns = [path("x7/", admin.site.urls)]', {}),
    ("INFO452", "MEDIUM", "silk", 'urlpatterns = [path("silk/", include("silk.urls"))]', {}),
    (
        "INFO452",
        "none",
        "under DEBUG",
        'if settings.DEBUG:\n    urlpatterns = [path("s", include("silk.urls"))]',
        {},
    ),
    (
        "INFO452",
        "none",
        "the toolbar's own helper",
        "from debug_toolbar.toolbar import debug_toolbar_urls\nurlpatterns = debug_toolbar_urls()",
        {},
    ),
    (
        "INFO452",
        "none",
        "silk asks for a login",
        'urlpatterns = [path("silk/", include("silk.urls"))]',
        {"settings": SETTINGS + "SILKY_AUTHENTICATION = True\n"},
    ),
    (
        "UPL451",
        "MEDIUM",
        "uploads",
        'urlpatterns = [re_path("^media/(?P<path>.*)$", serve, {"document_root": "/srv/m"})]',
        {},
    ),
    (
        "UPL451",
        "-",
        "for users",
        'urlpatterns = [re_path("^media/(?P<path>.*)$", login_required(serve), {})]',
        {},
    ),
    (
        "UPL451",
        "none",
        "under DEBUG",
        'if settings.DEBUG:\n    urlpatterns = [re_path("^media/(?P<path>.*)$", serve)]',
        {},
    ),
    (
        "UPL451",
        "none",
        "the helper",
        "urlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)",
        {},
    ),
]


def hits(tree, code: str, urls: str, more: dict[str, str]) -> list[Hit]:
    """Return what the rule of ``code`` finds on a site."""
    (rule,) = [rule for rule in all_rules() if rule.code == code]
    settings = more.pop("settings", SETTINGS)
    files = {
        "site/__init__.py": "",
        "site/settings.py": settings,
        "site/urls.py": URLS + urls,
        "shop/__init__.py": "",
        "shop/views.py": VIEWS,
        **{f"shop/{name}.py": text for name, text in more.items()},
    }
    return list(rule.check(collect(tree(files=files), Options(cache=False, jobs=1))))


@pytest.mark.parametrize(
    ("code", "expected", "urls", "more"),
    [(code, expected, urls, more) for code, expected, _, urls, more in ROWS],
    ids=[f"{row[0]}-{row[2]}" for row in ROWS],
)
def test_rule(tree, code, expected, urls, more):
    found = [hit.confidence.name for hit in hits(tree, code, urls, dict(more))]
    if expected == "-":
        assert [name for name in found if name != "LOW"] == []
    else:
        assert found == ([] if expected == "none" else [expected])


def test_every_rule_has_a_row_that_fires_and_one_that_does_not():
    codes = {rule.code for rule in all_rules() if rule.source == "url"}
    assert codes == {"AUTH451", "AUTH452", "CSRF451", "DRF451", "INFO451", "INFO452", "UPL451"}
    silent = {"-", "none"}
    assert codes == {code for code, expected, *_ in ROWS if expected not in silent}
    assert codes == {code for code, expected, *_ in ROWS if expected in silent}
