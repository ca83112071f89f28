"""A copy of the site's databases: read, poisoned and thrown away. The user's own is only read."""

# `_meta` and `_base_manager` are documented interfaces of Django in spite of their names.
# ruff: noqa: SLF001

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.db.utils import DatabaseError

from ringfence.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Column", "DatabaseCopy"]


#: Names of what a site writes down of its visitors by the way.
_COUNTS = re.compile(
    r"(?:\w+_)?(?:views?|hits?|visits?|visitors|seen|reads|impressions)(?:_count)?"
)
_DATES = re.compile(r"last_(?:login|seen|active|activity|visit|viewed|accessed?|read|used)(?:_at)?")


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A text column of a model: ``label`` is ``app.Model.field``."""

    label: str
    max_length: int | None


class DatabaseCopy:
    """The copied databases.

    :meth:`keep` remembers the present contents, :meth:`reset` returns to what was kept. Where
    the database is no SQLite one, a test database is made and ``reset`` leaves it as it is.
    """

    def __init__(self, folder: Path, aliases: tuple[str, ...]) -> None:
        self._folder = folder
        self._aliases = aliases
        self._untold = itertools.count()
        self._sqlite = tuple(a for a in aliases if connections[a].vendor == "sqlite")

    @classmethod
    @contextmanager
    def of_site(cls, folder: Path) -> Iterator[DatabaseCopy]:
        """Point every configured alias to a copy; point them back on leaving."""
        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(_copied(alias, folder))
            copy = cls(folder, tuple(connections))
            for alias in copy._aliases:
                _migrate(alias)
            copy.keep()
            yield copy

    def keep(self) -> None:
        """Remember the present contents as those to return to."""
        for alias in self._sqlite:
            _backup(self._file(alias), self._kept(alias))

    def reset(self) -> None:
        """Return to the contents that were kept; who is logged in stays so."""
        sessions = [
            (model, list(model._base_manager.all()))
            for model in apps.get_models()
            if _is_session(model)
        ]
        for alias in self._sqlite:
            connections[alias].close()
            _backup(self._kept(alias), self._file(alias))
        for model, rows in sessions:
            model._base_manager.all().delete()
            model._base_manager.bulk_create(rows)

    def _file(self, alias: str) -> Path:
        return self._folder / f"{alias}.sqlite3"

    def _kept(self, alias: str) -> Path:
        return self._folder / f"{alias}.kept.sqlite3"

    def contains(self, text: str) -> str | None:
        """Return the ``app.Model.field`` whose column contains ``text``, None where none does."""
        for model in _models():
            fields = [field for field in model._meta.local_fields if _is_text(field)]
            if not fields:
                continue
            anywhere = Q()
            for field in fields:
                anywhere |= Q(**{f"{field.name}__contains": text})
            with suppress(DatabaseError):
                row = model._base_manager.filter(anywhere).values(*(f.name for f in fields)).first()
                if row is not None:
                    name = next((k for k, v in row.items() if text in str(v)), fields[0].name)
                    return f"{model._meta.label}.{name}"
        return None

    def changes(self) -> int:
        """Return a number that is another one once anything was written; see ``Stage.changes``."""
        if len(self._sqlite) < len(self._aliases):
            return next(self._untold)
        # SQLite's own: it changes when another connection has committed (pragma.html#data_version).
        total = 0
        for alias in self._sqlite:
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                total += cursor.fetchone()[0]
        return total

    def digest(self) -> str:
        """Return a digest of every row that a page may show.

        Sessions are left out, and what only counts or dates: a page that counts its visitors
        changes nothing for them.
        """
        digest = hashlib.sha256()
        for model in _models():
            names = [f.attname for f in model._meta.local_fields if not _only_counts(f)]
            digest.update(model._meta.label.encode())
            with suppress(DatabaseError):
                for row in model._base_manager.order_by("pk").values_list(*names).iterator():
                    digest.update(repr(row).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def files(self) -> dict[str, str]:
        """Return the names of stored files by row and field, ``app.Model:pk:field``."""
        found = {}
        for model in _models():
            names = [f.name for f in model._meta.local_fields if isinstance(f, models.FileField)]
            if names:
                with suppress(DatabaseError):
                    for pk, *values in model._base_manager.values_list("pk", *names).iterator():
                        for name, value in zip(names, values, strict=True):
                            if value:
                                found[f"{model._meta.label}:{pk}:{name}"] = str(value)
        return found

    def text_columns(self) -> tuple[Column, ...]:
        """Return the columns that hold free text and have at least one row."""
        columns = []
        for model in _models():
            with suppress(DatabaseError):
                if not model._base_manager.exists():
                    continue
                columns += [
                    Column(f"{model._meta.label}.{field.name}", field.max_length)
                    for field in model._meta.local_fields
                    if _is_free_text(field)
                ]
        return tuple(columns)

    def poison(self, column: Column, text: str) -> bool:
        """Write ``text`` into that column of every row, past every validator.

        Returns False where the database would not have it.
        """
        label, _, name = column.label.rpartition(".")
        try:
            apps.get_model(label)._base_manager.update(**{name: text})
        except DatabaseError:
            return False
        return True


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and not _is_session(model)
    ]


def _is_session(model: type[models.Model]) -> bool:
    # A session's row changes with every log-in: it is no state of the victim's.
    return any(base.__name__ == "AbstractBaseSession" for base in model.__mro__)


def _only_counts(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, models.IntegerField):
        return _COUNTS.fullmatch(field.name) is not None
    return isinstance(field, models.DateTimeField) and _DATES.fullmatch(field.name) is not None


def _is_text(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def _is_free_text(field: models.Field[Any, Any]) -> bool:
    """Whether a visitor's words could stand there: no key, choice, path, slug or password."""
    return (
        _is_text(field)
        and not isinstance(field, models.SlugField | models.URLField)
        and not (field.primary_key or field.unique or field.choices)
        and field.name != "password"
    )


