"""Files -> facts, in several processes, and what they mean to one another.

Imported only when something is to be read: an audit that knows its answer from the last run does
not wait for the parsers.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Final, NamedTuple

from ringfence.audit import accept, codec
from ringfence.audit.collect import python, scripts, settings, templates, tree, urls
from ringfence.audit.collect.dependencies import files as dependencies
from ringfence.audit.collect.environment import files as environment
from ringfence.audit.collect.tree import File
from ringfence.audit.model import Project, PythonFacts, ScriptFacts, Skipped, TemplateFacts
from ringfence.audit.store import Facts, digest

__all__ = ["Tell", "collect"]

#: Less than this to read, in bytes, is read before other processes have started.
_ALONE: Final = 400_000
#: What a process is given at a time, in bytes.
_BATCH: Final = 100_000
#: In so few bytes nothing is nested so deeply, or grows so large, that a process ends by it.
_SHORT: Final = 50_000
#: Seconds for one file; the slowest honest one takes two.
_PATIENCE: Final = 60
#: What is known of a file of any kind.
_Known = PythonFacts | TemplateFacts | ScriptFacts
_KINDS: Final[dict[str, type[_Known]]] = {
    "python": PythonFacts,
    "template": TemplateFacts,
    "script": ScriptFacts,
}

#: Hears how many files are done, of how many.
Tell = Callable[[int, int], None]


class _Read(NamedTuple):
    """One file's facts, or why there are none. From another process they come as JSON."""

    key: str
    facts: _Known | str
    reason: str = ""


def collect(
    found: tree.Tree, wanted: str, jobs: int, *, kept: Facts, tell: Tell | None = None
) -> tuple[Project, dict[str, str]]:
    """Return all facts of ``found``; ``wanted`` is the settings module that is deployed.

    What ``kept`` has of them is taken from there. Beside them stands what of the audit's own work
    failed, by name: then something is not known that could have been.
    """
    project = Project()
    with _fewer_collections():
        _read_into(project, found, jobs, kept, tell)
        failed: dict[str, str] = {}
        steps = {
            "links": partial(_link_python, project),
            "templates": partial(_link_templates, project, found),
            "dependencies": partial(_dependencies, project, found),
            "environment": partial(_environment, project, found),
            "settings": partial(_settings, project, found, wanted),
            "urls": partial(_urls, project),
        }
        for name, step in steps.items():
            try:
                step()
            except Exception as error:  # noqa: BLE001 - what the other steps find out is kept
                failed[name] = f"{type(error).__name__}: {error}"
    return project, failed


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Facts hold no cycles: looking through them again and again for some takes long."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read_into(
    project: Project, found: tree.Tree, jobs: int, kept: Facts, tell: Tell | None
) -> None:
    to_read: list[File] = []
    total = done = 0
    for file in found.files:
        if file.kind not in _KINDS:
            continue
        total += 1
        body = kept.get(file.path)
        if body is None or not _add(project, file, body):
            to_read.append(file)
    done = total - len(to_read)
    for file, read in _read_all(to_read, jobs):
        done += 1
        if tell is not None:
            tell(done, total)
        if read.reason:
            project.skipped.append(Skipped(file.path, read.reason))
        elif _add(project, file, read.facts) and kept.keeps:
            text = read if isinstance(read.facts, str) else _as_text(read)
            if isinstance(text.facts, str) and not text.reason:
                kept.put(file.path, read.key, text.facts.encode())
    # Files come in any order; what is said of them does not.
    project.python = dict(sorted(project.python.items()))
    project.templates = dict(sorted(project.templates.items()))
    project.scripts = dict(sorted(project.scripts.items()))


def _dependencies(project: Project, found: tree.Tree) -> None:
    project.requirements, skipped = dependencies.read(found.of_kind("other"))
    project.skipped.extend(skipped)


def _environment(project: Project, found: tree.Tree) -> None:
    project.environment, skipped = environment.read(found.of_kind("environment"))
    project.skipped.extend(skipped)


def _settings(project: Project, found: tree.Tree, wanted: str) -> None:
    files = {file.path: file.absolute for file in found.of_kind("python")}
    of_settings, skipped = settings.read(
        found.root,
        project.python,
        wanted or None,
        files=files,
        environment=project.environment,
    )
    project.settings.extend(of_settings)
    project.skipped.extend(skipped)


def _urls(project: Project) -> None:
    project.urls = urls.resolve(project.python, project.settings)


def _link_python(project: Project) -> None:
    project.python = python.link(project.python)


