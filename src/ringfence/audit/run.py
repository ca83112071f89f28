"""A tree -> a report: what is new is read, what was known is remembered.

Two things are kept from run to run: the facts of each file by its path and its text, and the whole
report by all of them together. When nothing has changed the second is the answer: no file is
parsed, and no rule is asked.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ringfence.audit import answers, codec
from ringfence.audit.answers import Seen, seen
from ringfence.audit.collect import tree
from ringfence.audit.model import Project, Report, Settings, Skipped
from ringfence.audit.store import Facts, Kept, digest, folder, version
from ringfence.records import record

if TYPE_CHECKING:
    from ringfence.audit.collecting import Tell
    from ringfence.audit.loaded import Loaded

__all__ = ["Audited", "Examined", "Options", "audit", "collect", "examine", "settings_of"]

#: What else says which settings are deployed, at the tree's root.
_ALSO: Final = (
    *("pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "Dockerfile", "Procfile"),
    *("docker-compose.yml", "docker-compose.yaml", "compose.yml", "fly.toml", "app.yaml"),
)


@record
class Options:
    """What to read, and how. ``exclude`` are patterns as in a ``.gitignore`` at the root.

    ``paths`` are files and folders relative to the root, all of it if there are none; ``settings``
    is the module that is deployed; ``jobs`` the number of processes, 0 for one a core.
    """

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    settings: str = ""
    jobs: int = 0
    cache: bool = True
    #: Whether pip-audit is asked about pinned requirements.
    advisories: bool = False
    #: The settings that are loaded in this process, if there are any.
    loaded: Loaded | None = None
    #: By path, the file to read in the place of the one that stands there.
    instead: Mapping[str, Path] = field(default_factory=dict)


_USUAL: Final = Options()


@record
class Audited:
    """The report on a tree, and whether all of it is what an earlier run had found."""

    root: Path
    report: Report
    from_cache: bool = False
    #: What the files and folders were that it is about, and since when (in nanoseconds).
    depends: Mapping[str, Seen] = field(default_factory=dict)
    began: int = 0


@record
class Examined:
    """A tree's facts and the report on them."""

    root: Path
    project: Project
    report: Report


def audit(root: Path, options: Options = _USUAL, tell: Tell | None = None) -> Audited:
    """Return the report on the tree at ``root``; ``tell`` hears how many files are done, of all.

    Nothing of the tree is imported or run.
    """
    found = _found(root, options)
    where = _kept_in(found.root) if options.cache else None
    if where is None:
        report = _report(found, options, Facts(None, "", {}), tell)
    else:
        stem = str(where / digest(os.fspath(found.root)))
        of = version()
        keys = {file.path: _key(file) for file in _kept_files(found)}
        # What is out of support depends on the day.
        whole = digest(
            options.settings, f"{_today():%Y-%m}", *(f"{path} {key}" for path, key in keys.items())
        )
        with Kept(Path(f"{stem}.report"), of) as reports:
            # What is loaded, and what is published, depends on more than files.
            fresh = options.loaded is not None or options.advisories
            known = None if fresh else _known(reports.get(whole))
            if known is not None:
                return _audited(found, known, from_cache=True)
            with Facts(Path(f"{stem}.facts"), of, keys) as facts:
                report = _report(found, options, facts, tell)
            if not fresh:
                reports.put(whole, codec.dumps(report).encode())
    return _audited(found, report)


def _audited(found: tree.Tree, report: Report, *, from_cache: bool = False) -> Audited:
    depends = dict(found.seen)
    for name in _ALSO:
        with suppress(OSError):
            depends[f"{found.root}/{name}"] = seen((found.root / name).lstat())
    whole = _with_skipped(report, found.skipped)
    return Audited(found.root, whole, from_cache, depends, found.began)


def examine(root: Path, options: Options = _USUAL, tell: Tell | None = None) -> Examined:
    """Return all facts of the tree at ``root``, those of settings among them, and the report.

    What is known of its files from earlier runs is taken from there.
    """
    found = _found(root, options)
    where = _kept_in(found.root) if options.cache else None
    path = where / f"{digest(os.fspath(found.root))}.facts" if where is not None else None
    keys = {} if path is None else {file.path: _key(file) for file in _kept_files(found)}
    with Facts(path, version(), keys) as facts:
        project, report = _examined(found, options, facts, tell)
    return Examined(found.root, project, _with_skipped(report, found.skipped))


