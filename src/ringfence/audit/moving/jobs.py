"""Goals -> jobs: which strings of which files go, are renamed, or get a new one before them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ringfence.audit.fixes._lists import added
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Place, Project
from ringfence.audit.moving.bench import Bench, HandError, Job, constants
from ringfence.audit.moving.lists import Holder
from ringfence.audit.moving.plan import APP, Goal, alias_of, is_same
from ringfence.audit.moving.turns import (
    put,
    rename,
    shift,
    stand_in,
    take,
    write_engine,
    write_frames,
)

__all__ = ["engine_jobs", "files_of", "frame_jobs", "list_jobs"]

#: What needs an entry to be there.
_NEEDS = ("index", "remove")


def list_jobs(
    bench: Bench, project: Project, goals: Sequence[Goal], others: Sequence[Goal] = ()
) -> list[Job]:
    """Return the jobs after which lists have what is to be in them, and not what is to go.

    ``others`` are lists that are made of the same ones: what they put first comes behind it.

    :raises HandError: if one of the entries is not written where it can be changed.
    """
    jobs: dict[tuple[str, int, int], Job] = {}
    gone: set[str] = set()
    for goal in goals:
        new = _new(goal)
        for each in goal.gone:
            gone.add(str.__str__(each))
            _add(jobs, _holder(bench, goal, each), partial(take, value=str.__str__(each)))
        here = [each for each in goal.before if is_same(each, new)]
        if goal.setting == "MIDDLEWARE" and here and here[0] is not goal.before[0]:
            _add(jobs, _holder(bench, goal, here[0]), partial(take, value=new))
            here = []
        if new in goal.after and not here:
            for job in _first(bench, goal, new):
                jobs[job.path, job.line, job.column] = job
    for path in files_of(project, goals):
        for job in _needing(bench.text(path), gone, _new(goals[0])):
            jobs.setdefault((job.path, job.line, job.column), job)
    for goal in others:
        for job in _behind(bench, goal, jobs):
            jobs.setdefault((job.path, job.line, job.column), job)
    return list(jobs.values())


def _new(goal: Goal) -> str:
    """Return what is to come in: the fence, or a class that builds upon it, or the app."""
    return APP if goal.setting == "INSTALLED_APPS" else str.__str__(goal.after[0])


def engine_jobs(bench: Bench, goals: Iterable[Goal]) -> list[Job]:
    """Return the jobs after which ``TEMPLATES`` names other backends.

    :raises HandError: if one of them is not written where it can be changed.
    """
    jobs: dict[tuple[str, int, int], Job] = {}
    for goal in goals:
        for old, new in zip(goal.before, goal.after, strict=True):
            if old != new:
                named = "" if _has_name(goal, old) else alias_of(str.__str__(old))
                make = partial(write_engine, value=str.__str__(old), new=new, alias=named)
                _add(jobs, _holder(bench, goal, old), make)
    return list(jobs.values())


def _has_name(goal: Goal, backend: Any) -> bool:
    """Whether an engine is called by what it is called explicitly."""
    return any(
        each.get("BACKEND") is backend and "NAME" in each for each in goal.site.get("TEMPLATES")
    )


def frame_jobs(bench: Bench, goals: Iterable[Goal]) -> list[Job]:
    """Return the jobs that write ``X_FRAME_OPTIONS`` below ``MIDDLEWARE``.

    :raises HandError: if more than the one statement stands on its lines.
    """
    jobs: dict[tuple[str, int], Job] = {}
    for goal in goals:
        place = goal.site.values["MIDDLEWARE"].place
        text = bench.text(place.path)
        found = [
            node
            for node in text.nodes
            if isinstance(node, ast.stmt) and node.lineno == place.line and not _body(node)
        ]
        if len(found) != 1:
            raise HandError(place, "more than one statement stands on its line")
        end = found[0].end_lineno or found[0].lineno
        quote = "'" if "'" in text.source(found[0]).partition('"')[0] else '"'
        make = partial(write_frames, indent=found[0].col_offset, line=end, quote=quote)
        jobs[place.path, end] = Job(place.path, end + 1, 0, make, turn=1)
    return list(jobs.values())


def files_of(project: Project, goals: Iterable[Goal]) -> list[str]:
    """Return the paths of the settings modules, of what the goals' entries stand in, and beside."""
    paths = {site.path for site in project.settings}
    paths |= {each.path for goal in goals for each in goal.before if getattr(each, "path", "")}
    folders = {path.rpartition("/")[0] for path in paths if "settings/" in path}
    beside = {path for path in project.python if path.rpartition("/")[0] in folders}
    return sorted(path for path in paths | beside if path in project.python)


def _body(node: ast.stmt) -> bool:
    return isinstance(getattr(node, "body", None), list)


