"""URL configurations: which view stands behind which URL, and what is known of it."""

from __future__ import annotations

import pytest

from ringfence.audit import codec
from ringfence.audit.collect.python import link, read_python
from ringfence.audit.collect.settings import read as read_settings
from ringfence.audit.collect.urls import resolve
from ringfence.audit.model import PythonFacts

SETTINGS = """
DEBUG = False
SECRET_KEY = env("KEY")
ROOT_URLCONF = "site.urls"
INSTALLED_APPS = ["shop", "rest_framework"]
MIDDLEWARE = []
"""
VIEWS = """
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import render, get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_http_methods
from django.views.generic import CreateView, ListView
from .models import Order


def index(request):
    return render(request, "index.html", {"orders": Order.objects.all()})


@login_required
def own(request):
    return render(request, "own.html")


@require_POST
@permission_required("shop.delete_order")
def remove(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect("index")


def mine(request):
    return render(request, "mine.html", {"orders": Order.objects.filter(user=request.user)})


@csrf_exempt
@require_http_methods(["POST", "PUT"])
def hook(request):
    hmac.compare_digest(request.headers["X-Signature"], sign(request.body))
    Order.objects.create(name=request.body)
    return HttpResponse("ok")


class Orders(LoginRequiredMixin, ListView):
    model = Order


class Base(View):
    @method_decorator(login_required)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


class Child(Base):
    def get(self, request):
        return HttpResponse("")

    def post(self, request):
        Order.objects.create(name="x")
        return HttpResponse("")


@method_decorator(csrf_exempt, name="dispatch")
class Make(CreateView):
    model = Order
    http_method_names = ["post"]


class Hidden(Mystery):
    def get(self, request):
        return HttpResponse("")
"""


def routes_of(files: dict[str, str], tmp_path) -> dict[str, object]:
    """Return the routes of a tree of these files, by pattern."""
    facts = {}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        found = read_python(text, path)
        assert isinstance(found, PythonFacts), found
        # What is kept between runs is what was read.
        assert codec.loads(PythonFacts, codec.dumps(found)) == found
        facts[path] = found
    settings, _ = read_settings(tmp_path, facts, None)
    return {route.pattern: route for route in resolve(link(facts), settings)}


@pytest.fixture
def routes(tmp_path):
    """Return what resolves the URL file of a site with the views above."""

    def make(urls: str, /, **more: str):
        files = {
            "site/__init__.py": "",
            "site/settings.py": more.pop("settings", SETTINGS),
            "site/urls.py": "from django.urls import include, path, re_path\n"
            "from shop import views\nfrom shop.views import *\n" + urls,
            "shop/__init__.py": "",
            "shop/views.py": VIEWS,
        }
        files |= {f"shop/{name}.py": text for name, text in more.items()}
        return routes_of(files, tmp_path)

    return make


LOGINS = [
    ("a function that asks nobody", "views.index", "open"),
    ("a decorated function", "views.own", "required"),
    ("decorated twice", "views.remove", "required"),
    ("its body looks at the user", "views.mine", "unknown"),
    ("a mixin", "views.Orders.as_view()", "required"),
    ("dispatch of the base class", "views.Child.as_view()", "required"),
    ("decorated in the URL file", "login_required(views.index)", "required"),
    ("decorated with an argument", "user_passes_test(lambda u: u.is_staff)(index)", "required"),
    ("a cache is no guard", "cache_page(60)(views.index)", "open"),
    ("nobody knows what it does", "tracked(views.index)", "unknown"),
    ("its base is not in the tree", "views.Hidden.as_view()", "unknown"),
    ("no such view", "views.missing", "unknown"),
    ("by import *", "index", "open"),
    ("by its name as text", '"shop.views.own"', "required"),
]


@pytest.mark.parametrize(
    ("view", "login"), [row[1:] for row in LOGINS], ids=[row[0] for row in LOGINS]
)
def test_who_may_use_a_view(routes, view, login):
    assert routes(f'urlpatterns = [path("x/", {view})]')["x/"].login == login


def test_where_a_view_stands(routes):
    route = routes('urlpatterns = [path("x/", views.own)]')["x/"]
    assert (route.view, route.kind, route.rooted) == ("shop.views.own", "function", True)
    assert (route.defined.path, route.place.path, route.place.line) == (
        "shop/views.py",
        "site/urls.py",
        4,
    )


METHODS = [
    ("views.remove", {"POST"}),
    ("views.hook", {"POST", "PUT"}),
    ("views.index", set()),
    ("views.Child.as_view()", {"GET", "POST"}),
    ("views.Make.as_view()", {"POST"}),
    ("require_POST(views.index)", {"POST"}),
]


@pytest.mark.parametrize(("view", "methods"), METHODS, ids=[row[0] for row in METHODS])
def test_methods(routes, view, methods):
    assert routes(f'urlpatterns = [path("x/", {view})]')["x/"].methods == methods


