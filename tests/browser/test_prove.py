"""The proof, run as its user runs it: on the example's site, in a real browser."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import pytest

from ringfence.prove.attacks import ATTACKS as ALL
from ringfence.prove.stored import WAYS
from tests.browser.projects import Project

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("chromium")]

ATTACKS = {attack.name: attack for attack in ALL}
#: What no ring stops is not among what the fenced example is attacked by: it has no such holes.
CLAIMED = [name for name, attack in ATTACKS.items() if attack.stopped_by]
UNCLAIMED = [name for name in ATTACKS if name not in CLAIMED]
#: One of each kind, for runs that are about something else.
FEW = ("forgery", "framing", "read", "script", *(way for way in WAYS if way != "script"))
CLAIMS = [(name, ring) for name, attack in ATTACKS.items() for ring in attack.stopped_by]

HTTPS = 'RINGFENCE = {"csp": "strict", "transport": "https"}\n'

WITHOUT_DEFENCE = """
PROTECTIVE = ("Csrf", "XFrame", "Security")
MIDDLEWARE = [name for name in MIDDLEWARE if not any(word in name for word in PROTECTIVE)]
SESSION_COOKIE_SAMESITE = "None"
SESSION_COOKIE_SECURE = True
"""

BY_DEFAULT_OF_THE_BROWSER = WITHOUT_DEFENCE + "SESSION_COOKIE_SAMESITE = False\n"

CRASHES = """
MIDDLEWARE = [*MIDDLEWARE, "broken.Crashes"]
"""

BROKEN = """
from django.http import HttpResponse

class Crashes:
    # Falls over wherever the site's own defences stand, as a misconfigured one would.
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from django.conf import settings
        guarded = any("Csrf" in name for name in settings.MIDDLEWARE)
        if guarded and not request.path.startswith("/.ringfence/"):
            return HttpResponse("broken", status=500)
        return self.get_response(request)
"""


@pytest.fixture(scope="module")
def fenced(tmp_path_factory):
    # Not pytest's folder: its path is too long for the browser's socket.
    with tempfile.TemporaryDirectory(prefix="rf-", dir="/tmp") as temporary:
        project = Project(tmp_path_factory.mktemp("fenced"), Path(temporary), HTTPS)
        before = project.fingerprint()
        run = project.prove("--targets", "2")
        assert run.status != 2, run.err
        yield project, before, run


@pytest.fixture
def prove(tmp_path):
    """Prove the example with other settings, from pytest's own long-named folder."""

    def run(extra="", files=(), *arguments, attacks=FEW, **options):
        arguments = ("--attacks", ",".join(attacks), *arguments)
        (tmp_path / "tmp").mkdir()
        for name, text in files:
            (tmp_path / name).write_text(text)
        return Project(tmp_path, tmp_path / "tmp", extra, **options).prove(*arguments)

    return run


@pytest.mark.parametrize("attack", CLAIMED)
def test_every_attack_succeeds_with_every_ring_off(fenced, attack):
    for verdict in fenced[2].verdicts(attack):
        assert verdict["evidence"]["off"]["outcome"] == "succeeded", verdict


@pytest.mark.parametrize("attack", CLAIMED)
def test_the_reference_stops_every_attack(fenced, attack):
    for verdict in fenced[2].verdicts(attack):
        assert verdict["evidence"]["reference"]["outcome"] == "stopped", verdict


@pytest.mark.parametrize(("attack", "ring"), CLAIMS)
def test_a_rings_claim_holds_alone(fenced, attack, ring):
    for verdict in fenced[2].verdicts(attack):
        assert verdict["evidence"]["off"]["outcome"] == "succeeded", verdict
        assert verdict["evidence"][ring]["outcome"] == "stopped", verdict


@pytest.mark.parametrize("attack", CLAIMED)
def test_a_ring_stops_nothing_that_it_does_not_claim(fenced, attack):
    for verdict in fenced[2].verdicts(attack):
        assert set(verdict["stopped_by"]) == set(ATTACKS[attack].stopped_by), verdict


