"""`init` as it is typed: what it shows, asks, writes, and refuses."""

from __future__ import annotations

import io
import re
import stat
import sys
from pathlib import Path

import pytest

from ringfence import cli
from ringfence.audit.moving import moved
from ringfence.replaced import FENCE, REPLACED

SECURITY = "django.middleware.security.SecurityMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
PATH = "shop/settings.py"
HEAD = 'DEBUG = False\nROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["shop.example"]\n'
SITE = HEAD + f'INSTALLED_APPS = ["shop"]\nMIDDLEWARE = [\n    "{SECURITY}",\n    "{CSRF}",\n]\n'
AFTER = HEAD + f'INSTALLED_APPS = ["ringfence", "shop"]\nMIDDLEWARE = [\n    "{FENCE}",\n]\n'


@pytest.fixture
def init(capsys):
    """Return what runs the command, and returns its status and what it said."""

    def run(root, *options):
        status = cli.main(["init", str(root), *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


class Terminal(io.StringIO):
    def isatty(self):
        return True


def everything(root):
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


# Asked, and not asked


@pytest.mark.parametrize(
    ("answer", "status", "written"),
    [("y\n", 0, True), ("YES\n", 0, True), ("n\n", 1, False), ("\n", 1, False), ("", 130, False)],
    ids=["y", "yes", "no", "nothing said", "end of input"],
)
def test_the_difference_is_shown_and_asked_about(tree, init, monkeypatch, answer, status, written):
    root = tree(files={PATH: SITE})
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    found, out, err = init(root)
    assert (found, everything(root)[PATH]) == (status, (AFTER if written else SITE).encode())
    assert out.startswith(
        "The settings that are deployed: shop.settings\n\n--- a/shop/settings.py\n"
    )
    assert f'-    "{SECURITY}",\n-    "{CSRF}",\n+    "{FENCE}",\n' in out
    assert "Write this to 1 file? [y/N] " in err
    assert ("ringfence: 1 file written" in err) is written
    assert ("nothing is written" in err) is not written


def test_nobody_is_asked_where_there_is_no_terminal(tree, init, monkeypatch):
    root = tree(files={PATH: SITE})
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    status, out, err = init(root)
    assert (status, everything(root)) == (2, {PATH: SITE.encode()})
    assert "+++ b/shop/settings.py" in out
    assert err == (
        "Nothing is written: there is no terminal to ask. `--yes` writes this to 1 file, "
        "`--diff` only shows it.\n"
    )


def test_only_showing_writes_nothing(tree, init):
    root = tree(files={PATH: SITE})
    status, out, err = init(root, "--diff")
    assert (status, everything(root), err) == (1, {PATH: SITE.encode()}, "")
    assert "+++ b/shop/settings.py" in out
    (root / PATH).write_text(AFTER, encoding="utf-8")
    status, out, _ = init(root, "--diff")
    assert status == 0
    assert out == (
        "The settings that are deployed: shop.settings\n"
        "Ringfence is in them already: nothing is to be changed.\n"
    )


def test_to_write_and_to_show_only_are_not_one(tree, init):
    root = tree(files={PATH: SITE})
    assert init(root, "--diff", "--yes")[::2] == (
        2,
        "--yes writes and --diff does not: give one of them.\n",
    )


def test_it_is_in_colour_on_a_terminal_only(tree, init, monkeypatch):
    root = tree(files={PATH: SITE})
    assert "\x1b[" not in init(root, "--diff")[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert f'\x1b[32m+    "{FENCE}",\x1b[0m\n' in init(root, "--diff")[1]
    assert "\x1b[" not in init(root, "--diff", "--no-color")[1]


# Which settings


def test_the_settings_that_are_meant_can_be_named(tree, init):
    root = tree(files={"shop/one.py": SITE, "shop/two.py": SITE})
    assert init(root, "--yes", "--settings", "shop.two")[0] == 0
    assert everything(root) == {"shop/one.py": SITE.encode(), "shop/two.py": AFTER.encode()}


def test_every_site_that_is_deployed_is_moved(tree, init):
    root = tree(files={"one/settings.py": SITE, "two/settings.py": SITE})
    assert init(root, "--yes")[0] == 0
    assert set(everything(root).values()) == {AFTER.encode()}


def test_a_site_that_cannot_be_moved_keeps_no_other_from_it(tree, init):
    bad = SITE.replace(f'"{CSRF}"', '"django.middleware." "csrf.CsrfViewMiddleware"')
    root = tree(files={"one/settings.py": bad, "two/settings.py": SITE})
    status, out, _ = init(root, "--yes")
    assert (status, everything(root)["two/settings.py"]) == (2, AFTER.encode())
    assert re.findall(r"(\S+): MIDDLEWARE\n", out) == ["one/settings.py:7"]


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({"a.py": "x = 1\n"}, (), "No settings module was found: "),
        ({PATH: SITE}, ("--settings", "shop.other"), "shop.other: there is no such settings"),
        (
            {"shop/settings/dev.py": SITE, "shop/settings/prod.py": "from .base import *\nA = 1\n"},
            ("--config", "none.toml"),
            "none.toml",
        ),
    ],
    ids=["none", "none of that name", "no such configuration"],
)
def test_without_settings_nothing_is_done(tree, init, files, options, said):
    root = tree(files=files)
    status, out, err = init(root, "--yes", *options)
    assert (status, out) == (2, "")
    assert err.startswith(said)


def test_a_file_is_no_project(tree, init):
    root = tree(files={PATH: SITE})
    assert "Name the folder of the project" in init(root / PATH, "--yes")[2]
    assert "there is no such file or folder" in init(root / "nowhere", "--yes")[2]


# Bytes


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="BOM"),
        pytest.param(
            lambda text: f"# -*- coding: latin-1 -*-\n# ä\n{text}".encode("latin-1"), id="latin-1"
        ),
        pytest.param(lambda text: f"x = 'ä€'\n{text}".encode(), id="wide characters"),
    ],
)
def test_bytes_that_are_not_changed_stay(tree, init, change):
    root = tree(files={PATH: change(SITE)})
    (root / PATH).chmod(0o640)
    assert init(root, "--yes")[0] == 0
    assert everything(root) == {PATH: change(AFTER)}
    assert stat.S_IMODE((root / PATH).stat().st_mode) == 0o640


