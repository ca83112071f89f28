"""``ringfence audit --url`` and ``manage.py ringfence audit --live``, as they are typed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator

from ringfence import cli
from tests.audit.rules.live.sites import HTML, Answer, serving
from tests.browser.projects import Project

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e<script>alert(1)</script>"
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text("utf-8"))


@pytest.fixture
def ringfence(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        try:
            status = cli.main([str(each) for each in arguments])
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def hostile(request):
    """Write escape sequences into every header that a rule looks at, as a server can."""
    raw = HOSTILE.encode("utf-8")
    request.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: a/1" + raw + b"\r\n"
        b"Strict-Transport-Security: "
        + raw
        + b"\r\nSet-Cookie: "
        + raw
        + b"=x; Domain="
        + raw
        + b"\r\n"
        b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n"
        b"Content-Security-Policy: script-src * 'nonce-" + raw + b"'\r\n\r\n<title>" + raw
    )
    request.close_connection = True


@pytest.fixture(scope="module")
def site():
    with serving(lambda request: Answer(200, (HTML,), "<title>x</title>")) as running:
        yield f"http://127.0.0.1:{running.port}/"


@pytest.fixture(scope="module")
def hostile_site():
    with serving(hostile) as running:
        yield f"http://127.0.0.1:{running.port}/"


def test_a_site_alone(ringfence, site):
    status, out, err = ringfence("audit", "--url", site)
    assert status == 1, err
    assert "LIVE403" in out
    assert f"  {site}  in GET X-Frame-Options" in out
    assert "answers of sites" in out
    assert "0 files" not in out


def test_a_site_and_a_tree(ringfence, tree, site):
    root = tree(files={"a.py": "eval(input())\n"})
    status, out, _ = ringfence("audit", root, "--url", site, "--no-cache", "--jobs", "1")
    assert status == 1
    assert "LIVE403" in out
    assert "Read 1 files" in out


def test_nothing_that_answers_is_a_run_that_failed(ringfence):
    url = "http://no-such-host.invalid/"
    status, out, _ = ringfence("audit", "--url", url)
    assert status == 2
    assert f"{url}: it cannot be reached" in out
    assert "no page of a site could be read" in out


def test_one_of_two_that_answers_is_enough(ringfence, site):
    status, out, _ = ringfence("audit", "--url", site, "--url", "http://no-such-host.invalid/")
    assert status == 1
    assert "Not read: 1" in out


def test_live_needs_a_project():
    done = subprocess.run(
        [sys.executable, "-c", "from ringfence.cli import main; exit(main(['audit', '--live']))"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "src"},
    )
    assert done.returncode == 2
    assert "manage.py ringfence audit --live" in done.stderr


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit", "html"])
def test_nothing_that_a_site_says_commands(ringfence, hostile_site, form):
    options = ("--format", form, "--min-confidence", "low")
    status, out, _ = ringfence("audit", "--url", hostile_site, *options)
    assert status == 1
    assert "LIVE408" in out or "LIVE409" in out
    assert [char for char in out if not char.isprintable() and char != "\n"] == []
    assert "<script>alert" not in out or form in ("text", "json", "sarif", "github")


def test_sarif_has_the_url(ringfence, site):
    _, out, _ = ringfence("audit", "--url", site, "--format", "sarif")
    log = json.loads(out)
    Draft4Validator(SCHEMA).validate(log)
    places = [each["locations"][0]["physicalLocation"] for each in log["runs"][0]["results"]]
    assert {"artifactLocation": {"uri": site}} in places


def test_json_has_the_url(ringfence, site):
    _, out, _ = ringfence("audit", "--url", site, "--format", "json")
    found = json.loads(out)["findings"]
    assert {(each["file"], each["line"], each["source"]) for each in found} == {(site, 0, "live")}


def test_junit_and_github_name_no_file(ringfence, site):
    _, out, _ = ringfence("audit", "--url", site, "--format", "junit")
    cases = ET.fromstring(out).findall("testcase")  # noqa: S314 - our own
    assert {case.get("name") for case in cases} == {site}
    assert not [case for case in cases if case.get("file") or case.get("line")]
    _, out, _ = ringfence("audit", "--url", site, "--format", "github")
    assert f"::{site}: " in out
    assert "file=" not in out


def test_what_is_accepted_or_in_the_baseline_is_not_shown(ringfence, site, tmp_path):
    accept = '[[tool.ringfence.accept]]\ncode = "{}"\nreason = "a page for all"\n'
    entries = accept.format("LIVE403") + accept.format("SQL401")
    (tmp_path / "pyproject.toml").write_text(entries, "utf-8")
    _, out, _ = ringfence("audit", "--url", site)
    assert "X-Frame-Options" not in out
    assert "1 accepted" in out
    # Nobody looked for what the other entry accepts.
    assert "AUDIT404" not in out
    assert ringfence("audit", "--url", site, "--write-baseline", "b.json")[0] == 0
    assert ringfence("audit", "--url", site, "--baseline", "b.json")[0] == 0


def test_an_entry_about_a_site_is_not_missed_where_none_is_asked(ringfence, tree):
    entry = '[[tool.ringfence.accept]]\ncode = "LIVE403"\nreason = "a page for all"\n'
    root = tree(files={"a.py": "x = 1\n", "pyproject.toml": entry})
    assert "AUDIT404" not in ringfence("audit", root, "--no-cache", "--jobs", "1")[1]


# A project's own site, in the sandbox


SETTINGS = """
MIDDLEWARE = [each for each in MIDDLEWARE if "ingfence" not in each and "XFrame" not in each]
MIDDLEWARE.insert(0, "django.middleware.security.SecurityMiddleware")
ROOT_URLCONF = "urls_of_project"
ALLOWED_HOSTS = ["*"]
SESSION_COOKIE_HTTPONLY = False
DEBUG = False
"""
URLS = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control

@login_required
@cache_control(public=True, max_age=60)
def account(request):
    return HttpResponse("<title>Account</title>" + request.user.get_username())

urlpatterns = [
    path("", lambda request: HttpResponse(f"<title>Shop</title>//{request.get_host()}/")),
    path("account/", account),
]
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    with tempfile.TemporaryDirectory(prefix="rf-") as temporary:
        folder = tmp_path_factory.mktemp("own")
        (folder / "urls_of_project.py").write_text(URLS, "utf-8")
        project = Project(folder, Path(temporary), SETTINGS)
        before = project.fingerprint()
        arguments = ("--live", "--format", "json", "--no-cache", "--jobs", "1")
        with project.start("ringfence", "audit", *arguments) as process:
            out, err = process.communicate(timeout=300)
        assert process.returncode == 1, err
        assert project.fingerprint() == before
        yield json.load(io.StringIO(out)), project.left_behind(), err


def of_code(own, code):
    return [each for each in own[0]["findings"] if each["code"] == code]


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("LIVE403", "/"),
        ("LIVE412", "/"),
        ("LIVE443", "/"),
        ("LIVE451", "/account/"),
    ],
)
def test_the_projects_own_site_is_asked(own, code, path):
    assert [each["file"] for each in of_code(own, code)] == [f"https://victim.localhost{path}"]


@pytest.mark.parametrize("code", ["LIVE401", "LIVE417", "LIVE421", "LIVE441", "LIVE447"])
def test_what_is_right_or_the_sandboxes_own_is_not_found(own, code):
    assert of_code(own, code) == []


def test_the_project_itself_is_audited_too(own):
    assert {each["source"] for each in own[0]["findings"]} > {"live"}


def test_nothing_is_left_behind(own):
    assert own[1] == []
    assert own[2] == ""