EXEMPT = [
    ("views.hook", "decorator"),
    ("views.Make.as_view()", "class"),
    ("csrf_exempt(views.Child.as_view())", "urls"),
    ("views.Child.as_view()", ""),
]


@pytest.mark.parametrize(("view", "how"), EXEMPT, ids=[row[0] for row in EXEMPT])
def test_what_is_exempt_from_csrf(routes, view, how):
    assert routes(f'urlpatterns = [path("x/", {view})]')["x/"].exempt == how


def test_what_a_view_does(routes):
    found = routes(
        'urlpatterns = [path("a", views.hook), path("b", views.Make.as_view()),'
        ' path("c", views.index)]'
    )
    assert {"writes", "proof"} <= found["a"].does
    assert found["b"].does == {"writes", "queries"}
    assert found["c"].does == {"queries"}


LISTS = [
    ("include by name", 'urlpatterns = [path("a/", include("shop.urls"))]'),
    ("include of a pair", 'urlpatterns = [path("a/", include(("shop.urls", "shop")))]'),
    ("include of a module", 'import shop.urls\nurlpatterns = [path("a/", include(shop.urls))]'),
    ("include of a list", 'urlpatterns = [path("a/", include([path("own/", views.own)]))]'),
    ("another name", 'inner = [path("own/", own)]\nurlpatterns = [path("a/", include(inner))]'),
    ("+=", 'urlpatterns = []\nurlpatterns += [path("a/own/", views.own)]'),
    ("append", 'urlpatterns = []\nurlpatterns.append(path("a/own/", views.own))'),
    ("+", 'urlpatterns = [] + [path("a/own/", views.own)]'),
    ("starred", 'inner = [path("a/own/", own)]\nurlpatterns = [*inner]'),
    ("imported", 'from shop.urls import inner\nurlpatterns = [path("a/", include(inner))]'),
    ("in try", 'try:\n    urlpatterns = [path("a/own/", own)]\nexcept ImportError:\n    pass'),
    ("patterns", 'urlpatterns = patterns("shop.views", path("a/own/", "own"))'),
]  # fmt: skip


@pytest.mark.parametrize("urls", [row[1] for row in LISTS], ids=[row[0] for row in LISTS])
def test_lists_of_patterns(routes, urls):
    shop = (
        "from django.urls import path\nfrom . import views\n"
        'inner = [path("own/", views.own)]\nurlpatterns = inner\n'
    )
    route = routes(urls, urls=shop)["a/own/"]
    assert (route.view, route.login, route.rooted) == ("shop.views.own", "required", True)


def test_languages_come_first(routes):
    assert "?/own/" in routes('urlpatterns = i18n_patterns(path("own/", views.own))')


DEBUGS = [
    ("settings.DEBUG", True),
    ("DEBUG and TOOLBAR", True),
    ("not settings.DEBUG", False),
    ("settings.WITH_SHOP", False),
]


@pytest.mark.parametrize(("test", "debug"), DEBUGS, ids=[row[0] for row in DEBUGS])
def test_what_is_there_under_debug_only(routes, test, debug):
    urls = (
        f"urlpatterns = []\nif {test}:\n    import debug_toolbar\n"
        '    urlpatterns += [path("d/", include(debug_toolbar.urls))]\n'
    )
    route = routes(urls)["d/"]
    assert (route.kind, route.view, route.debug) == ("include", "debug_toolbar.urls", debug)


def test_the_admin_and_static_files(routes):
    found = routes(
        "from django.contrib import admin\n"
        'urlpatterns = [path("admin/", admin.site.urls)] + static(settings.MEDIA_URL)'
    )
    assert found["admin/"].view == "django.contrib.admin.site.urls"
    assert found[""].kind == "static"


def test_an_include_of_itself_ends(routes):
    found = routes('urlpatterns = [path("a/", include("site.urls")), path("b/", views.own)]')
    assert set(found) == {"b/"}


def test_what_no_root_reaches_is_there_too(routes):
    shop = 'from django.urls import path\nfrom . import views\nurlpatterns = [path("o", views.own)]'
    found = routes("urlpatterns = load_everything()", urls=shop)
    assert not found["o"].rooted


API = """
from rest_framework import viewsets, permissions
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from .models import Order


class Closed(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [IsAuthenticated]


class Open(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [permissions.AllowAny]


class Silent(viewsets.ReadOnlyModelViewSet):
    queryset = Order.objects.all()


@api_view(["POST"])
@permission_classes([AllowAny])
def make(request):
    Order.objects.create(**request.data)
    return Response({})


@api_view(["GET"])
def listed(request):
    return Response({})
"""
ROUTER = """
from rest_framework.routers import DefaultRouter
from shop import api
router = DefaultRouter()
router.register("closed", api.Closed)
router.register(r"open", api.Open, basename="open")
router.register("silent", api.Silent)
urlpatterns = [path("api/", include(router.urls)), path("make", api.make)]
urlpatterns += [path("listed", api.listed)]
"""
DEFAULT = 'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.%s"]}\n'


