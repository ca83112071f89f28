"""``manage.py ringfence``: which subcommand, and what is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ringfence.management.commands import ringfence as command
from ringfence.management.commands.ringfence import SUBCOMMANDS
from ringfence.prove.command import moving_in
from ringfence.sandbox.errors import SandboxError
from tests.prove.samples import trial


def manage(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "django", "ringfence", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "src:.", "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param("porve", "Did you mean 'prove'?", id="near"),
        pytest.param("explain-cor", "Did you mean 'explain-cors'?", id="nearer"),
        pytest.param(
            "zzz",
            "There are: prove, audit, init, explain, explain-cors, explain-template, explain-csp.",
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--json", "none/a.json"], "--json none/a.json: there is no", id="JSON"),
        pytest.param(["--html", "src"], "--html src: is a folder", id="HTML"),
        pytest.param(["--sarif", "none/a"], "--sarif none/a: there is no", id="SARIF"),
        pytest.param(["--baseline", "none.json"], "none.json: cannot be read", id="baseline"),
    ],
)
def test_what_cannot_be_written_or_read_is_said_before_the_run(arguments, said):
    # A browser that is not there would be said next.
    done = manage("prove", "--browser-path=/nonexistent", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "/nonexistent" not in done.stderr


@pytest.mark.browser
@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(KeyboardInterrupt(), 130, id="SIGINT"),
        pytest.param(SystemExit(143), 143, id="SIGTERM"),
        pytest.param(SandboxError("the browser is gone"), 2, id="the browser died"),
    ],
)
def test_what_was_measured_until_the_end_is_told(monkeypatch, tmp_path, capsys, error, status):
    def ended(stderr, options, chosen, proof):
        proof.trials.append(trial())
        proof.partial = "ended early: so it was"
        raise error

    monkeypatch.setattr("ringfence.prove.command._run", ended)
    files = {name: tmp_path / f"proof.{name}" for name in ("json", "html", "sarif")}
    with pytest.raises(SystemExit) as raised:
        call_command("ringfence", "prove", *(f"--{k}={path}" for k, path in files.items()))
    assert raised.value.code == status
    assert "PARTIAL: ended early: so it was" in capsys.readouterr().out
    for path in files.values():
        assert "ended early: so it was" in path.read_text("utf-8")


@pytest.mark.browser
def test_nothing_is_written_where_nothing_was_measured(monkeypatch, tmp_path):
    def ended(*_):
        raise SandboxError("no browser")

    monkeypatch.setattr("ringfence.prove.command._run", ended)
    with pytest.raises(SystemExit):
        call_command("ringfence", "prove", f"--json={tmp_path / 'proof.json'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("middleware", "said"),
    [
        pytest.param("django.middleware.security.SecurityMiddleware", ["it comes in"], id="no"),
        pytest.param("ringfence.middleware.RingfenceMiddleware", [], id="in use"),
    ],
)
def test_what_init_would_change(monkeypatch, settings, middleware, said):
    settings.MIDDLEWARE = [middleware]
    monkeypatch.setattr("ringfence.audit.moving.foretold.foretold", lambda root: ["it comes in"])
    assert list(moving_in()) == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--attacks=forgrey"], "did you mean 'forgery'?", id="misspelt"),
        pytest.param(
            ["--attacks=script", "--ring=csrf"],
            "'script' is stopped by none of --ring csrf",
            id="of another ring",
        ),
    ],
)
def test_which_attacks(arguments, said):
    done = manage("prove", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        pytest.param("--pages", "0", "write 3", id="no page"),
        pytest.param("--targets", "many", "write 3", id="a word"),
        pytest.param("--min-coverage", "160", "write 60", id="more than all"),
        pytest.param("--min-coverage", "half", "write 60", id="a word for a share"),
    ],
)
def test_a_wrong_number_is_told_what_to_write(option, value, said):
    done = manage("prove", option, value)
    assert done.returncode == 2
    assert value in done.stderr
    assert said in done.stderr
