"""``ringfence audit`` and ``ringfence explain``, as they are typed."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from ringfence import cli
from ringfence.audit import command, configured
from ringfence.audit import rules as registry

VIEW = """
from django.utils.safestring import mark_safe

def show(request):
    return mark_safe("<b>" + request.GET["q"] + "</b>")
"""
CLEAN = "x = 1\n"


@pytest.fixture
def ringfence(capsys):
    def run(*arguments):
        try:
            status = cli.main([str(each) for each in arguments])
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


pytestmark = pytest.mark.usefixtures("two_rules")


@pytest.mark.parametrize(
    ("files", "options", "status"),
    [
        pytest.param({"a.py": CLEAN}, [], 0, id="clean"),
        pytest.param({"a.py": VIEW}, [], 1, id="a finding"),
        pytest.param({"a.py": VIEW}, ["--fail-on", "critical"], 0, id="less than fails"),
        pytest.param({"a.py": VIEW}, ["--fail-on", "never"], 0, id="nothing fails"),
        pytest.param({}, [], 2, id="nothing there"),
        pytest.param({"a.py": b"\0\0"}, [], 2, id="nothing that can be read"),
        pytest.param({"a.py": b"\0\0", "b.py": CLEAN}, [], 0, id="one of two can be read"),
        pytest.param(
            {"a.py": VIEW, "pyproject.toml": "[tool.ringfence]\nfail-on = 'never'"},
            [],
            0,
            id="the configuration says",
        ),
        pytest.param(
            {"a.py": VIEW, "pyproject.toml": "[tool.ringfence]\nfail-on = 'never'"},
            ["--fail-on", "warning"],
            1,
            id="the command line says otherwise",
        ),
        pytest.param(
            {"a.py": VIEW, "pyproject.toml": "[tool.ringfence]\nfail_on = 'never'"},
            [],
            2,
            id="the configuration is wrong",
        ),
        pytest.param({"a.py": VIEW}, ["--baseline", "none.json"], 2, id="no such baseline"),
        pytest.param({"a.py": VIEW}, ["--format", "yaml"], 2, id="no such format"),
        pytest.param({"a.py": VIEW}, ["--output", "no/such/x"], 2, id="cannot be written"),
    ],
)
def test_the_exit_status(tree, ringfence, files, options, status):
    root = tree(files=files)
    assert ringfence("audit", root, *options)[0] == status


def test_a_tree_that_is_not_there(ringfence):
    status, out, err = ringfence("audit", "/no/such\x1b[2J")
    assert (status, out) == (2, "")
    assert "there is no such file or folder" in err
    assert "\x1b" not in err


def test_a_rule_that_fails_is_status_2(tree, ringfence, monkeypatch):
    monkeypatch.setattr(registry, "broken", lambda without=(): {"xss000": "SyntaxError: no"})
    status, out, _ = ringfence("audit", tree(files={"a.py": VIEW}))
    assert status == 2
    assert "Could not ask xss000" in out
    assert "TEST401" in out  # and nothing else is lost


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github", "junit", "html"])
def test_every_format_can_be_written_to_a_file(tree, ringfence, tmp_path, format_):
    target = tmp_path / "out"
    status, out, _ = ringfence(
        "audit", tree(files={"a.py": VIEW}), "--format", format_, "--output", target
    )
    assert (status, out) == (1, "")
    assert "TEST401" in target.read_text("utf-8")
    assert list(tmp_path.glob(".out*")) == []


def test_a_file_is_replaced_at_once_and_keeps_its_mode(tree, ringfence, tmp_path, monkeypatch):
    target = tmp_path / "out"
    target.write_text("before")
    target.chmod(0o640)
    root = tree(files={"a.py": VIEW})
    replace = Path.replace
    seen = []

    def look(self, other):
        if other == target:
            seen.append(target.read_text())
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", look)
    ringfence("audit", root, "--format", "json", "--output", target)
    assert seen == ["before"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert json.loads(target.read_text())["version"] == 1


def test_a_file_is_not_half_written(tmp_path, monkeypatch):
    target = tmp_path / "out"
    target.write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(configured.UsageError, match="No space left"):
        command._replace(target, "after")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_only_what_is_sure_enough_is_shown(tree, ringfence):
    root = tree(files={"a.py": VIEW})
    assert "TEST401" in ringfence("audit", root, "--min-confidence", "high")[1]
    tree(files={"a.py": "from django.utils.safestring import mark_safe\nmark_safe(f())\n"})
    assert "TEST401" not in ringfence("audit", root)[1]
    assert "TEST401" in ringfence("audit", root, "--min-confidence", "low")[1]


def test_a_baseline_is_written_and_survives_moved_lines(tree, ringfence, tmp_path):
    root = tree(files={"a.py": VIEW})
    baseline = tmp_path / "baseline.json"
    assert ringfence("audit", root, "--write-baseline", baseline)[0] == 0
    tree(files={"a.py": "\n# moved\n" + VIEW})
    status, out, _ = ringfence("audit", root, "--baseline", baseline)
    assert status == 0
    assert "1 in the baseline" in out
    tree(files={"a.py": VIEW + VIEW.replace("show", "other")})
    assert ringfence("audit", root, "--baseline", baseline)[0] == 1


def test_a_comment_accepts_with_a_reason_only(tree, ringfence):
    def view(comment):
        return VIEW.replace('</b>")', f'</b>")  # ringfence: accept TEST401{comment}')

    status, out, _ = ringfence("audit", tree(files={"a.py": view(" q was cleaned")}))
    assert (status, "1 accepted" in out) == (0, True)
    status, out, _ = ringfence("audit", tree(files={"a.py": view("")}))
    assert status == 1
    assert "AUDIT401" in out
    assert "TEST401" in out


def test_a_folder_of_a_configured_tree_is_read_as_a_part_of_it(tree, ringfence):
    root = tree(
        files={
            "pyproject.toml": "[tool.ringfence]\n[[tool.ringfence.accept]]\n"
            'code = "TEST401"\npath = "shop/a.py"\nreason = "ours"\n',
            "shop/a.py": VIEW,
            "blog/a.py": VIEW,
            ".git/HEAD": "",
        }
    )
    status, out, _ = ringfence("audit", root / "shop", "--format", "json")
    assert (status, json.loads(out)["findings"]) == (0, [])
    status, out, _ = ringfence("audit", root / "blog", "--format", "json")
    assert [each["file"] for each in json.loads(out)["findings"]][:1] == ["blog/a.py"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"pyproject.toml": "[project]\nname = 'x'\n", ".git/HEAD": ""}, id="silent"),
        pytest.param({"pyproject.toml": "[tool.ringfence]\noff = ['TEST401']\n"}, id="foreign"),
    ],
)
def test_what_stands_above_a_tree_is_not_always_about_it(tree, ringfence, files):
    root = tree(files={**files, "shop/a.py": VIEW})
    _, out, _ = ringfence("audit", root / "shop", "--format", "json")
    assert [each["file"] for each in json.loads(out)["findings"]] == ["a.py"]


def test_a_report_on_a_terminal_has_colours_and_progress(tree, monkeypatch):
    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(command.Progress, "_PATIENCE", -1)
    root = tree(files={"a.py": VIEW})
    parser = cli._parser("audit")
    stdout, stderr = Terminal(), Terminal()
    status = command.handle(stdout, stderr, vars(parser.parse_args(["audit", str(root)])))
    assert status == 1
    assert "\x1b[1;31mTEST401" in stdout.getvalue()
    assert "1 of 1 files" in stderr.getvalue()
    assert stderr.getvalue().endswith("\r\x1b[K")

    stdout = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    command.handle(stdout, Terminal(), vars(parser.parse_args(["audit", str(root)])))
    assert "\x1b" not in stdout.getvalue()


def test_a_report_into_a_pipe_has_neither(tree, ringfence):
    _, out, err = ringfence("audit", tree(files={"a.py": VIEW}))
    assert "\x1b" not in out
    assert err == ""


def test_what_stdout_cannot_encode_is_escaped(tree):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    root = tree(files={"ä.py": VIEW})
    options = vars(cli._parser("audit").parse_args(["audit", str(root)]))
    command.handle(stream, io.StringIO(), options)
    stream.flush()
    assert b"\\xe4.py:5" in stream.buffer.getvalue()


def test_manage_py_says_the_same(tree):
    root = tree(files={"a.py": VIEW})
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("ringfence", "audit", str(root), stdout=out)
    assert left.value.code == 1
    assert "TEST401" in out.getvalue()


SETTINGS = """
import os
SECRET_KEY = os.environ["KEY"]
DEBUG = bool(os.environ["DEBUGGING"] + "x")
ROOT_URLCONF = "site_.urls"
INSTALLED_APPS = ["ringfence"]
MIDDLEWARE = []
ALLOWED_HOSTS = ["a.example"]
"""
MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "site_.settings"
execute_from_command_line(sys.argv)
"""


