"""The last answer to the same command: given again where nothing changed, and never else."""

from __future__ import annotations

import os
import time

import pytest

from ringfence import cli
from ringfence.audit import answers, command
from ringfence.audit.collect import tree as walking

pytestmark = pytest.mark.usefixtures("two_rules")

VIEW = """
from django.utils.safestring import mark_safe

def show(request):
    return mark_safe("<b>" + request.GET["q"] + "</b>")
"""
OTHER = VIEW.replace("def show", "def hide")
LATER = 10_000_000_000


@pytest.fixture
def long_ago(monkeypatch):
    """Let the audit begin when what the test wrote is old enough to be relied upon."""
    monkeypatch.setattr(walking, "now", lambda: time.time_ns() + LATER)


@pytest.fixture
def ringfence(capsys, monkeypatch):
    """Return what runs the command, and says whether it was answered from what was kept."""
    handle = command.handle
    asked = []

    def note(stdout, stderr, options):
        asked.append(options)
        return handle(stdout, stderr, options)

    monkeypatch.setattr(command, "handle", note)

    def run(*arguments):
        asked.clear()
        status = cli.main(["audit", *map(str, arguments)])
        return status, capsys.readouterr().out, not asked

    return run


@pytest.fixture
def root(tree):
    files = {"a.py": VIEW, "shop/b.py": "x = 1\n", ".gitignore": "*.txt\n", ".git/HEAD": ""}
    return tree(files=files)


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit", "html"])
def test_the_same_question_has_the_same_answer(root, ringfence, form, monkeypatch):
    monkeypatch.setattr(answers.time, "monotonic", lambda: 7.0)
    first = ringfence(root, "--format", form)
    # The second is said to be what it was the last time, which the third has word for word.
    second = ringfence(root, "--format", form)
    third = ringfence(root, "--format", form)
    assert (first[2], second[2], third[2]) == (False, True, True)
    assert (first[0], second[0]) == (1, 1)
    assert second[1] == third[1]
    if form != "text":
        assert first[1] == second[1]
    else:
        assert "as it was the last time" in second[1]


def _rewritten(root):
    path = root / "a.py"
    before = path.stat()
    path.write_text(OTHER)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_rewritten, id="other text of the same size and time"),
        pytest.param(lambda root: (root / "shop/b.py").write_text("x = 2\n"), id="in a folder"),
        pytest.param(lambda root: (root / "shop/c.py").write_text(""), id="a new file"),
        pytest.param(lambda root: (root / "shop/b.py").unlink(), id="a file less"),
        pytest.param(lambda root: (root / "a.py").rename(root / "b.py"), id="another name"),
        pytest.param(lambda root: (root / "new").mkdir(), id="a new folder"),
        pytest.param(lambda root: (root / ".gitignore").write_text("shop/\n"), id="left out"),
        pytest.param(lambda root: (root / "shop/.gitignore").write_text("*\n"), id="a .gitignore"),
        pytest.param(lambda root: (root / "Procfile").write_text("web: x"), id="who serves it"),
        pytest.param(lambda root: (root / "a.py").chmod(0o600), id="who may read it"),
        pytest.param(
            lambda root: (root / "pyproject.toml").write_text("[tool.ringfence]\noff = ['TEST']\n"),
            id="a configuration",
        ),
        pytest.param(lambda root: (root / ".git/HEAD").rename(root / "HEAD"), id="moved into it"),
    ],
)
def test_a_change_of_the_tree_is_seen(root, ringfence, change):
    ringfence(root)
    assert ringfence(root)[2]
    change(root)
    assert not ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
def test_git_may_work_in_its_own_folder(root, ringfence):
    ringfence(root)
    (root / ".git/index").write_bytes(b"x")
    assert ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
def test_a_configuration_above_is_seen(root, ringfence):
    ringfence(root / "shop")
    assert ringfence(root / "shop")[2]
    (root / "pyproject.toml").write_text("[tool.ringfence]\nfail-on = 'never'\n")
    assert not ringfence(root / "shop")[2]


@pytest.mark.usefixtures("long_ago")
def test_another_repository_is_seen(root, ringfence):
    ringfence(root / "shop")
    (root / ".git/HEAD").unlink()
    (root / ".git").rmdir()
    assert not ringfence(root / "shop")[2]