def test_no_line_end_at_the_end(tree, init):
    frames = SITE.replace("csrf.Csrf", "clickjacking.XFrameOptions").replace("ViewM", "M")
    root = tree(files={PATH: frames.rstrip()})
    assert init(root, "--yes")[0] == 0
    assert (
        (root / PATH)
        .read_text()
        .endswith(
            "]\n# Django's default: ringfence's would let the "
            'site frame its own pages.\nX_FRAME_OPTIONS = "DENY"\n'
        )
    )


def test_nothing_of_the_tree_commands_the_terminal(tree, init):
    bad = "\x1b[2J.py"
    root = tree(
        files={
            f"shop/settings/{bad}": SITE + "# \x9b31m\n",
            "shop/settings/prod.py": HEAD + "INSTALLED_APPS = []\nMIDDLEWARE = f('\x1b[2J')\n",
        }
    )
    out = "".join(init(root, "--yes")[1:])
    assert all(line.isprintable() for line in out.split("\n"))


def test_no_secret_is_shown(tree, init):
    secret = 'SECRET_KEY = "correct horse battery staple"\n'
    root = tree(files={PATH: SITE.replace("INST", secret + "INST")})
    out = init(root, "--yes")[1]
    assert "SECRET_KEY" in out
    assert "horse" not in out


# All or none


def test_a_replacement_that_fails_puts_the_others_back(tree, init, monkeypatch):
    base = SITE.partition("MIDDLEWARE")
    files = {
        "shop/settings/base.py": base[0],
        "shop/settings/prod.py": f"from .base import *\nMIDDLEWARE{base[2]}",
    }
    root = tree(files=files)
    replace = Path.replace

    def fails(self, target):
        if Path(target).name == "prod.py":
            raise PermissionError(1, "Operation not permitted")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    status, _, err = init(root, "--yes")
    assert (status, err) == (
        2,
        "shop/settings/prod.py: cannot be replaced: Operation not permitted.\n",
    )
    assert everything(root) == {path: text.encode() for path, text in files.items()}


def test_what_would_be_found_then_is_not_written(tree, init, monkeypatch):
    root = tree(files={PATH: SITE})
    monkeypatch.setattr(moved, "grown", lambda _before, _after: {("CSRF491", PATH)})
    status, out, err = init(root, "--yes")
    assert (status, everything(root)) == (2, {PATH: SITE.encode()})
    assert "+++ b/shop/settings.py" in out
    assert err == (
        "Nothing is written. shop/settings.py: audited again, there is more of CSRF491 in it "
        "(`ringfence explain CSRF491` says what that is).\n"
    )


def test_a_link_is_not_followed(tree, init):
    root = tree(files={"real.py": SITE, "shop/wsgi.py": ""})
    outside = root.parent / "settings.py"
    outside.write_text(SITE, encoding="utf-8")
    (root / "shop" / "settings.py").symlink_to(outside)
    init(root, "--yes")
    assert outside.read_text(encoding="utf-8") == SITE


# By hand


LOOP = (
    "import os\nMIDDLEWARE = []\n"
    "for name in os.environ['M'].split():\n    MIDDLEWARE.append(name)\n"
)