def test_behind_the_fence_everything_is_stopped(fenced):
    _, _, run = fenced
    assert run.status == 0, run.out
    assert {item["verdict"] for item in run.document["verdicts"]} == {"stopped"}
    assert "■" in run.out
    assert "\x1b" not in run.out


def test_the_users_database_is_unchanged_and_nothing_is_left(fenced):
    project, before, _ = fenced
    assert project.fingerprint() == before
    assert project.left_behind() == []


@pytest.mark.parametrize(
    ("number", "status"),
    [
        pytest.param(signal.SIGINT, 130, id="SIGINT"),
        pytest.param(signal.SIGTERM, 143, id="SIGTERM"),
    ],
)
def test_a_run_that_is_ended_leaves_nothing(fenced, number, status):
    project, before, _ = fenced
    # In the midst of the attacks, where what was measured is told.
    assert project.prove_until("attacking: on", number, "--attacks", "read") == status
    assert project.fingerprint() == before
    assert project.left_behind() == []


def test_no_browser_is_said_and_nothing_falls_back(fenced):
    run = fenced[0].prove(RINGFENCE_BROWSER="/nonexistent/chromium")
    assert run.status == 2
    assert "/nonexistent/chromium" in run.err
    assert run.out == ""


def test_stock_django_stops_all_but_stored_scripts(prove):
    run = prove(base="unfenced")
    assert run.status == 1, run.err
    outcomes = {name: {v["verdict"] for v in run.verdicts(name)} for name in FEW}
    assert outcomes == {
        "forgery": {"stopped"},
        "framing": {"stopped"},
        "read": {"stopped"},
        **{way: {"succeeded"} for way in WAYS},
    }


def test_a_site_without_a_defence_is_open(prove):
    run = prove(WITHOUT_DEFENCE, base="unfenced")
    assert run.status == 1, run.err
    for name in ("forgery", "framing", *WAYS):
        assert {v["verdict"] for v in run.verdicts(name)} == {"succeeded"}
        assert {v["depth"] for v in run.verdicts(name)} == {0}


def test_what_only_the_browser_stops_is_environment(prove):
    run = prove(BY_DEFAULT_OF_THE_BROWSER, base="unfenced")
    assert run.status == 1, run.err
    assert {v["verdict"] for v in run.verdicts("framing")} == {"environment"}
    # Nothing grants another origin to read, whatever the browser's default is.
    assert {v["verdict"] for v in run.verdicts("read")} == {"stopped"}
    for verdict in run.verdicts("framing"):
        assert verdict["depth"] == 0
        assert "transport" not in verdict["stopped_by"]


GUARDED = """
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.csrf import csrf_protect
from teller import urls, views

app_name = "teller"
urlpatterns = [
    path("", xframe_options_deny(csrf_protect(views.account)), name="account"),
    *[pattern for pattern in urls.urlpatterns if pattern.name != "account"],
]
"""

GUARDED_ROOT = """
from django.urls import include, path

urlpatterns = [path("", include("guarded"))]
"""


def test_what_a_views_own_decorators_do_is_off_with_the_ring(prove):
    files = [("guarded.py", GUARDED), ("guarded_root.py", GUARDED_ROOT)]
    run = prove('ROOT_URLCONF = "guarded_root"\n', files)
    assert run.status == 0, run.err
    for name in ("forgery", "framing"):
        for verdict in run.verdicts(name):
            assert set(verdict["stopped_by"]) == set(ATTACKS[name].stopped_by), verdict