@pytest.mark.parametrize(
    ("default", "login"),
    [
        ("", "open"),
        (DEFAULT % "AllowAny", "open"),
        (DEFAULT % "IsAuthenticated", "required"),
        ("REST_FRAMEWORK = settings_of_api()\n", "unknown"),
    ],
    ids=["nothing said", "everybody", "users", "unknown"],
)
def test_api_views(routes, default, login):
    found = routes(ROUTER, api=API, settings=SETTINGS + default)
    assert {path: route.login for path, route in found.items()} == {
        "api/closed": "required",
        "api/open": "open",
        "api/silent": login,
        "make": "open",
        "listed": login,
    }
    assert {route.kind for route in found.values()} == {"api"}
    assert found["api/open"].methods == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert found["api/silent"].methods == {"GET"}
    assert found["make"].methods == {"POST"}


NINJA = """
from ninja import NinjaAPI, Router
from ninja.security import django_auth
from .models import Order
api = NinjaAPI(%s)
inner = Router(%s)
api.add_router("/inner", inner)


@api.post("/orders")
def make(request, name: str):
    Order.objects.create(name=name)


@api.get("/open", auth=None)
def listed(request):
    return []


@inner.delete("/all")
def empty(request):
    Order.objects.all().delete()
"""


@pytest.mark.parametrize(
    ("of_api", "of_router", "logins"),
    [
        ("", "", ["open", "open", "open"]),
        ("auth=django_auth", "", ["required", "open", "required"]),
        ("auth=[django_auth]", "auth=None", ["required", "open", "open"]),
        ("", "auth=Key()", ["open", "open", "required"]),
    ],
    ids=["nobody", "the API", "all but the router", "the router"],
)
def test_ninja(routes, of_api, of_router, logins):
    found = routes(
        'from shop.api import api\nurlpatterns = [path("v1", api.urls)]',
        api=NINJA % (of_api, of_router),
    )
    routed = [found[path] for path in ("v1/orders", "v1/open", "v1/inner/all")]
    assert [route.login for route in routed] == logins
    assert [set(route.methods) for route in routed] == [{"POST"}, {"GET"}, {"DELETE"}]
    assert "writes" in routed[0].does


def test_views_of_the_admins_own(routes):
    admin = """
from django.contrib import admin
from django.urls import path
class OrderAdmin(admin.ModelAdmin):
    def get_urls(self):
        urls = super().get_urls()
        return [path("a/", self.admin_site.admin_view(self.a)), path("b/", self.b)] + urls
    def a(self, request):
        return HttpResponse("")
    def b(self, request):
        return HttpResponse("")
"""
    found = routes("urlpatterns = []", admin=admin)
    assert [(found[name].kind, found[name].login) for name in ("a/", "b/")] == [
        ("admin", "required"),
        ("admin", "open"),
    ]


def test_a_middleware_that_asks_everybody(routes):
    middleware = 'MIDDLEWARE = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]\n'
    found = routes('urlpatterns = [path("x/", views.index)]', settings=SETTINGS + middleware)
    assert found["x/"].login == "required"


def test_nothing_of_it_is_run(routes, tmp_path):
    trap = tmp_path / "sprung"
    routes(f'open({str(trap)!r}, "w")\nurlpatterns = [path("x/", views.own)]')
    assert not trap.exists()


def test_deep_nesting_ends(routes):
    urls = "urlpatterns = " + "[*" * 60 + "[path('x', views.own)]" + "]" * 60
    assert routes(urls) == {}


def test_lists_that_include_all_others_end(routes):
    inner = "from django.urls import include, path\nurlpatterns = ["
    inner += "".join(f'path("{n}/", include("shop.u{n}")),' for n in range(14)) + "]"
    lists = {f"u{n}": inner for n in range(14)}
    assert routes('urlpatterns = [path("x/", include("shop.u0"))]', **lists) == {}


def test_modules_that_import_everything_of_one_another_end(routes):
    inner = "".join(f"from shop.m{n} import *\n" for n in range(14))
    inner += "redirect = 1"
    modules = {f"m{n}": inner for n in range(14)}
    found = routes('from shop.m0 import *\nurlpatterns = [path("x/", nowhere)]', **modules)
    assert found["x/"].kind == "unknown"


def test_a_base_of_the_trees_own_is_not_a_frameworks(routes):
    api = API.replace("viewsets, permissions", "permissions").replace(
        "from rest_framework.response", "from shop import viewsets\nfrom rest_framework.response"
    )
    found = routes(ROUTER, api=api, viewsets="ModelViewSet = ReadOnlyModelViewSet = made()\n")
    assert found["api/silent"].login == "unknown"


def test_permissions_of_a_projects_own_kind(routes):
    own = 'class Silent(viewsets.ReadOnlyModelViewSet):\n    object_permissions = {"GET": "see"}'
    api = API.replace("class Silent(viewsets.ReadOnlyModelViewSet):", own)
    assert routes(ROUTER, api=api)["api/silent"].login == "required"