@pytest.mark.parametrize(
    ("middleware", "line", "why"),
    [
        pytest.param(LOOP, 6, "What comes first in it is known only when it runs", id="a loop"),
        pytest.param(
            "MIDDLEWARE = load()\n", 5, "What it holds is known only when it runs", id="a call"
        ),
        pytest.param("", 2, "No MIDDLEWARE is set in shop.settings", id="none"),
        pytest.param(
            'MIDDLEWARE = [f"django.middleware.{x}" for x in ("csrf.CsrfViewMiddleware",)]\n',
            5,
            f'"{CSRF}" is not written out in one piece there',
            id="texts that are put together",
        ),
        pytest.param(
            'MIDDLEWARE = ["shop.m.A",  # x\n"django.middleware.csrf.CsrfViewMiddleware"]\n',
            6,
            "A comment beside it would get lost",
            id="a comment in between",
        ),
        pytest.param(
            f'MIDDLEWARE = ["{CSRF}"]\nMIDDLEWARE[:0] = ["shop.m.A"]\n',
            6,
            "It is put before ringfence's middleware, which has to come first",
            id="a slice",
        ),
        pytest.param(
            f'MIDDLEWARE = ["shop.m.A"]\nMIDDLEWARE.append("{CSRF}"); x = 1\n',
            6,
            "More than one statement stands on its line",
            id="two statements on a line",
        ),
        pytest.param(
            f'MIDDLEWARE = ["{CSRF}"]\nprint x\n',
            1,
            "It is no Python that can be parsed here",
            id="Python 2",
        ),
    ],
)
def test_what_cannot_be_changed_is_said(tree, init, middleware, line, why):
    text = HEAD + 'INSTALLED_APPS = ["shop"]\n' + middleware
    root = tree(files={PATH: text})
    status, out, _ = init(root, "--yes")
    told = re.sub(r"\s+", " ", out)
    assert status == 2
    assert f"By hand {PATH}:{line}: MIDDLEWARE" in told
    assert f"{why}. Write: " in told
    assert f'"{FENCE}"' in told
    # What can be done without it is done.
    expected = text if "parsed" in why else text.replace('["shop"]', '["ringfence", "shop"]')
    assert (root / PATH).read_text(encoding="utf-8") == expected
    assert init(root, "--yes")[0] == 2
    assert (root / PATH).read_text(encoding="utf-8") == expected


def test_an_engine_keeps_its_name_or_is_left(tree, init):
    engine = 'ENGINE = "django.template.backends.django.DjangoTemplates"\n'
    text = AFTER + engine + 'TEMPLATES = [{"BACKEND": ENGINE}]\n'
    root = tree(files={PATH: text})
    status, out, _ = init(root, "--yes")
    assert (status, everything(root)) == (2, {PATH: text.encode()})
    assert 'Without "NAME": "django" beside it' in out
    assert '"BACKEND": "ringfence.template.DjangoTemplates", "NAME": "django",\n' in out


@pytest.mark.parametrize("middleware", [LOOP, "MIDDLEWARE = load()\n"], ids=["a loop", "a call"])
def test_what_is_said_to_write_is_enough(tree, init, middleware):
    root = tree(files={PATH: HEAD + 'INSTALLED_APPS = ["shop"]\n' + middleware})
    _, out, _ = init(root, "--yes")
    text = "".join(
        line.removeprefix("        ") + "\n"
        for line in out.partition("Write:\n")[2].split("\n")
        if line.startswith("        ")
    )
    with (root / PATH).open("a", encoding="utf-8") as settings:
        settings.write(text)
    before = everything(root)
    assert init(root, "--yes")[0] == 0
    assert everything(root) == before
    names = {"MIDDLEWARE": [*REPLACED, "shop.m.A"]}
    exec(text, names)  # noqa: S102 - ours
    assert (names["MIDDLEWARE"][0], names["MIDDLEWARE"][-1]) == (FENCE, "shop.m.A")


def test_what_gets_stricter_is_said(tree, init):
    root = tree(files={PATH: SITE.replace(f'    "{CSRF}",\n', "")})
    told = re.sub(r"\s+", " ", init(root, "--diff")[1])
    assert "no CSRF protection was in MIDDLEWARE" in told
    assert "no CSRF protection" not in init(tree(files={PATH: SITE}), "--diff")[1]


def test_a_middleware_of_ones_own_stays_and_is_named(tree, init):
    own = "from django.middleware import csrf\n\n\nclass Own(csrf.CsrfViewMiddleware):\n    pass\n"
    root = tree(files={PATH: SITE.replace(CSRF, "shop.csrf.Own"), "shop/csrf.py": own})
    status, out, _ = init(root, "--yes")
    assert status == 0
    assert '    "shop.csrf.Own",\n' in (root / PATH).read_text(encoding="utf-8")
    assert "shop.csrf.Own builds upon a middleware" in re.sub(r"\s+", " ", out)


def test_a_fence_of_ones_own_is_one(tree, init):
    own = (
        "from ringfence.middleware import RingfenceMiddleware\n\n\n"
        "class Own(RingfenceMiddleware):\n    pass\n"
    )
    site = AFTER.replace(FENCE, "shop.fence.Own")
    root = tree(files={PATH: site, "shop/fence.py": own})
    assert init(root, "--yes")[0] == 0
    assert (root / PATH).read_text(encoding="utf-8") == site
