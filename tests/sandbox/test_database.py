"""The copy can be read, poisoned and reset; the project's own database stays as it was."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections

from ringfence.sandbox.database import Column, DatabaseCopy
from ringfence.sandbox.errors import SandboxError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    return get_user_model().objects.create_user("alice", "alice@example.com", first_name="Alice")


def first_names():
    return sorted(get_user_model().objects.values_list("first_name", flat=True))


def test_the_copy_holds_what_the_original_holds_and_gives_nothing_back(tmp_path, alice):
    original = connection.settings_dict["NAME"]
    with DatabaseCopy.of_site(tmp_path) as copy:
        assert first_names() == ["Alice"]
        assert copy.poison(Column("auth.User.first_name", 150), "<b>")
        get_user_model().objects.create_user("mallory")
        assert first_names() == ["", "<b>"]
    assert connection.settings_dict["NAME"] == original
    assert first_names() == ["Alice"]


def test_every_thread_sees_the_copy(tmp_path, alice):
    seen = []

    def look():
        seen.extend(first_names())
        connections.close_all()

    with DatabaseCopy.of_site(tmp_path) as copy:
        copy.poison(Column("auth.User.first_name", 150), "<b>")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == ["<b>"]


def test_the_original_comes_back_after_an_error(tmp_path, alice):
    def fail():
        with DatabaseCopy.of_site(tmp_path) as copy:
            copy.poison(Column("auth.User.first_name", 150), "<b>")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert first_names() == ["Alice"]


def test_reset_returns_to_what_was_kept(tmp_path, alice):
    with DatabaseCopy.of_site(tmp_path) as copy:
        get_user_model().objects.create_user("bob", first_name="Bob")
        copy.keep()
        copy.poison(Column("auth.User.first_name", 150), "<b>")
        copy.reset()
        assert first_names() == ["Alice", "Bob"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("alice@example", "auth.User.email", id="part of a column"),
        pytest.param("nowhere", None, id="in no column"),
        pytest.param("%", None, id="a wildcard is a character"),
    ],
)
def test_contains(tmp_path, alice, text, where):
    with DatabaseCopy.of_site(tmp_path) as copy:
        assert copy.contains(text) == where


def test_digest_follows_the_victims_data_and_no_session(tmp_path, alice, client):
    with DatabaseCopy.of_site(tmp_path) as copy:
        before = copy.digest()
        client.force_login(alice)
        assert copy.digest() == before
        get_user_model().objects.update(is_staff=True)
        assert copy.digest() != before


def test_text_columns_leave_keys_choices_and_passwords_out(tmp_path, alice):
    with DatabaseCopy.of_site(tmp_path) as copy:
        labels = {column.label for column in copy.text_columns()}
    assert {"auth.User.first_name", "auth.User.last_name"} <= labels
    assert not labels & {"auth.User.username", "auth.User.password", "auth.Group.name"}


def test_what_the_database_refuses_is_no_success(tmp_path, alice):
    get_user_model().objects.create_user("bob")
    with DatabaseCopy.of_site(tmp_path) as copy:
        assert copy.poison(Column("auth.User.username", 150), "one name for two") is False


def test_a_file_that_is_no_database_is_named(tmp_path):
    from ringfence.sandbox import database

    broken = tmp_path / "site.sqlite3"
    broken.write_text("no database" * 100)
    with pytest.raises(SandboxError, match=r"site\.sqlite3 could not be copied"):
        database._backup(broken, tmp_path / "copy.sqlite3")


def test_a_file_is_only_read(tmp_path):
    from ringfence.sandbox import database

    source = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(source)) as site:
        site.execute("CREATE TABLE t (x)")
        site.execute("INSERT INTO t VALUES (1)")
        site.commit()
    source.chmod(0o400)
    before = source.read_bytes(), sorted(path.name for path in tmp_path.iterdir())
    database._backup(source, tmp_path / "copy.sqlite3")
    (tmp_path / "copy.sqlite3").unlink()
    assert (source.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == before