def test_manage_py_knows_what_is_loaded(tree, cache):
    root = tree(files={"site_/__init__.py": "", "site_/settings.py": SETTINGS, "manage.py": MANAGE})
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "ringfence", "audit", "--format", "json", "--jobs", "1"),
            *("--settings", "site_.settings", "--min-confidence", "high"),
        ],
        cwd=root,
        env={
            "PYTHONPATH": str(Path(cli.__file__).parents[1]),
            "KEY": "correct-horse-battery-staple",
            "DEBUGGING": "",
            "XDG_CACHE_HOME": str(cache.parent),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (1, 2), done.stderr
    found = {each["code"] for each in json.loads(done.stdout)["findings"]}
    assert "SET401" in found
    assert "SET402" not in found
    assert "correct-horse" not in done.stdout


# explain


def test_explain_prints_the_page(ringfence):
    status, out, _ = ringfence("explain", "audit401")
    assert status == 0
    assert out.startswith("# AUDIT401: Accepted without a reason\n")


def test_explain_knows_the_sites_own_checks(ringfence):
    status, out, _ = ringfence("explain", "ringfence.CORS101")
    assert status == 0
    assert "any origin with credentials" in out
    assert "CWE-942" in out


def test_explain_lists_all_codes(ringfence):
    status, out, _ = ringfence("explain")
    assert status == 0
    assert {"CORS101", "AUDIT401"} <= {line.split()[0] for line in out.splitlines()}


@pytest.mark.parametrize("named", ["AUDIT40", "../../etc/passwd", "", "\x1b[2J"])
def test_explain_has_no_page_for_what_is_no_code(ringfence, named):
    status, _, err = ringfence("explain", named)
    if named:
        assert status == 2
        assert "There is no code" in err
        assert "\x1b" not in err


# the console script


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["--version"], 0, "0.1.0", id="version"),
        pytest.param(["adit"], 2, "Did you mean 'audit'?", id="misspelt"),
        pytest.param(
            ["zzz"], 2, "There are: audit, init, explain, explain-csp, prove", id="like none"
        ),
        pytest.param([], 2, "audit", id="nothing"),
        pytest.param(["audit", "--help"], 0, "Exit status", id="help"),
    ],
)
def test_the_console_script(ringfence, arguments, status, said):
    done, out, err = ringfence(*arguments)
    assert done == status
    assert said in out + err


def test_what_needs_a_project_says_so(ringfence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    status, _, err = ringfence("prove")
    assert status == 2
    assert "manage.py" in err


def test_what_needs_a_project_is_handed_to_it(ringfence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "from ringfence.cli import script; script()"
    (tmp_path / "manage.py").write_text("import sys; print(sys.argv[1:]); sys.exit(7)")
    done = subprocess.run(
        [sys.executable, "-c", code, "explain-cors", "https://a.example"],
        env={"PYTHONPATH": str(Path(cli.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert done.stdout.strip() == "['ringfence', 'explain-cors', 'https://a.example']"
