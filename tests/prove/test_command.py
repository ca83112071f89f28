"""``manage.py ringfence``: which subcommand, and what is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ringfence.management.commands import ringfence as command
from ringfence.management.commands.ringfence import SUBCOMMANDS


def manage(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "django", "ringfence", *arguments, "--settings=tests.settings"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "src:."},
    )


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param("porve", "Did you mean 'prove'?", id="near"),
        pytest.param("explain-cor", "Did you mean 'explain-cors'?", id="nearer"),
        pytest.param(
            "zzz",
            "There are: prove, audit, explain, explain-cors, explain-template, explain-csp.",
            id="far",
        ),
    ],
)
def test_an_unknown_subcommand_gets_a_suggestion(named, said):
    done = manage(named)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_subcommand_has_help(name):
    done = manage(name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"ringfence {name}" in done.stdout


def test_no_option_of_prove_names_a_site():
    options = manage("prove", "--help").stdout
    assert not [word for word in ("--url", "--host", "--target ", "--site") if word in options]


@pytest.mark.parametrize("package", ["playwright", "rich", "trustme"])
def test_a_missing_extra_is_named(monkeypatch, package):
    def handle(stdout, stderr, options):
        raise ModuleNotFoundError(f"No module named '{package}.x'", name=f"{package}.x")

    monkeypatch.setattr("ringfence.prove.command.handle", handle)
    with pytest.raises(CommandError, match=r'pip install "django-ringfence\[prove\]"') as raised:
        call_command("ringfence", "prove")
    assert raised.value.returncode == 2


def test_a_mistake_of_the_projects_own_is_not_called_a_missing_extra(monkeypatch):
    def handle(stdout, stderr, options):
        raise ModuleNotFoundError("No module named 'shop'", name="shop")

    monkeypatch.setattr("ringfence.prove.command.handle", handle)
    with pytest.raises(ModuleNotFoundError):
        call_command("ringfence", "prove")


@pytest.mark.parametrize("status", [1, 2, 3])
def test_the_status_is_the_processs(monkeypatch, status):
    monkeypatch.setattr("ringfence.prove.command.handle", lambda *_: status)
    with pytest.raises(SystemExit) as raised:
        call_command("ringfence", "prove")
    assert raised.value.code == status


def test_every_extra_has_its_packages():
    extras = {sub.extra for sub in SUBCOMMANDS.values()} - {None}
    assert extras == set(command._PACKAGES)
