"""What a proof's report says of `init`."""

from __future__ import annotations

import pytest

from ringfence.audit.moving.foretold import foretold
from ringfence.replaced import FENCE

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
HEAD = 'DEBUG = False\nROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["shop.example"]\n'


def settings(app, middleware):
    return f"{HEAD}INSTALLED_APPS = [{app!r}]\nMIDDLEWARE = [{middleware!r}]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            settings("shop", CSRF), ["INSTALLED_APPS: ", f"{FENCE} comes first"], id="not there"
        ),
        pytest.param(settings("ringfence", FENCE), [], id="there"),
        pytest.param("x = 1\n", [], id="no settings"),
    ],
)
def test_what_would_change(tmp_path, text, said):
    (tmp_path / "settings.py").write_text(text)
    found = foretold(tmp_path)
    assert bool(found) == bool(said)
    assert all(any(part in sentence for sentence in found) for part in said)
    assert all(sentence.startswith("settings.py:") for sentence in found)
    assert (tmp_path / "settings.py").read_text() == text


def test_a_configuration_that_cannot_be_used_says_nothing(tmp_path):
    (tmp_path / "settings.py").write_text(settings("shop", CSRF))
    (tmp_path / "pyproject.toml").write_text("[tool.ringfence.audit]\nno-such-key = 1\n")
    assert foretold(tmp_path) == []
