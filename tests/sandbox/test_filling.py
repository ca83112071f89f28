"""What the copy of the database is filled with, and what is said where that cannot be."""

from __future__ import annotations

import pytest
from django.test import override_settings

from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.filling import fill

called = []


def seed():
    called.append("seed")


def broken():
    raise ValueError("no such row")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="nothing said"),
        pytest.param({"prove": {}}, id="no option"),
        pytest.param({"prove": {"fixtures": []}}, id="no fixture"),
    ],
)
def test_nothing_is_done_where_nothing_is_said(said):
    called.clear()
    with override_settings(RINGFENCE=said):
        fill()
    assert called == []


def test_the_seed_is_called_once(monkeypatch):
    called.clear()
    monkeypatch.setattr("ringfence.sandbox.filling.import_string", {"shop.seed": seed}.__getitem__)
    with override_settings(RINGFENCE={"prove": {"seed": "shop.seed"}}):
        fill()
    assert called == ["seed"]


def test_what_the_seed_raises_is_told(monkeypatch):
    monkeypatch.setattr("ringfence.sandbox.filling.import_string", {"x.y": broken}.__getitem__)
    with (
        override_settings(RINGFENCE={"prove": {"seed": "x.y"}}),
        pytest.raises(SandboxError, match=r"'x\.y' raised ValueError\('no such row'\)"),
    ):
        fill()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("seed", "it is no dict", id="no dict"),
        pytest.param({"sede": "x"}, "there is no such option", id="misspelt"),
        pytest.param({"fixtures": "rows.json"}, r'Write \["rows\.json"\]', id="a string"),
        pytest.param({"fixtures": 3}, "it is no list", id="a number"),
        pytest.param({"seed": "no.such.module.seed"}, "could not be imported", id="not there"),
        pytest.param({"seed": 3}, "it is no function", id="no path"),
        pytest.param({"seed": "django.__version__"}, "it is no function", id="no function"),
        pytest.param({"fixtures": ["no-such"]}, "could not be loaded", id="no such fixture"),
    ],
)
@pytest.mark.django_db
def test_what_is_wrong_is_named_with_its_setting(said, told):
    with override_settings(RINGFENCE={"prove": said}), pytest.raises(SandboxError, match=told):
        fill()