def _link_templates(project: Project, found: tree.Tree) -> None:
    files = {file.path: file for file in found.of_kind("template")}

    def text_of(path: str) -> str | None:
        text = tree.read(files[path]) if path in files else None
        return text if isinstance(text, str) else None

    templates.settle(project.templates, text_of)


def _add(project: Project, file: File, facts: _Known | str | bytes) -> bool:
    if isinstance(facts, str | bytes):
        try:
            facts = codec.loads(_KINDS[file.kind], facts)
        except codec.MalformedError:
            return False
    gaps = getattr(facts, "gaps", "")
    if gaps:
        project.skipped.append(Skipped(file.path, f"read in part: {gaps}"))
    if isinstance(facts, PythonFacts):
        project.python[file.path] = facts
    elif isinstance(facts, ScriptFacts):
        project.scripts[file.path] = facts
    else:
        project.templates[file.path] = facts
    return True


# In other processes


def _read_all(files: Sequence[File], jobs: int) -> Iterator[tuple[File, _Read]]:
    """Yield the facts of ``files``, in any order."""
    jobs = jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else jobs or 2
    if jobs == 1 or sum(file.size for file in files) < _ALONE:
        for file in files:
            yield file, _read(file)
        return
    from ringfence.audit.processes import BrokenExecutor, spread  # noqa: PLC0415 - if needed

    left = {file.path: file for file in files}
    try:
        for file, read in spread(_read_batch, list(_batches(files)), jobs, _read_short):
            del left[file.path]
            yield file, read
    except BrokenExecutor:
        # One of them ended its process. Each of the rest gets one of its own.
        for file in list(left.values()):
            try:
                yield from spread(_read_batch, [[file]], 1)
            except BrokenExecutor:
                yield file, _Read("", "", "reading it ended the process that did")


def _batches(files: Sequence[File]) -> Iterator[list[File]]:
    """Yield files together, the large ones first: no process then works alone at the end."""
    batch: list[File] = []
    size = 0
    for file in sorted(files, key=lambda file: file.size, reverse=True):
        batch.append(file)
        size += file.size + 2000
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_short(files: list[File]) -> list[_Read] | None:
    """Read what is too short to end a process by; None if it is not."""
    if max(file.size for file in files) > _SHORT:
        return None
    return [*map(_read, files)]


def _read_batch(files: list[File]) -> list[_Read]:
    with _fewer_collections():
        return [_as_text(read) for read in map(_read, files)]


def _as_text(read: _Read) -> _Read:
    """Return what was read with its facts as JSON; what JSON cannot hold has a reason instead."""
    if read.reason:
        return read
    try:
        return read._replace(facts=codec.dumps(read.facts))
    except (RecursionError, MemoryError):
        return _Read("", "", "nested too deeply")


def _read(file: File) -> _Read:
    """Return the facts of one file, whatever is in it."""
    try:
        with _limited():
            text = tree.read(file)
            if isinstance(text, Skipped):
                return _Read("", "", text.reason)
            key = digest(file.path, text)
            facts = _facts(file, text)
            if isinstance(facts, Skipped):
                return _Read("", "", facts.reason)
            return _Read(key, facts)
    except _TooLongError:
        return _Read("", "", f"reading it takes longer than {_PATIENCE} seconds")
    except RecursionError:
        return _Read("", "", "nested too deeply")
    except MemoryError:
        return _Read("", "", "nested too deeply, or too large for the memory there is")
    except Exception as error:  # noqa: BLE001 - no file may keep the others from being read
        return _Read("", "", f"cannot be read: {type(error).__name__}: {error}"[:200])


def _facts(file: File, text: str) -> _Known | Skipped:
    if file.kind == "python":
        of_module = python.read_python(text, file.path, is_test=file.is_test)
        if isinstance(of_module, PythonFacts):
            accepted = accept.in_python(text)
            return replace(of_module, accepted=accepted) if accepted else of_module
        return of_module
    if file.kind == "script":
        of_script = scripts.read_script(file.path, text, is_test=file.is_test)
        return replace(of_script, accepted=accept.in_script(text))
    of_template = templates.read(file.path, text)
    if isinstance(of_template, TemplateFacts):
        return replace(of_template, accepted=accept.in_template(text), is_test=file.is_test)
    return of_template


class _TooLongError(BaseException):
    """A file took longer than is reasonable. No ``except Exception`` on the way may hear of it."""


@contextmanager
def _limited() -> Iterator[None]:
    """Raise :class:`_TooLongError` in what takes too long, where the system has such an alarm."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