@contextmanager
def _copied(alias: str, folder: Path) -> Iterator[None]:
    if connections[alias].vendor == "sqlite":
        with _copied_sqlite(alias, folder):
            yield
    else:
        with _test_database(alias):
            yield


@contextmanager
def _copied_sqlite(alias: str, folder: Path) -> Iterator[None]:
    """Give every thread's connection the copy; the connection in use is put aside untouched."""
    original = connections[alias]
    target = folder / f"{alias}.sqlite3"
    if _is_in_memory(original):
        original.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            original.connection.backup(copy)
    else:
        source = Path(original.settings_dict["NAME"])
        if source.exists():
            _backup(source, target)
        else:
            target.touch()
    with closing(sqlite3.connect(target)) as copy:
        # The server's threads read while one of them writes, and nothing here must survive.
        copy.execute("PRAGMA journal_mode=WAL")
    before = connections.settings[alias]
    connections.settings[alias] = {
        **before,
        "NAME": str(target),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**before.get("OPTIONS", {}), "timeout": 20},
    }
    connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        connections[alias].close()
        connections.settings[alias] = before
        connections[alias] = original


def _is_in_memory(connection: Any) -> bool:
    # SQLite's backend only: the stubs know the base class alone.
    return bool(connection.is_in_memory_db())


def _backup(source: Path, target: Path) -> None:
    """Copy by SQLite's backup interface: a consistent state, whoever is writing meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as reader,
            closing(sqlite3.connect(target, timeout=20)) as writer,
        ):
            reader.backup(writer)
    except sqlite3.Error as error:
        raise SandboxError(
            f"The database {source} could not be copied ({error}). Is it a SQLite file that this "
            "user may read, and is there room in the temporary folder?"
        ) from error


@contextmanager
def _test_database(alias: str) -> Iterator[None]:
    """Make an empty database of our own on the same server, by Django's test-database creation."""
    connection = connections[alias]
    name = connection.settings_dict["NAME"]
    # Never the name that the project's own tests use: that one may be kept between runs.
    test = connection.settings_dict.setdefault("TEST", {})
    before = test.get("NAME")
    test["NAME"] = f"ringfence_{secrets.token_hex(6)}"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=False, serialize=False)
    except DatabaseError as error:
        raise SandboxError(
            f"No database for the run could be created beside {name!r}: {error}. The user of "
            f"DATABASES[{alias!r}] needs the right to create databases."
        ) from error
    finally:
        test["NAME"] = before
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _migrate(alias: str) -> None:
    executor = MigrationExecutor(connections[alias])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
