"""What `--fix` writes, and what it must not: files as they were, all of them or none."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from ringfence import cli
from ringfence.audit import fixes, fixing, writing
from ringfence.audit.drafts import Change, Draft, Original, UnfitError, overlap
from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit
from ringfence.audit.render import diff
from ringfence.audit.soundness import flaw

SCHEMA = json.loads(
    (Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8")
)
PAGE = "shop/templates/shop/a.html"
FORM = '<form method="post">\n  <input type="text" name="a">\n</form>\n'
TOKEN = '<form method="post">{% csrf_token %}\n  <input type="text" name="a">\n</form>\n'
VIEW = "import random\n\n\ndef token():\n    return random.choice('ab')\n"
FIXED = VIEW.replace("random.choice", "random.SystemRandom().choice")


@pytest.fixture
def audit(capsys):
    """Return what runs the command, and returns its status and what it said."""

    def run(root, *options):
        status = cli.main(["audit", str(root), "--jobs", "1", "--no-cache", *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def everything(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


# The command


def test_unsafe_fixes_are_asked_for_with_fixes(two, audit):
    before = everything(two)
    status, _, err = audit(two, "--unsafe-fixes")
    assert (status, err) == (2, "--unsafe-fixes does nothing by itself: add --fix or --diff.\n")
    assert everything(two) == before


def test_the_difference_is_shown_and_what_remains_is_reported(tree, audit):
    root = tree(files={PAGE: FORM, "shop/views.py": VIEW, "b.py": "eval(input())\n"})
    status, out, err = audit(root, "--fix", "--min-confidence", "low")
    assert out.startswith(
        f"--- a/{PAGE}\n+++ b/{PAGE}\n@@ -1,3 +1,3 @@\n"
        '-<form method="post">\n+<form method="post">{% csrf_token %}\n'
    )
    assert "CSRF481" not in out
    assert "EXEC401" in out
    assert status == 1
    assert err == "ringfence: 2 findings fixed in 2 files\n"
    assert everything(root) == {
        PAGE: TOKEN.encode(),
        "shop/views.py": FIXED.encode(),
        "b.py": b"eval(input())\n",
    }
    assert audit(root, "--diff")[0] == 0


def test_only_showing_writes_nothing(tree, audit):
    root = tree(files={PAGE: FORM})
    status, out, err = audit(root, "--diff")
    assert (status, err) == (1, "ringfence: 1 finding would be fixed in 1 file\n")
    assert '+<form method="post">{% csrf_token %}\n' in out
    assert "CSRF481" not in out
    assert everything(root) == {PAGE: FORM.encode()}


@pytest.mark.parametrize("kind", ["comment", "configuration", "baseline"])
def test_what_was_accepted_is_not_mended(tree, audit, kind, tmp_path):
    text = FORM
    files = {}
    options = []
    if kind == "comment":
        text = "{# ringfence: accept CSRF481 the view reads a signature #}\n" + FORM
    elif kind == "configuration":
        files["pyproject.toml"] = (
            f'[[tool.ringfence.accept]]\ncode = "CSRF481"\npath = "{PAGE}"\nreason = "signed"\n'
        )
    root = tree(files={PAGE: text, **files})
    if kind == "baseline":
        options = ["--baseline", str(tmp_path / "base.json")]
        audit(root, "--write-baseline", options[1])
    before = everything(root)
    assert audit(root, "--fix", *options)[2] == "ringfence: 0 findings fixed in 0 files\n"
    assert everything(root) == before


def test_a_format_for_programs_is_not_mixed_with_the_difference(tree, audit):
    root = tree(files={PAGE: FORM, "b.py": "eval(input())\n"})
    _, out, err = audit(root, "--fix", "--format", "json", "--min-confidence", "low")
    assert [each["code"] for each in json.loads(out)["findings"]] == ["EXEC401"]
    assert "+++ b/" in err


def test_json_and_sarif_have_the_edits(tree, audit):
    root = tree(files={PAGE: FORM.replace("<form", "ä<form").replace("\n", "\r\n").encode()})
    edit = {"line": 1, "column": 22, "end_line": 1, "end_column": 22, "text": "{% csrf_token %}"}
    (found,) = json.loads(audit(root, "--format", "json")[1])["findings"]
    assert found["fix"] == {"safe": True, "edits": [{"file": PAGE, **edit}]}
    log = json.loads(audit(root, "--format", "sarif")[1])
    Draft4Validator(SCHEMA).validate(log)
    (change,) = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["deletedRegion"] == {
        "startLine": 1,
        "startColumn": 22,
        "endLine": 1,
        "endColumn": 22,
    }


def test_nothing_of_the_tree_commands_the_terminal(tree, audit):
    bad = "\x1b[2J\u202e<p>\x9b</p>\n"
    root = tree(files={"shop/templates/\x1b[2J.html": bad + FORM})
    out = "".join(audit(root, "--diff")[1:])
    assert out.isprintable() is False  # line breaks
    assert all(line.isprintable() for line in out.split("\n"))
    assert "{% csrf_token %}" in out


def test_no_secret_is_in_the_difference(tree, audit):
    settings = (
        'ROOT_URLCONF = "a"\nINSTALLED_APPS = ["django.contrib.auth"]\nDEBUG = False\n'
        'SECRET_KEY = "correct horse battery staple"\nSECURE_REFERRER_POLICY = None\n'
    )
    root = tree(files={"shop/settings.py": settings})
    out = audit(root, "--diff")[1]
    assert "+SECURE_REFERRER_POLICY" in out
    assert "SECRET_KEY" in out
    assert "horse" not in out


# Bytes


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param(
            *(PAGE, FORM.replace("\n", "\r\n").encode()),
            TOKEN.replace("\n", "\r\n").encode(),
            id="CRLF",
        ),
        pytest.param(
            *(PAGE, b"\xef\xbb\xbf" + FORM.encode()), b"\xef\xbb\xbf" + TOKEN.encode(), id="BOM"
        ),
        pytest.param(
            *(PAGE, b"a\rb\r\n" + FORM.encode()), b"a\rb\r\n" + TOKEN.encode(), id="mixed line ends"
        ),
        pytest.param(
            *(PAGE, FORM.rstrip().encode()), TOKEN.rstrip().encode(), id="no line end at the end"
        ),
        pytest.param(
            "a.py",
            ("# coding: latin-1\n# ä\n" + VIEW).encode("latin-1"),
            ("# coding: latin-1\n# ä\n" + FIXED).encode("latin-1"),
            id="latin-1",
        ),
        pytest.param(
            "a.py",
            VIEW.replace("    return", '    x = "ä"; return').encode(),
            FIXED.replace("    return", '    x = "ä"; return').encode(),
            id="columns are not bytes",
        ),
        pytest.param(
            "a.py",
            b"\xef\xbb\xbf" + VIEW.replace("\n", "\r\n").encode(),
            b"\xef\xbb\xbf" + FIXED.replace("\n", "\r\n").encode(),
            id="BOM and CRLF",
        ),
    ],
)
def test_bytes_that_are_not_changed_stay(tree, audit, path, before, after):
    root = tree(files={path: before})
    audit(root, "--fix")
    assert everything(root) == {path: after}


def test_what_is_put_on_lines_of_its_own_ends_as_they_do(tree, audit):
    before = (
        b"from django.utils.safestring import mark_safe\r\n\r\n\r\ndef show(request):\r\n"
        b"    return mark_safe('<b>%s</b>' % request.GET['q'])\r\n"
    )
    root = tree(files={"a.py": before})
    audit(root, "--fix", "--unsafe-fixes")
    after = (root / "a.py").read_bytes()
    assert after.startswith(b"from django.utils.html import format_html\r\nfrom django")
    assert after.count(b"\n") == after.count(b"\r\n") == 6


def test_modes_stay(tree, audit):
    root = tree(files={PAGE: FORM})
    (root / PAGE).chmod(0o750)
    audit(root, "--fix")
    assert stat.S_IMODE((root / PAGE).stat().st_mode) == 0o750
    assert everything(root) == {PAGE: TOKEN.encode()}


# All or none


@pytest.fixture
def two(tree):
    return tree(files={PAGE: FORM, "shop/views.py": VIEW})


def test_a_disk_that_is_full_changes_nothing(two, audit, monkeypatch):
    def fails(descriptor, calls=[]):  # noqa: B006 - counts
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    before = everything(two)
    monkeypatch.setattr(os, "fsync", fails)
    status, _, err = audit(two, "--fix")
    assert (status, err) == (
        2,
        "shop/views.py: cannot be written: No space left on device.\n",
    )
    assert everything(two) == before


def test_a_replacement_that_fails_puts_the_others_back(two, audit, monkeypatch):
    replace = Path.replace

    def fails(self, target):
        if Path(target).name == "views.py":
            raise PermissionError(1, "Operation not permitted")
        return replace(self, target)

    before = everything(two)
    monkeypatch.setattr(Path, "replace", fails)
    status, _, err = audit(two, "--fix")
    assert (status, err) == (2, "shop/views.py: cannot be replaced: Operation not permitted.\n")
    assert everything(two) == before


def _drafts(root):
    made = []
    for path, at, text in ((PAGE, 20, "{% csrf_token %}"), ("shop/views.py", 0, "# x\n")):
        draft = Draft.of(Original.read(root, path))
        made.append(draft.edited([Edit(path, at, at, text)]))
    return made


def _changed(root):
    (root / "shop/views.py").write_text("# somebody else's\n", encoding="utf-8")


def _link(root):
    (root / "shop/views.py").rename(root / "shop/other.py")
    (root / "shop/views.py").symlink_to("other.py")


def _linked_folder(root):
    (root / "shop").rename(root / "elsewhere")
    (root / "shop").symlink_to("elsewhere")


def _gone(root):
    (root / "shop/views.py").unlink()


@pytest.mark.parametrize("happens", [_changed, _link, _linked_folder, _gone])
def test_what_changed_meanwhile_is_refused(two, happens):
    drafts = _drafts(two)
    happens(two)
    before = everything(two)
    with pytest.raises(writing.WriteError, match=r"views\.py: |a\.html: "):
        writing.write(two, drafts)
    assert everything(two) == before


def test_not_even_for_a_moment_is_anything_written_through_a_link(two, monkeypatch):
    drafts = _drafts(two)
    _linked_folder(two)
    written = []
    monkeypatch.setattr(writing, "_beside", lambda path, data: written.append(path))
    with pytest.raises(writing.WriteError):
        writing.write(two, drafts)
    assert written == []


def test_links_are_not_followed(tree, audit, tmp_path):
    outside = tmp_path / "outside.html"
    outside.write_text(FORM, encoding="utf-8")
    root = tree(files={PAGE: "<p></p>"})
    (root / "shop/templates/shop/b.html").symlink_to(outside)
    (root / "shop/templates/c").symlink_to(tmp_path)
    audit(root, "--fix")
    assert outside.read_text(encoding="utf-8") == FORM
    for path in ("shop/templates/shop/b.html", "shop/templates/c/outside.html", "../outside.html"):
        with pytest.raises(UnfitError, match="link"):
            Original.read(root, path)


# Edits that are no good


@pytest.fixture
def fix(monkeypatch):
    """Put one fix in the place of all."""

    def put(make, code="AUTH472"):
        known = {code: Fix(code, "", make)}
        monkeypatch.setattr(fixing, "all_fixes", lambda: known)

    return put


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(
            lambda text, _: [text.edit(0, 0, "(")], "it would be no Python any more", id="no Python"
        ),
        pytest.param(
            lambda text, _: [text.edit(0, 0, "x = '''\n"), text.edit(48, 48, "'''\n")],
            "other statements would change",
            id="a string around what there is",
        ),
        pytest.param(
            lambda text, _: [text.edit(28, 28, "\n  if 1:")],
            "other statements would change",
            id="depth",
        ),
        pytest.param(
            lambda text, _: [text.edit(0, 3, "x"), text.edit(2, 4, "y")],
            "its edits overlap",
            id="overlap",
        ),
        pytest.param(
            lambda text, _: [text.edit(0, 0, "# nothing of use\n")],
            "audited again, it was not gone, or something else was found",
            id="still there",
        ),
        pytest.param(
            lambda text, _: [text.edit(0, len(text.text), "eval(input())\n")],
            "audited again, it was not gone, or something else was found",
            id="something worse",
        ),
    ],
)
def test_an_edit_that_is_no_good_is_taken_back(tree, audit, fix, make, why):
    root = tree(files={"a.py": VIEW, PAGE: FORM})
    fix(make)
    _, out, err = audit(root, "--fix", "--min-confidence", "low")
    assert f"ringfence: not fixed: AUTH472 a.py:5: {why}\n" in err
    assert "AUTH472" in out
    assert everything(root) == {"a.py": VIEW.encode(), PAGE: FORM.encode()}


def test_the_good_ones_beside_a_bad_one_are_made(tree, audit, monkeypatch):
    known = dict(fixes.all_fixes())
    known["AUTH472"] = Fix("AUTH472", "", lambda text, _: [text.edit(0, 0, "# x\n")])
    monkeypatch.setattr(fixing, "all_fixes", lambda: known)
    root = tree(files={"a.py": VIEW, PAGE: FORM})
    assert "not fixed: AUTH472" in audit(root, "--fix")[2]
    assert everything(root) == {"a.py": VIEW.encode(), PAGE: TOKEN.encode()}


def test_fixes_that_overlap_are_made_one_after_the_other(tree, audit):
    page = '<a class={{ a }} target="_blank" href="https://x.example/">x</a>'
    view = (
        "from django.utils.safestring import mark_safe\nimport random\n\n\ndef token(request):\n"
        "    return mark_safe('<b>%s %s</b>' % (request.GET['a'], random.choice('ab')))\n"
    )
    root = tree(files={PAGE: page, "a.py": view})
    audit(root, "--fix", "--unsafe-fixes", "--min-confidence", "low")
    after = everything(root)
    assert after[PAGE] == (
        b'<a class="{{ a }}" target="_blank" rel="noopener" href="https://x.example/">x</a>'
    )
    call = b"format_html('<b>{} {}</b>', request.GET['a'], random.SystemRandom().choice('ab'))"
    assert call in after["a.py"]
    assert audit(root, "--diff", "--unsafe-fixes", "--min-confidence", "low")[0] == 0


# Drafts


def _draft(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    return Draft.of(Original.read(tmp_path, "a.txt"))


def test_edits_of_edits_are_changes_of_the_original(tmp_path):
    draft = _draft(tmp_path, b"one\r\ntwo\r\nthree")
    draft = draft.edited([Edit("", 0, 3, "1"), Edit("", 4, 7, ""), Edit("", 13, 13, "!\n")])
    assert draft.text == "1\n\nthree!\n"
    draft = draft.edited([Edit("", 0, 2, "A"), Edit("", 8, 9, "?")])
    assert draft.text == "A\nthree?\n"
    assert draft.data == b"A\r\nthree?\r\n"
    assert draft.changes == [Change(0, 7, "A"), Change(13, 13, "?\n")]


def test_an_edit_that_is_undone_is_no_change(tmp_path):
    draft = _draft(tmp_path, b"abc")
    assert draft.edited([Edit("", 1, 2, "x")]).edited([Edit("", 1, 2, "b")]).changes == []


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 2), (2, 3)], False),
        ([(0, 2), (1, 3)], True),
        ([(1, 1), (1, 1)], True),
        ([(1, 3), (1, 1)], True),
        ([(1, 3), (2, 2)], True),
        ([(1, 3), (3, 3)], False),
    ],
)
def test_when_edits_overlap(spans, expected):
    edits = [Edit("a", start, end, str(at)) for at, (start, end) in enumerate(spans)]
    assert overlap(edits) is expected
    assert overlap([*edits[:1], Edit("b", *spans[1], "")]) is False


def test_the_difference_of_changes_far_apart(tmp_path):
    draft = _draft(tmp_path, b"".join(b"%d\n" % number for number in range(1, 31)))
    text = draft.original.text
    first, last = text.index("2\n"), text.index("30\n")
    draft = draft.edited([Edit("", first, first, "1b\n"), Edit("", last, last + 3, "")])
    assert diff.render([draft]) == (
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,4 +1,5 @@\n 1\n+1b\n 2\n 3\n 4\n"
        "@@ -27,4 +28,3 @@\n 27\n 28\n 29\n-30\n"
    )
    assert "\x1b[32m+1b\x1b[0m" in diff.render([draft], colour=True)


@pytest.mark.parametrize(
    ("before", "edit", "why"),
    [
        ("{{ a }}", (0, 0, "{% load x %}"), ""),
        ("{{ a }}{% b %}", (0, 0, "{{ "), "other tags of the template would change"),
        (
            "{{ a }}{% b %}{% endcomment %}",
            (0, 0, "{% comment %}"),
            "other tags of the template would change",
        ),
    ],
)
def test_other_tags_stay(before, edit, why):
    text = Text("a.html", before)
    made = text.edit(*edit)
    after = before[: edit[0]] + edit[2] + before[edit[1] :]
    assert flaw(text, after, [made]) == why


# A site


SETTINGS = """
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",  # of the old site
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SECURE_REFERRER_POLICY = None
"""
#: What a visitor does: is shown the form, and sends it with the token that is in it.
VISIT = """
import django
django.setup()
from django.test import Client
client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
page = client.get("/login/").content.decode()
assert page.count("csrfmiddlewaretoken") == 1, page
token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
answer = client.post("/login/", {"username": "x", "password": "y", "csrfmiddlewaretoken": token})
assert answer.status_code == 200, answer
"""


def test_the_example_site_works_after_it(tmp_path, audit):
    root = tmp_path / "teller"
    shutil.copytree(Path(__file__).parents[2] / "examples" / "teller", root)
    settings = root / "site_of_its_own" / "settings.py"
    # Not one that is being developed, and not as careful as it is.
    text = settings.read_text(encoding="utf-8").replace("DEBUG = True", "DEBUG = False")
    settings.write_text(text + SETTINGS, encoding="utf-8")
    page = root / "teller" / "templates" / "teller" / "login.html"
    text = page.read_text(encoding="utf-8")
    assert "{% csrf_token %}" in text
    page.write_text(text.replace("{% csrf_token %}", ""), encoding="utf-8")
    _, out, err = audit(root, "--fix")
    assert "ringfence: 5 findings fixed in 4 files" in err
    assert 'value="{{ profile.nickname }}"' in out
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "site_of_its_own.settings"}
    environment["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, sys.path)])
    for command in (["-m", "django", "check"], ["-m", "django", "migrate"], ["-c", VISIT]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, out + done.stdout + done.stderr
    after = everything(root)
    assert audit(root, "--fix")[2] == "ringfence: 0 findings fixed in 0 files\n"
    assert everything(root) == after
