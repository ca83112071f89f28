"""Files that say in which environment a site is started: which they are, and what they set."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit.collect.environment.files import read, read_one
from ringfence.audit.collect.environment.names import form_of, purpose_of
from ringfence.audit.collect.environment.parts import interpolated
from ringfence.audit.collect.tree import walk
from ringfence.audit.model import EnvironmentFile, Skipped

#: Path, form, and what it is for.
NAMES = [
    (".env", "dotenv", "unmarked"),
    ("backend/.env", "dotenv", "unmarked"),
    (".env.prod", "dotenv", "deployed"),
    (".env.production", "dotenv", "deployed"),
    ("prod.env", "dotenv", "deployed"),
    ("env.staging", "dotenv", "deployed"),
    (".envs/.production/.django", "dotenv", "deployed"),
    (".envs/.local/.django", "dotenv", "development"),
    (".env.dev", "dotenv", "development"),
    (".env.local", "dotenv", "development"),
    (".env.test", "dotenv", "test"),
    (".env.example", "dotenv", "example"),
    (".env-sample", "dotenv", "example"),
    ("env.example", "dotenv", "example"),
    ("example.env", "dotenv", "example"),
    (".env.prod.example", "dotenv", "example"),
    ("examples/shop/.env", "dotenv", "development"),
    ("env.py", "", ""),
    ("static/env.js", "", ""),
    (".env.enc", "", ""),
    (".envrc", "", ""),
    ("docker-compose.yml", "compose", "unmarked"),
    ("compose.yaml", "compose", "unmarked"),
    ("docker-compose.prod.yml", "compose", "deployed"),
    ("deploy/compose.yml", "compose", "deployed"),
    ("docker-compose.override.yml", "compose", "development"),
    ("docker-compose.dev.yml", "compose", "development"),
    (".devcontainer/docker-compose.yml", "compose", "development"),
    ("docker-compose.ci.yml", "compose", "test"),
    ("production.yml", "compose", "deployed"),
    (".github/workflows/production.yml", "", ""),
    ("Dockerfile", "dockerfile", "unmarked"),
    ("Dockerfile.dev", "dockerfile", "development"),
    ("compose/production/django/Dockerfile", "dockerfile", "deployed"),
    ("Dockerfile.dockerignore", "", ""),
    ("Procfile", "procfile", "deployed"),
    ("Procfile.dev", "procfile", "development"),
    ("fly.toml", "fly", "deployed"),
    ("fly.staging.toml", "fly", "deployed"),
    ("app.yaml", "app.yaml", "deployed"),
    ("render.yaml", "render", "deployed"),
    ("heroku.yml", "heroku", "deployed"),
    ("app.json", "app.json", "deployed"),
    ("frontend/app.json", "", ""),
]


@pytest.mark.parametrize(("path", "form", "purpose"), NAMES)
def test_names(path, form, purpose):
    assert form_of(path) == form
    if form:
        assert purpose_of(path, form) == purpose


#: Path, text, the variables it sets, and what it starts.
FILES = {
    "plain": (".env", "A=1\nexport B = two\n# C=3\n\nD=\n", {"A": "1", "B": "two", "D": ""}, []),
    "quotes": (
        ".env",
        "A=\"b # c\"\nB='$X'\nC=d # e\nD=f#g",
        {"A": "b # c", "B": "$X", "C": "d", "D": "f#g"},
        [],
    ),
    "several lines": (".env", 'A="b\nc"\nD=1\n', {"A": "b\nc", "D": "1"}, []),
    "a quote that never ends": (".env", 'A="b\nD=1\n', {"D": "1"}, []),
    "variables in it": (
        ".env",
        "A=${B:-1}\nC=$D\nE=a$b\nF=${G}",
        {"A": "1", "C": None, "E": "a$b", "F": None},
        [],
    ),
    "no variables": (".env", "hello\n=x\n1A=2\nA B=3\n", {}, []),
    "a mapping": (
        "compose.yml",
        "services: {a: {environment: {A: '1', B: true, C: , D: '${X:-y}'}, command: x y}}",
        {"A": "1", "B": "true", "C": None, "D": "y"},
        ["x y"],
    ),
    "a list": (
        "compose.yml",
        "services: {a: {environment: [A=1, B, C=d=e], entrypoint: [x], command:  [y, z]}}",
        {"A": "1", "B": None, "C": "d=e"},
        ["x", "y z"],
    ),
    "anchors": (
        "compose.yml",
        "x-a: &a\n  A: 1\n  B: 2\nservices:\n a:\n  environment:\n   <<: [*a]\n   B: 3\n",
        {"B": "3", "A": "1"},
        [],
    ),
    "nothing known": ("compose.yml", "- a\n- b\n", {}, []),
    "an empty file": ("compose.yml", "", {}, []),
    "env": (
        "Dockerfile",
        'FROM a\nENV A=1 B="2 3" \\\n  C=$D\nENV E f g\n',
        {"A": "1", "B": "2 3", "C": None, "E": "f g"},
        [],
    ),
    "the last command": (
        "Dockerfile",
        'FROM a\nCMD ["a", "b"]\nCMD c d\nENTRYPOINT ["e"]\n',
        {},
        ["c d", "e"],
    ),
    "the last stage": (
        "Dockerfile",
        "FROM a AS dev\nENV A=1\nCMD dev\nFROM b AS prod\nENV B=2\nCMD prod\n",
        {"B": "2"},
        ["prod"],
    ),
    "a stage upon another": (
        "Dockerfile",
        "FROM a AS base\nENV A=1\nFROM base\nCMD x\n",
        {"A": "1"},
        ["x"],
    ),
    "processes": ("Procfile", "web: a b\nworker: c\nrelease: d\n", {}, ["a b"]),
    "fly": (
        "fly.toml",
        '[env]\nA = "1"\nB = true\n[processes]\nweb = "a b"\n',
        {"A": "1", "B": "true"},
        ["a b"],
    ),
    "app engine": ("app.yaml", "env_variables:\n  A: '1'\nentrypoint: a b\n", {"A": "1"}, ["a b"]),
    "render": (
        "render.yaml",
        "services:\n- startCommand: a b\n  envVars: [{key: A, value: 1}, {key: B, sync: false}]",
        {"A": "1", "B": None},
        ["a b"],
    ),
    "heroku": ("heroku.yml", "run:\n  web: a b\n", {}, ["a b"]),
    "app.json": (
        "app.json",
        '{"env": {"A": "1", "B": {"value": "2"}, "C": {"generator": "secret"}}}',
        {"A": "1", "B": "2", "C": None},
        [],
    ),
}


@pytest.mark.parametrize(("path", "text", "variables", "commands"), FILES.values(), ids=FILES)
def test_what_a_file_says(path, text, variables, commands):
    found = read_one(path, text)
    assert isinstance(found, EnvironmentFile)
    assert {each.name: each.value for each in reversed(found.variables)} == variables
    assert [each.text for each in found.commands] == commands


#: Path, text, and a word of why it is not read.
UNREADABLE = {
    "no YAML": ("compose.yml", "a: [", "no YAML"),
    "two documents": ("compose.yml", "a: 1\n---\nb: 2\n", "no YAML"),
    "nested": ("compose.yml", "[" * 5000, "no YAML"),
    "an unknown alias": ("compose.yml", "a: *b\n", "no YAML"),
    "large": ("compose.yml", "#" * 200_001, "larger"),
    "no TOML": ("fly.toml", "a = = 1", "no TOML"),
    "nested TOML": ("fly.toml", "a = " + "[" * 5000, "no TOML"),
    "no JSON": ("app.json", "{", "no JSON"),
    "nested JSON": ("app.json", "[" * 200_000, "no JSON"),
}


@pytest.mark.parametrize(("path", "text", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_has_a_reason(path, text, reason):
    found = read_one(path, text)
    assert isinstance(found, Skipped)
    assert reason in found.reason


def test_a_bomb_of_aliases_is_not_blown_up():
    layers = ["x0: &x0 {A: 1}"]
    layers += [f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}" for n in range(1, 30)]
    text = "\n".join([*layers, "services: {web: {environment: *x29}}", ""])
    found = read_one("compose.yml", text)
    assert isinstance(found, EnvironmentFile)
    assert len(found.variables) <= 1


def test_an_alias_of_itself_ends():
    found = read_one("compose.yml", "services: &a\n  web: *a\n  <<: *a\n")
    assert isinstance(found, EnvironmentFile)


def test_without_pyyaml_a_file_is_skipped_and_said_to_be(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    found = read_one("compose.yml", "services: {}")
    assert isinstance(found, Skipped)
    assert "django-ringfence[audit]" in found.reason


#: What stands in the tree, and what each file is then for.
TOGETHER = {
    "alone": ({".env": "A=1"}, {".env": "unmarked"}),
    "a file for deployment beside it": (
        {".env": "A=1", "Procfile": "web: gunicorn a"},
        {".env": "development", "Procfile": "deployed"},
    ),
    "used by what is deployed": (
        {".env": "A=1", "compose.prod.yml": "services: {web: {env_file: .env}}"},
        {".env": "deployed", "compose.prod.yml": "deployed"},
    ),
    "used by what is not": (
        {"web.env": "A=1", "compose.override.yml": "services: {web: {env_file: [./web.env]}}"},
        {"web.env": "development", "compose.override.yml": "development"},
    ),
    "a compose file that runs the developer's server": (
        {"compose.yml": "services: {web: {command: python manage.py runserver}}"},
        {"compose.yml": "doubtful"},
    ),
    "a path that leaves the tree": (
        {"compose.prod.yml": "services: {web: {env_file: ../../.env}}", ".env": "A=1"},
        {"compose.prod.yml": "deployed", ".env": "unmarked"},
    ),
}


@pytest.mark.parametrize(("files", "purposes"), TOGETHER.values(), ids=TOGETHER)
def test_what_files_are_for_together(tree, files, purposes):
    found, skipped = read(walk(tree(files=files)).of_kind("environment"))
    assert {each.path: each.purpose for each in found} == purposes
    assert skipped == []


#: Name, value, and what of it may be shown.
SHOWN = [
    ("DEBUG", "1", "1"),
    ("DEBUG", "True", "True"),
    ("ALLOWED_HOSTS", "*,shop.example.com", "*,shop.example.com"),
    ("ORIGIN", "https://shop.example.com:8000", "https://shop.example.com:8000"),
    ("SECRET_KEY", "abc", "…"),
    ("DJANGO_KEY", "1", "…"),
    ("FOO", "aB3dE5gH7jK9", "…"),
    ("DATABASE_URL", "postgres://a:b@c/d", "…"),
    ("PIN", "1234", "…"),
]


@pytest.mark.parametrize(("name", "value", "shown"), SHOWN)
def test_what_is_shown_of_a_value(name, value, shown):
    found = read_one(".env", f"{name}={value}")
    assert isinstance(found, EnvironmentFile)
    assert found.variables[0].place.text == f"{name}={shown}"


INTERPOLATED = [
    ("a", "a"),
    ("$$a", "$a"),
    ("${A:-b}", "b"),
    ("${A-b}c", "bc"),
    ("${A:?no}", None),
    ("${A}", None),
    ("$A", None),
    ("$1", "$1"),
    ("${A:-${B}}", None),
]


@pytest.mark.parametrize(("value", "expected"), INTERPOLATED)
def test_interpolated(value, expected):
    assert interpolated(value) == expected


@given(st.text(alphabet="A=\"'#$ {}\n\\:-[]&*<", max_size=80))
def test_no_text_breaks_a_reader(text):
    for path in (".env", "compose.yml", "Dockerfile", "Procfile", "fly.toml", "app.json"):
        assert isinstance(read_one(path, text), EnvironmentFile | Skipped)
