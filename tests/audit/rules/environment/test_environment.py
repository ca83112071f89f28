"""What files of the environment make of settings, the secrets in them, and what they start."""

from __future__ import annotations

import datetime
import json

import pytest

from ringfence.audit.collect.tree import walk
from ringfence.audit.config import Config
from ringfence.audit.render import html, sarif, text
from ringfence.audit.render import json as as_json
from ringfence.audit.run import Options, audit
from ringfence.audit.verdict import judge
from ringfence.finding import Confidence

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
READS = """\
import os
import environ
from decouple import config
env = environ.Env(SCHEMED=(bool, False))
ROOT_URLCONF = "shop.urls"
SECRET_KEY = os.environ["SECRET_KEY"]
"""
#: Drawn by lot for these tests.
TOKEN = "q8w7e6r5t4y3u2i1o0"
STRONG = "v8k2x-qz7m3n5b9wr4t6y1u0iopasdf0ghjkl2zxcvbnm1qwertyu"


def found(tree, files, code):
    """Return path, line and confidence of what is found under ``code``."""
    report = audit(tree(files=files), Options(cache=False, jobs=1)).report
    assert not report.unasked
    return [
        (each.hit.place.path, each.hit.place.line, each.confidence)
        for each in report.findings
        if each.code == code
    ]