@pytest.mark.usefixtures("long_ago")
def test_another_baseline_is_seen(root, ringfence, tmp_path):
    baseline = tmp_path / "known.json"
    ringfence(root, "--write-baseline", baseline)
    ringfence(root, "--baseline", baseline)
    assert ringfence(root, "--baseline", baseline)[::2] == (0, True)
    baseline.write_text('{"version": 1, "findings": []}')
    assert not ringfence(root, "--baseline", baseline)[2]


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda patch: patch.setenv("NO_COLOR", "1"), id="colours"),
        pytest.param(lambda patch: patch.setattr(answers.sys, "version", "x"), id="Python"),
        pytest.param(lambda patch: patch.setattr(answers.ringfence, "__version__", "x"), id="ours"),
        pytest.param(
            lambda patch: patch.setattr(answers.time, "gmtime", lambda: (2030,) + (1,) * 8),
            id="the day, for what is accepted until one",
        ),
        pytest.param(lambda patch: patch.chdir("/"), id="where it is asked"),
        pytest.param(
            lambda patch: patch.setattr(answers, "_package", lambda: {"a.py": (0,) * 5}),
            id="the package's files",
        ),
    ],
)
def test_another_question_has_an_answer_of_its_own(root, ringfence, monkeypatch, change):
    ringfence(root)
    assert ringfence(root)[2]
    change(monkeypatch)
    assert not ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--no-cache"], id="without a cache"),
        pytest.param(["--diff"], id="a difference"),
        pytest.param(["--fix"], id="fixes"),
        pytest.param(["--output", "report.txt"], id="a file"),
        pytest.param(["--write-baseline", "known.json"], id="a baseline"),
    ],
)
def test_what_does_more_than_print_is_always_done(root, ringfence, monkeypatch, tmp_path, options):
    monkeypatch.chdir(tmp_path)
    ringfence(root, *options)
    assert not ringfence(root, *options)[2]


def test_a_change_just_before_is_not_relied_upon(root, ringfence, cache):
    # Written in the same tick of the file system's clock, another text would have the same times.
    ringfence(root)
    assert not ringfence(root)[2]
    assert not [*cache.glob("*.answer")]


@pytest.mark.usefixtures("long_ago")
def test_an_audit_that_could_not_do_its_job_is_done_again(tree, ringfence):
    root = tree(files={"a.py": b"\0\0"})
    assert ringfence(root)[0] == 2
    assert not ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="torn"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"[]", id="no object"),
        pytest.param(lambda data: data.replace(b'"said"', b'"sayd"'), id="nothing said"),
        pytest.param(lambda data: data.replace(b'"depends":[[', b'"depends":[[7,7],['), id="shape"),
        pytest.param(lambda data: b"\x80\x04cos\nsystem\n(S'id'\ntR.", id="a pickle"),
        pytest.param(lambda data: b"[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_answer_is_not_believed(root, ringfence, cache, damage):
    ringfence(root)
    (path,) = cache.glob("*.answer")
    path.write_bytes(damage(path.read_bytes()))
    assert ringfence(root)[::2] == (1, False)


@pytest.mark.usefixtures("long_ago")
def test_a_cache_that_others_can_write_to_is_not_used(root, ringfence, cache):
    ringfence(root)
    cache.chmod(0o777)
    assert not ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
def test_an_answer_that_came_with_the_tree_is_not_believed(root, ringfence, cache, monkeypatch):
    ringfence(root)
    assert ringfence(root)[2]
    # Nothing that the answer depends on changes by this.
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / ".git/cache"))
    (root / ".git/cache").mkdir()
    cache.rename(root / ".git/cache/ringfence")
    assert not ringfence(root)[2]


@pytest.mark.usefixtures("long_ago")
def test_a_link_that_leads_elsewhere_now(tree, ringfence, tmp_path):
    tree(files={"one/a.py": VIEW, "two/a.py": "x = 1\n"})
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "tree/one")
    ringfence(link)
    assert ringfence(link)[::2] == (1, True)
    link.unlink()
    link.symlink_to(tmp_path / "tree/two")
    assert ringfence(link)[::2] == (0, False)
