"""A tree -> a report, whatever is in the tree; and again, from what was kept."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ringfence.audit import collecting, run, store
from ringfence.audit.collect.settings import find
from ringfence.audit.collect.tree import File
from ringfence.audit.model import Project
from ringfence.audit.run import Options, audit, collect

pytestmark = pytest.mark.usefixtures("two_rules")

VIEW = """
from django.http import HttpResponse
from django.utils.safestring import mark_safe

def show(request):
    return HttpResponse(mark_safe("<b>" + request.GET["q"] + "</b>"))
"""
PAGE = "<a href='/'>{{ comment.text|safe }}</a>"
ALONE = Options(cache=False, jobs=1)


def codes(audited):
    return {each.code for each in audited.report.findings}


def skipped(audited):
    return {each.path: each.reason for each in audited.report.skipped}


def test_python_and_templates_are_read(tree):
    root = tree(files={"shop/views.py": VIEW, "shop/templates/shop/a.html": PAGE})
    project = collect(root, ALONE)
    assert list(project.python) == ["shop/views.py"]
    assert list(project.templates) == ["shop/templates/shop/a.html"]
    assert {"TEST401", "TEST402"} <= codes(audit(root, ALONE))


def test_only_the_paths_that_are_asked_for(tree):
    root = tree(files={"shop/views.py": VIEW, "shopping/views.py": VIEW, "a.py": VIEW})
    assert list(collect(root, replace(ALONE, paths=("shop", "a.py"))).python) == [
        "a.py",
        "shop/views.py",
    ]


def test_what_is_excluded_is_not_read(tree):
    root = tree(files={"shop/views.py": VIEW, "legacy/views.py": VIEW})
    assert list(collect(root, replace(ALONE, exclude=("legacy/",))).python) == ["shop/views.py"]


def test_one_file_is_a_tree(tree):
    root = tree(files={"views.py": VIEW})
    assert "TEST401" in codes(audit(root / "views.py", ALONE))


# Hostile trees

DEEP = "x = " + "(" * 5_000 + ")" * 5_000
LONG = "x = " + "+".join("a" * 20_000)
BAD = {
    "deep.py": DEEP,
    "long.py": LONG,
    "not_text.py": b"# \xff\xfe\n",
    "coding.py": b"# coding: nonsense\n",
    "zeros.py": b"\0" * 100,
    "templates/bytes.html": b"<p>\xff",
}


def test_a_bad_file_is_skipped_and_nothing_else_is_lost(tree):
    root = tree(files={**BAD, "shop/views.py": VIEW})
    audited = audit(root, ALONE)
    assert "TEST401" in codes(audited)
    told = skipped(audited)
    assert {"not_text.py", "coding.py", "zeros.py", "templates/bytes.html"} <= set(told)
    assert all(told.values())


def test_python_2_is_read_or_skipped_with_a_reason(tree):
    old = "print 'x'\ntry:\n    exec 'y' in {}\nexcept A, e:\n    raise A, 'b'\n"
    audited = audit(tree(files={"old.py": old, "shop/views.py": VIEW}), ALONE)
    assert "TEST401" in codes(audited)
    assert audited.report.files == 2 or "old.py" in skipped(audited)


def test_50_megabytes_are_skipped(tree):
    root = tree(files={"shop/views.py": VIEW})
    with (root / "data.py").open("wb") as stream:
        stream.truncate(50_000_000)  # a hole: it takes no room
    audited = audit(root, ALONE)
    assert "larger than" in skipped(audited)["data.py"]
    assert "TEST401" in codes(audited)


def test_links_neither_loop_nor_leave_the_tree(tree, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text(VIEW)
    root = tree(files={"shop/views.py": VIEW})
    (root / "shop" / "again").symlink_to(root, target_is_directory=True)
    (root / "out").symlink_to(outside, target_is_directory=True)
    (root / "file.py").symlink_to(outside / "secret.py")
    (root / "self.py").symlink_to(root / "self.py")
    assert list(collect(root, ALONE).python) == ["shop/views.py"]
    assert {"out", "file.py"} <= set(skipped(audit(root, ALONE)))


def test_a_pipe_is_not_waited_for(tree):
    root = tree(files={"shop/views.py": VIEW})
    os.mkfifo(root / "pipe.py")
    assert "TEST401" in codes(audit(root, ALONE))


def test_a_name_of_bytes_that_are_no_text(tree):
    root = tree(files={"shop/views.py": VIEW})
    Path(os.fsdecode(os.fsencode(root) + b"/\xff.py")).write_text(VIEW)
    audited = audit(root, Options(jobs=1))
    assert len(audited.report.findings) == 2
    assert audit(root, Options(jobs=1)).from_cache


TRAP = """
import os, pathlib
pathlib.Path(os.environ["TRAP"]).joinpath("sprung-by-" + __name__.replace(".", "-")).touch()
raise SystemExit("imported")
"""


def test_nothing_of_the_tree_is_imported_or_run(tree, tmp_path):
    """Every place that Python, Django or a tool would run code from by itself."""
    spring = tmp_path / "sprung"
    spring.mkdir()
    names = (
        *("manage.py", "setup.py", "conftest.py", "sitecustomize.py", "usercustomize.py"),
        *("mysite/__init__.py", "mysite/settings.py", "mysite/urls.py", "mysite/apps.py"),
        *("mysite/models.py", "mysite/templatetags/__init__.py", "mysite/templatetags/tags.py"),
        # Names of modules that the audit imports by itself.
        *("ast.py", "json.py", "parso.py", "django/__init__.py", "ringfence/__init__.py"),
        *("tomllib.py", "tokenize.py", "multiprocessing/__init__.py", "concurrent/__init__.py"),
    )
    trap = f"__import__('pathlib').Path(r'{spring}', 'git').touch()"
    root = tree(
        files={
            **dict.fromkeys(names, TRAP),
            "mysite/templates/a.html": "{% load tags %}{{ x|safe }}",
            # So much to read that other processes are started.
            "mysite/long.py": ("# " + 997 * "x" + "\n") * 450,
            "pyproject.toml": "[tool.ringfence]\nfail-on = 'never'\n",
            ".git/config": f'[core]\nfsmonitor = {sys.executable} -c "{trap}"\n',
        }
    )
    code = "import sys; from ringfence.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "audit", ".", "--jobs", "2"],
        cwd=root,
        env={**os.environ, "TRAP": str(spring), "PYTHONPATH": str(Path("src").resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Read " in done.stdout
    assert list(spring.iterdir()) == []


# Failures of our own


def test_a_reader_that_raises_costs_one_file(tree, monkeypatch):
    read = collecting.python.read_python

    def fail(text, path, **options):
        if path == "b.py":
            raise ZeroDivisionError("of its own")
        return read(text, path, **options)

    monkeypatch.setattr(collecting.python, "read_python", fail)
    audited = audit(tree(files={"a.py": VIEW, "b.py": VIEW}), ALONE)
    assert skipped(audited) == {"b.py": "cannot be read: ZeroDivisionError: of its own"}
    assert codes(audited) >= {"TEST401"}


def test_a_link_that_raises_is_told(tree, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("of its own")

    monkeypatch.setattr(collecting.settings, "read", fail)
    audited = audit(tree(files={"a.py": VIEW}), ALONE)
    assert audited.report.unasked["settings"] == "ZeroDivisionError: of its own"
    assert codes(audited) >= {"TEST401"}


def test_a_file_that_takes_too_long_is_skipped(tree, monkeypatch):
    def hang(*_args, **_options):
        while True:
            pass

    monkeypatch.setattr(collecting, "_PATIENCE", 0.05)
    monkeypatch.setattr(collecting.python, "read_python", hang)
    audited = audit(tree(files={"a.py": VIEW, "templates/b.html": PAGE}), ALONE)
    assert "longer than" in skipped(audited)["a.py"]
    assert "TEST402" in codes(audited)


def test_a_process_that_ends_costs_one_file(tree, monkeypatch):
    read = collecting.python.read_python
    parent = os.getpid()

    def die(text, path, **options):
        if path == "b.py" and os.getpid() != parent:
            os._exit(1)
        return read(text, path, **options)

    monkeypatch.setattr(collecting, "_ALONE", 0)
    monkeypatch.setattr(collecting, "_context", lambda: collecting.get_context("fork"))
    monkeypatch.setattr(collecting.python, "read_python", die)
    audited = audit(
        tree(files={"a.py": VIEW, "b.py": VIEW, "c.py": VIEW}), Options(cache=False, jobs=2)
    )
    assert skipped(audited) == {"b.py": "reading it ended the process that did"}
    assert {each.hit.place.path for each in audited.report.findings} == {"a.py", "c.py"}


def test_several_processes_find_what_one_does(tree, monkeypatch):
    root = tree(files={f"app{n}/views.py": VIEW for n in range(8)} | BAD)
    monkeypatch.setattr(collecting, "_ALONE", 0)
    monkeypatch.setattr(collecting, "_BATCH", 2_000)
    together = audit(root, Options(cache=False, jobs=2)).report
    alone = audit(root, ALONE).report
    assert together == alone


# What is kept


@pytest.fixture
def reads(monkeypatch):
    """Return the paths that were read, in this process."""
    found = []
    read = collecting._read

    def note(file):
        found.append(file.path)
        return read(file)

    monkeypatch.setattr(collecting, "_read", note)
    return found


KEEP = Options(jobs=1)


def test_nothing_new_is_answered_from_what_was_kept(tree, reads):
    root = tree(files={**BAD, "a.py": VIEW, "templates/b.html": PAGE})
    first = audit(root, KEEP)
    count = len(reads)
    second = audit(root, KEEP)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert len(reads) == count
    assert codes(second) == codes(first)
    assert [vars_of(each) for each in second.report.findings] == [
        vars_of(each) for each in first.report.findings
    ]
    assert second.report.skipped == first.report.skipped


def vars_of(finding):
    return {name: getattr(finding, name) for name in type(finding).__slots__}


def test_only_what_changed_is_read_again(tree, reads):
    root = tree(files={"a.py": VIEW, "b.py": VIEW})
    audit(root, KEEP)
    reads.clear()
    (root / "b.py").write_text("x = 1\n")
    audited = audit(root, KEEP)
    assert reads == ["b.py"]
    assert {each.hit.place.path for each in audited.report.findings} == {"a.py"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: (root / "c.py").write_text(VIEW), id="a new file"),
        pytest.param(lambda root: (root / "b.py").unlink(), id="a file less"),
        pytest.param(lambda root: (root / "b.py").rename(root / "d.py"), id="another name"),
        pytest.param(lambda root: (root / "Procfile").write_text("web: x"), id="who serves it"),
    ],
)
def test_a_change_of_the_tree_is_seen(tree, change):
    root = tree(files={"a.py": VIEW, "b.py": VIEW})
    audit(root, KEEP)
    change(root)
    assert not audit(root, KEEP).from_cache


def test_other_settings_are_another_report(tree):
    root = tree(files={"a.py": VIEW})
    audit(root, KEEP)
    assert not audit(root, replace(KEEP, settings="shop.settings")).from_cache


def test_another_version_reads_nothing_of_it(tree, monkeypatch, reads):
    root = tree(files={"a.py": VIEW})
    audit(root, KEEP)
    reads.clear()
    monkeypatch.setattr(run, "version", lambda: "another")
    assert not audit(root, KEEP).from_cache
    assert reads == ["a.py"]


def test_every_file_that_says_what_is_deployed_is_asked_after():
    assert set(find._FILES) <= set(run._ALSO)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="torn"),
        pytest.param(lambda text: text.replace(b"[", b"{"), id="no JSON"),
        pytest.param(lambda text: text.replace(b'"', b"7"), id="no strings"),
        pytest.param(lambda text: b"\x80\x04cos\nsystem\n(S'id'\ntR." + text, id="a pickle"),
        pytest.param(lambda text: b"", id="empty"),
    ],
)
def test_a_damaged_cache_is_not_believed(tree, cache, damage):
    root = tree(files={"a.py": VIEW})
    first = audit(root, KEEP)
    for path in cache.iterdir():
        path.write_bytes(damage(path.read_bytes()))
    assert audit(root, KEEP).report == first.report


def test_the_cache_is_the_users_own(tree, cache):
    audit(tree(files={"a.py": VIEW}), KEEP)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.iterdir()} == {0o600}
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    "unsafe",
    [
        pytest.param(lambda folder: (folder.mkdir(), folder.chmod(0o777)), id="anyone's"),
        pytest.param(lambda folder: folder.symlink_to(folder.parent), id="a link"),
        pytest.param(lambda folder: folder.write_text("x"), id="a file"),
    ],
)
def test_a_cache_that_others_can_write_to_is_not_used(tree, cache, unsafe):
    cache.parent.mkdir(exist_ok=True)
    unsafe(cache)
    assert store.folder() is None
    root = tree(files={"a.py": VIEW})
    audit(root, KEEP)
    assert not audit(root, KEEP).from_cache


def test_without_a_cache_nothing_is_written(tree, cache):
    audit(tree(files={"a.py": VIEW}), ALONE)
    assert not cache.exists()


def test_a_run_that_was_broken_off_leaves_no_file(tree, cache, monkeypatch):
    root = tree(files={"a.py": VIEW})

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(collecting.python, "link", interrupt)
    with pytest.raises(KeyboardInterrupt):
        audit(root, KEEP)
    assert list(cache.iterdir()) == []


def test_progress_counts_to_the_end(tree):
    told = []
    audit(
        tree(files={"a.py": VIEW, "b.py": VIEW}),
        ALONE,
        lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


def test_facts_are_those_of_the_files(tree):
    root = tree(files={"a.py": "x = 1  # ringfence: accept SQL401 ours\n"})
    project = collect(root, ALONE)
    assert isinstance(project, Project)
    assert project.python["a.py"].accepted == {1: (("SQL401", "ours"),)}
    assert File("a.py", root / "a.py", "python", 1).path == "a.py"