def settings_of(examined: Examined, options: Options) -> list[Settings]:
    """Return the settings of a tree, read again: with ``options.instead`` in the files' places."""
    from ringfence.audit.collect import settings  # noqa: PLC0415 - the parsers

    root, project = examined.root, examined.project
    files = {path: options.instead.get(path, root / path) for path in project.python}
    found, _ = settings.read(root, project.python, options.settings or None, files=files)
    again = replace(project, settings=found)
    if options.loaded:
        _fill_in(again, root, options.loaded)
    return again.settings


def _kept_in(root: Path) -> Path | None:
    """Return the folder to keep things in, None where it might have come with what is audited."""
    where = folder()
    if where is None:
        return None
    top = answers.top_of(str(root))
    return None if Path(os.path.realpath(where)).is_relative_to(top) else where


def collect(root: Path, options: Options = _USUAL) -> Project:
    """Return all facts of the tree at ``root``, by reading it, and nothing that was kept."""
    from ringfence.audit import collecting  # noqa: PLC0415 - the parsers

    found = _found(root, options)
    project, _ = collecting.collect(found, options.settings, options.jobs, kept=Facts(None, "", {}))
    project.skipped.extend(found.skipped)
    return project


def _report(found: tree.Tree, options: Options, facts: Facts, tell: Tell | None) -> Report:
    return _examined(found, options, facts, tell)[1]


def _examined(
    found: tree.Tree, options: Options, facts: Facts, tell: Tell | None
) -> tuple[Project, Report]:
    from ringfence.audit import accept, collecting  # noqa: PLC0415 - the parsers
    from ringfence.audit.report import run_rules  # noqa: PLC0415 - the rules

    project, failed = collecting.collect(
        found, options.settings, options.jobs, kept=facts, tell=tell
    )
    project.day = _today()
    if options.advisories:
        from ringfence.audit.collect.dependencies.advisories import advisories  # noqa: PLC0415

        project.advisories, skipped = advisories(project.requirements)
        project.skipped.extend(skipped)
    if options.loaded:
        _fill_in(project, found.root, options.loaded)
    report = run_rules(project)
    return project, replace(
        report,
        findings=accept.applied(report.findings, project),
        unasked={**failed, **report.unasked},
    )


def _fill_in(project: Project, root: Path, loaded: Loaded) -> None:
    from ringfence.audit.loaded import filled_in  # noqa: PLC0415 - the rules

    path = Path(os.path.realpath(loaded.path))
    if path.is_relative_to(root):
        own = path.relative_to(root).as_posix()
        project.settings = [
            filled_in(each, loaded.values) if each.path == own else each
            for each in project.settings
        ]


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _known(body: bytes | None) -> Report | None:
    try:
        return None if body is None else codec.loads(Report, body)
    except codec.MalformedError:
        return None


def _found(root: Path, options: Options) -> tree.Tree:
    found = tree.walk(root, exclude=options.exclude)
    if options.paths:
        wanted = tuple(path.strip("/") for path in options.paths)
        found.files = [
            file
            for file in found.files
            if any(file.path == path or file.path.startswith(f"{path}/") for path in wanted)
        ]
    if options.instead:
        found.files = [
            replace(file, absolute=options.instead.get(file.path, file.absolute))
            for file in found.files
        ]
    return found


def _with_skipped(report: Report, skipped: Iterable[Skipped]) -> Report:
    together = sorted({*report.skipped, *skipped}, key=lambda each: (each.path, each.reason))
    return replace(report, skipped=together)


def _kept_files(found: tree.Tree) -> Iterable[tree.File]:
    yield from found.files
    for name in _ALSO:
        yield tree.File(name, found.root / name, "other", 0)


def _key(file: tree.File) -> str:
    """Return what the facts of a file are kept under: its path says what kind it is."""
    text = tree.read(file)
    return digest(file.path, text) if isinstance(text, str) else digest(file.path, "", text.reason)