def test_ringfence_can_be_put_in_for_the_run(prove):
    run = prove("", (), "--with-ringfence", base="unfenced")
    assert run.status == 0, run.err


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(
            'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"',
            id="signed cookies",
        ),
        pytest.param('SESSION_ENGINE = "django.contrib.sessions.backends.cache"', id="cache"),
        pytest.param('SESSION_ENGINE = "django.contrib.sessions.backends.file"', id="files"),
        pytest.param("CSRF_USE_SESSIONS = True", id="token in the session"),
        pytest.param('RINGFENCE = {"csp": "strict", "transport": "https"}', id="https said"),
    ],
)
def test_other_ways_to_keep_a_session_give_the_same_verdicts(prove, extra):
    run = prove(extra, (), "--targets", "1")
    assert run.status == 0, run.err
    for name in FEW:
        for verdict in run.verdicts(name):
            assert set(verdict["stopped_by"]) == set(ATTACKS[name].stopped_by), verdict


CARELESS = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import cache_page, never_cache
from teller import urls
from teller.forms import CommentForm
from teller.models import Comment

app_name = "teller"

@login_required
def like(request):
    Comment.objects.create(author=request.user.get_username(), text="likes")
    return redirect("teller:account")

def leave(request):
    return HttpResponseRedirect(request.GET.get("next", "/"))

@cache_page(60)
@login_required
def statement(request):
    return HttpResponse(f"<p>{request.user}")

@login_required
def wall(request):
    method = request.GET.get("_method", request.method)
    given = request.POST or request.GET
    form = CommentForm(given)
    if method == "POST" and form.is_valid():
        form.instance.author = request.user.get_username()
        form.save()
        return redirect("teller:account")
    return HttpResponse('<form method="post"><input name="text"><button>Write</button></form>')

urlpatterns = [
    path("like/", like, name="like"),
    path("leave/", leave, name="leave"),
    path("statement/", statement, name="statement"),
    path("careless/wall/", wall, name="careless-wall"),
    *urls.urlpatterns,
]
"""

#: What is done about each with no ring's help: the careful twin.
CAREFUL = (
    CARELESS.replace("@login_required\ndef like", "@require_POST\n@login_required\ndef like")
    .replace('request.GET.get("next", "/")', '"/"')
    .replace("@cache_page(60)", "@never_cache")
    .replace('request.GET.get("_method", request.method)', "request.method")
    .replace("request.POST or request.GET", "request.POST")
    .replace(
        "from django.urls import path",
        "from django.urls import path\nfrom django.views.decorators.http import require_POST",
    )
)


def test_what_no_ring_stops_is_found(prove):
    files = [("guarded.py", CARELESS), ("guarded_root.py", GUARDED_ROOT)]
    run = prove(f'{HTTPS}ROOT_URLCONF = "guarded_root"\n', files, attacks=UNCLAIMED)
    assert run.status == 1, run.err
    paths = {
        "caching": "/statement/",
        "forgery_override": "/careless/wall/",
        "get_change": "/like/",
        "redirect": "/leave/?next={}",
    }
    assert {name: [v["location"]["path"] for v in run.verdicts(name)] for name in paths} == {
        name: [path] for name, path in paths.items()
    }
    for name in paths:
        (verdict,) = run.verdicts(name)
        assert (verdict["verdict"], verdict["depth"]) == ("succeeded", 0)
        assert verdict["evidence"]["reference"]["outcome"] == "stopped"
        assert verdict["location"]["file"].endswith("guarded.py")


def test_nothing_is_found_where_the_sites_own_code_sees_to_it(prove):
    files = [("guarded.py", CAREFUL), ("guarded_root.py", GUARDED_ROOT)]
    run = prove(f'{HTTPS}ROOT_URLCONF = "guarded_root"\n', files, attacks=UNCLAIMED)
    assert run.document["verdicts"] == []


def test_a_crash_is_no_defence(prove):
    run = prove(CRASHES, [("broken.py", BROKEN)], base="unfenced", attacks=("read",))
    assert run.status == 3, run.out
    assert {v["verdict"] for v in run.verdicts("read")} == {"inconclusive"}
    assert {v["depth"] for v in run.verdicts("read")} == {None}