def _add(jobs: dict[tuple[str, int, int], Job], holder: Holder, make: Any) -> None:
    node, path = holder.node, holder.text.path
    jobs.setdefault(
        (path, node.lineno, node.col_offset), Job(path, node.lineno, node.col_offset, make)
    )


def _holder(bench: Bench, goal: Goal, entry: Any) -> Holder:
    """Return what holds an entry, where it is written."""
    path, line = getattr(entry, "path", ""), getattr(entry, "line", 0)
    if not path or not isinstance(entry, str):
        raise HandError(goal.place, "what it holds is known only when it runs")
    text = bench.text(path)
    value = str.__str__(entry)
    found = constants(text, line, value)
    if len(found) != 1:
        shown = text.lines[line - 1].strip()[:200] if line <= len(text.lines) else ""
        why = f'"{value}" is not written out in one piece there'
        raise HandError(Place(path, line, text=shown), why)
    return Holder(text, found[0])


def _value(holder: Holder) -> str:
    return str(getattr(holder.node, "value", ""))


def _first(bench: Bench, goal: Goal, new: str) -> Iterator[Job]:
    """Yield the jobs after which ``new`` is there: of middlewares, before all others."""
    if not goal.before:
        yield _only(bench, goal, new)
        return
    gone = set(goal.gone)
    passed: list[Holder] = []
    anchor: Holder | None = None
    for each in goal.before:
        if each == new:
            continue
        holder = _holder(bench, goal, each)
        if holder.is_root:
            anchor = holder
            break
        if str.__str__(each) not in gone:
            passed.append(holder)
    if anchor is None:
        raise HandError(goal.place, "there is no list written out that it begins with")
    if goal.setting == "INSTALLED_APPS":
        anchor, passed = _third_party(bench, goal, anchor), []
    value = _value(anchor)
    make: Any = stand_in if value in gone else put
    node = anchor.node
    yield Job(
        anchor.text.path,
        node.lineno,
        node.col_offset,
        partial(make, value=value, name=new),
    )
    for holder in passed:
        statement = holder.statement
        make = partial(shift, value=_value(holder))
        yield Job(holder.text.path, statement.lineno, statement.col_offset, make)


def _behind(bench: Bench, goal: Goal, jobs: Mapping[tuple[str, int, int], Job]) -> Iterator[Job]:
    """Yield the jobs that put behind the fence what another list has before its place."""
    if goal.setting != "MIDDLEWARE" or any(is_same(each, _new(goal)) for each in goal.before):
        return
    passed: list[Holder] = []
    for each in goal.before:
        holder = _holder(bench, goal, each)
        node = holder.node
        job = jobs.get((holder.text.path, node.lineno, node.col_offset))
        if job is None:
            passed.append(holder)
        elif holder.is_root:
            break
    else:
        return
    for holder in passed:
        statement = holder.statement
        make = partial(shift, value=_value(holder))
        yield Job(holder.text.path, statement.lineno, statement.col_offset, make)


def _third_party(bench: Bench, goal: Goal, anchor: Holder) -> Holder:
    """Return the first entry of a list for packages of others, where a site has one."""
    for each in goal.before:
        path: str = getattr(each, "path", "")
        if isinstance(each, str) and path:
            holder = _holder(bench, goal, each)
            statement = holder.statement
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            if holder.is_root and any("THIRD" in name for name in names):
                return holder
    return anchor


def _only(bench: Bench, goal: Goal, new: str) -> Job:
    """Return the job that puts the one entry into an empty list."""
    text = bench.text(goal.place.path)
    for statement, value in text.assigned(goal.setting):
        if statement.lineno == goal.place.line and isinstance(value, ast.List | ast.Tuple):

            def make(now: Text, at: tuple[int, int]) -> list[Edit]:
                ((_, node),) = (
                    each for each in now.assigned(goal.setting) if each[0].lineno == at[0]
                )
                assert isinstance(node, ast.List | ast.Tuple)
                return added(now, node, 0, new, safe=False)

            return Job(text.path, statement.lineno, statement.col_offset, make)
    raise HandError(goal.place, "there is no list written out that it begins with")


def _needing(text: Text, gone: set[str], new: str) -> Iterator[Job]:
    """Yield the jobs for calls that would fail where an entry is no more."""
    for node in text.nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in _NEEDS or len(node.args) != 1:
            continue
        argument = node.args[0]
        if not isinstance(argument, ast.Constant) or argument.value not in gone:
            continue
        value = str(argument.value)
        make: Any = partial(take, value=value)
        if node.func.attr == "index":
            make = partial(rename, value=value, name=new)
        yield Job(text.path, argument.lineno, argument.col_offset, make)