#: How settings read it, what sets it, and where which code is found; nothing, if it is not.
SETTINGS = {
    "django-environ": (
        "DEBUG = env.bool('DEBUG', False)",
        {".env.prod": "A=1\nDEBUG=1"},
        "SET401",
        (".env.prod", 2, HIGH),
    ),
    "a scheme": (
        "DEBUG = env('SCHEMED')",
        {".env.prod": "SCHEMED=on"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "os.environ": (
        "DEBUG = os.environ['DEBUG'] == '1'",
        {".env.prod": "DEBUG=1"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "os.getenv": (
        "DEBUG = bool(int(os.getenv('DEBUG', '0')))",
        {".env.prod": "DEBUG=1"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "decouple": (
        "DEBUG = config('DEBUG', default=False, cast=bool)",
        {".env.prod": "DEBUG=True"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "a helper": (
        "def flag(name):\n    return os.environ.get(name) == '1'\nDEBUG = flag('DEBUG')",
        {".env.prod": "DEBUG=1"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "by another name": (
        "DEV = env('DEV')\nDEBUG = DEV == '1'",
        {".env.prod": "DEV=1"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "a condition": (
        "DEBUG = False\nif os.environ.get('DEV') == 'x':\n    DEBUG = True",
        {".env.prod": "DEV=x"},
        "SET401",
        (".env.prod", 1, HIGH),
    ),
    "off": ("DEBUG = env.bool('DEBUG', False)", {".env.prod": "DEBUG=0"}, "SET401", None),
    "off, and on by default": (
        "DEBUG = env.bool('DEBUG', True)",
        {".env.prod": "DEBUG=0"},
        "SET401",
        ("shop/settings.py", 7, LOW),
    ),
    "on by default": (
        "DEBUG = env.bool('DEBUG', True)",
        {".env.prod": "OTHER=0"},
        "SET401",
        ("shop/settings.py", 7, MEDIUM),
    ),
    "unmarked": (
        "DEBUG = env.bool('DEBUG', False)",
        {".env": "DEBUG=1"},
        "SET401",
        (".env", 1, MEDIUM),
    ),
    "an example": (
        "DEBUG = env.bool('DEBUG', False)",
        {".env.example": "DEBUG=1"},
        "SET401",
        (".env.example", 1, LOW),
    ),
    "a developer's": ("DEBUG = env.bool('DEBUG', False)", {".env.dev": "DEBUG=1"}, "SET401", None),
    "a developer's beside a deployment": (
        "DEBUG = env.bool('DEBUG', False)",
        {
            "compose.yml": "services: {a: {environment: {DEBUG: 1}}}",
            "fly.toml": "[env]\nDEBUG = '0'",
        },
        "SET401",
        None,
    ),
    "a compose file with the developer's server": (
        "DEBUG = env.bool('DEBUG', False)",
        {"compose.yml": "services: {a: {environment: {DEBUG: 1}, command: manage.py runserver}}"},
        "SET401",
        ("compose.yml", 1, LOW),
    ),
    "left out by git": (
        "DEBUG = env.bool('DEBUG', False)",
        {".env.prod": "DEBUG=1", ".gitignore": ".env*\n"},
        "SET401",
        None,
    ),
    "left out by this checkout": (
        "DEBUG = env.bool('DEBUG', False)",
        {".env.prod": "DEBUG=1", ".git/info/exclude": ".env*\n"},
        "SET401",
        None,
    ),
    "not known": (
        "DEBUG = env.bool('DEBUG', True)",
        {"compose.prod.yml": "services: {a: {environment: [DEBUG]}}"},
        "SET401",
        ("shop/settings.py", 7, MEDIUM),
    ),
    "compose": (
        "DEBUG = env.bool('DEBUG', False)",
        {"compose.prod.yml": "services:\n  a:\n    environment:\n      DEBUG: 'true'\n"},
        "SET401",
        ("compose.prod.yml", 4, HIGH),
    ),
    "Dockerfile": (
        "DEBUG = env.bool('DEBUG', False)",
        {"Dockerfile": "FROM a\nENV DEBUG=1\n"},
        "SET401",
        ("Dockerfile", 2, MEDIUM),
    ),
    "fly.toml": (
        "DEBUG = env.bool('DEBUG', False)",
        {"fly.toml": "[env]\nDEBUG = '1'\n"},
        "SET401",
        ("fly.toml", 2, HIGH),
    ),
    "hosts": (
        "ALLOWED_HOSTS = env.list('HOSTS', default=[])",
        {".env.prod": "A=1\nHOSTS=a.example,*"},
        "SET404",
        (".env.prod", 2, HIGH),
    ),
    "some hosts": (
        "ALLOWED_HOSTS = env.list('HOSTS', default=[])",
        {".env.prod": "HOSTS=a.example"},
        "SET404",
        None,
    ),
    "a weak key": ("X = 1", {".env.prod": "SECRET_KEY=short"}, "SET403", (".env.prod", 1, HIGH)),
    "a key in the source, and only there": (
        "X = 1",
        {".env.prod": f"SECRET_KEY={STRONG}"},
        "SET402",
        None,
    ),
}


@pytest.mark.parametrize(("line", "files", "code", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_settings_by_what_files_set(tree, line, files, code, expected):
    files = {"shop/settings.py": f"{READS}{line}\n", **files}
    assert found(tree, files, code) == ([] if expected is None else [expected])


def test_a_class_of_settings(tree):
    source = (
        "import os\nfrom configurations import Configuration\nclass Production(Configuration):\n"
        "    ROOT_URLCONF = 'a.urls'\n    DEBUG = os.environ.get('DEBUG') == '1'\n"
    )
    files = {"shop/settings.py": source, ".env.prod": "DEBUG=1"}
    assert found(tree, files, "SET401") == [(".env.prod", 1, HIGH)]


def test_the_settings_that_a_deployment_names(tree):
    files = {
        "shop/base.py": "ROOT_URLCONF = 'a'\nINSTALLED_APPS = []\nDEBUG = True\n",
        "shop/live.py": "from .base import *\nDEBUG = False\n",
        ".env.prod": "DJANGO_SETTINGS_MODULE=shop.live\n",
    }
    assert found(tree, files, "SET401") == []


#: File, text, and how sure; None if it is no secret in use.
SECRETS = {
    "a token": (".env.prod", f"API_TOKEN={TOKEN}", HIGH),
    "a key of Django's": (".env.prod", f"SECRET_KEY={STRONG}", HIGH),
    "in a file of no purpose": (".env", f"API_TOKEN={TOKEN}", MEDIUM),
    "in a compose file": (
        "compose.prod.yml",
        f"services: {{a: {{environment: [API_TOKEN={TOKEN}]}}}}",
        HIGH,
    ),
    "in an image": ("Dockerfile", f"FROM a\nENV API_TOKEN={TOKEN}", MEDIUM),
    "an address": (".env.prod", f"DATABASE_URL=postgres://a:{TOKEN}@db/a", HIGH),
    "an address with anybody's password": (
        ".env.prod",
        "DATABASE_URL=postgres://postgres:postgres@db/a",
        LOW,
    ),
    "an address without": (".env.prod", "DATABASE_URL=postgres://db/a", None),
    "anybody's password": (
        "compose.yml",
        "services: {a: {environment: {POSTGRES_PASSWORD: postgres}}}",
        LOW,
    ),
    "for development": (".env.dev", f"API_TOKEN={TOKEN}", None),
    "an example": (".env.example", f"API_TOKEN={TOKEN}", None),
    "a provider's key in an example": (".env.example", "AWS_KEY=AKIAQ3W7R2T9Y5U8K1PX", HIGH),
    "to be filled in": (".env.prod", "API_TOKEN=changeme", LOW),
    "empty": (".env.prod", "API_TOKEN=", None),
    "from elsewhere": (
        "compose.prod.yml",
        "services: {a: {environment: ['API_TOKEN=${API_TOKEN}']}}",
        None,
    ),
    "no secret": (".env.prod", f"COMMIT={TOKEN}", None),
    "published on purpose": (".env.prod", f"VITE_MAPS_TOKEN={TOKEN}", None),
    "broken": (".env.prod", f"X_URL=http://[a:{TOKEN}@b", None),
}


@pytest.mark.parametrize(("path", "line", "sure"), SECRETS.values(), ids=SECRETS)
def test_secrets(tree, path, line, sure):
    files = {"a.py": "x = 1\n", path: line}
    assert [each[2] for each in found(tree, files, "SECR461")] == ([] if sure is None else [sure])


#: Files, and the confidence of DEPL401; None if nothing is found.
RUN = {
    "Procfile": ({"Procfile": "web: python manage.py runserver 0.0.0.0:$PORT"}, HIGH),
    "Dockerfile": ({"Dockerfile": 'FROM a\nCMD ["python", "manage.py", "runserver"]'}, MEDIUM),
    "after another": (
        {"Procfile": "web: sh -c './manage.py migrate && ./manage.py runserver_plus'"},
        HIGH,
    ),
    "with options": ({"Procfile": "web: python -u manage.py --settings a runserver"}, HIGH),
    "as a module": ({"fly.toml": "[processes]\nweb = 'python -m django runserver'"}, HIGH),
    "a compose file alone": (
        {"compose.yml": "services: {a: {command: python manage.py runserver}}"},
        LOW,
    ),
    "a server": ({"Procfile": "web: gunicorn a.wsgi"}, None),
    "another's command": ({"Procfile": "web: node server.js runserver"}, None),
    "for development": ({"Procfile.dev": "web: python manage.py runserver"}, None),
    "an image that compose starts otherwise": (
        {
            "Dockerfile": "FROM a\nCMD python manage.py runserver",
            "compose.prod.yml": "services: {a: {command: gunicorn a.wsgi}}",
        },
        None,
    ),
    "a build": (
        {"Dockerfile": "FROM a\nRUN python manage.py runserver --help\nCMD gunicorn a"},
        None,
    ),
}


@pytest.mark.parametrize(("files", "sure"), RUN.values(), ids=RUN)
def test_the_developers_server(tree, files, sure):
    seen = found(tree, {"a.py": "x = 1\n", **files}, "DEPL401")
    assert [each[2] for each in seen] == ([] if sure is None else [sure])


#: Files, and the confidence of DEPL402; None if nothing is found.
RELOAD = {
    "gunicorn": ({"Procfile": "web: gunicorn --reload a.wsgi"}, HIGH),
    "uvicorn": (
        {"Dockerfile": 'FROM a\nENTRYPOINT ["/venv/bin/uvicorn", "a.asgi", "--reload"]'},
        MEDIUM,
    ),
    "uwsgi": ({"Procfile": "web: uwsgi --py-autoreload=1"}, HIGH),
    "uwsgi, off": ({"Procfile": "web: uwsgi --py-autoreload=0"}, None),
    "a variable": ({".env.prod": "GUNICORN_CMD_ARGS=--workers 2 --reload"}, HIGH),
    "another's": ({"Procfile": "web: caddy --reload && gunicorn a"}, None),
    "for development": (
        {"compose.override.yml": "services: {a: {command: gunicorn --reload a}}"},
        None,
    ),
    "other words": ({"Procfile": "web: gunicorn --reload-engine poll a"}, None),
}


@pytest.mark.parametrize(("files", "sure"), RELOAD.values(), ids=RELOAD)
def test_reloading(tree, files, sure):
    seen = found(tree, {"a.py": "x = 1\n", **files}, "DEPL402")
    assert [each[2] for each in seen] == ([] if sure is None else [sure])


def test_no_report_shows_a_value(tree):
    """Neither that of a secret, nor what stands on the lines around a finding."""
    root = tree(
        files={
            "shop/settings.py": f"{READS}DEBUG = env.bool('DEBUG', False)\n",
            ".env.prod": f"INNOCENT={TOKEN}a\nDEBUG=1\nOTHER={TOKEN}b\nSECRET_KEY={TOKEN}\n",
            "compose.prod.yml": f"services:\n  a:\n    command: x --reload gunicorn {TOKEN}\n"
            f"    environment:\n    - API_TOKEN={TOKEN}\n",
        }
    )
    report = audit(root, Options(cache=False, jobs=1)).report
    day = datetime.date(2026, 1, 1)
    verdict = judge(root, report, Config(min_confidence=LOW), today=day)
    assert {"SECR461", "SET401", "SET403"} <= {each.code for each in verdict.findings}
    for renderer in (text, html, sarif, as_json):
        assert TOKEN not in renderer.render(verdict)
    assert json.loads(as_json.render(verdict))["findings"]


def test_what_the_repository_around_leaves_out(tree):
    root = tree(
        files={
            ".git/HEAD": "ref: refs/heads/main\n",
            ".gitignore": "*.env\n/backend/local.py\n!backend/keep.env\n",
            "backend/a.py": "x = 1\n",
            "backend/local.py": "x = 1\n",
            "backend/web.env": "A=1\n",
            "backend/keep.env": "A=1\n",
        }
    )
    assert [file.path for file in walk(root / "backend").files] == ["a.py", "keep.env"]


def test_a_tree_that_its_repository_leaves_out_is_read(tree):
    root = tree(
        files={
            ".git/HEAD": "ref: refs/heads/main\n",
            ".gitignore": "/vendored/\n*.html\n",
            "vendored/one/a.html": "x",
            "vendored/.gitignore": "*\n",
        }
    )
    assert [file.path for file in walk(root / "vendored" / "one").files] == ["a.html"]
