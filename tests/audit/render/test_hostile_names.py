"""Names and contents of files beside the code, in every format: nothing commands a reader."""

from __future__ import annotations

import datetime
import json
import unicodedata
from xml.etree import ElementTree

import pytest

from ringfence.audit.config import Config
from ringfence.audit.render import github, html, junit, sarif, text
from ringfence.audit.render import json as as_json
from ringfence.audit.run import Options, audit
from ringfence.audit.verdict import judge
from ringfence.finding import Confidence

#: Folders that a tree may have, and what they try.
NAMES = {
    "a terminal": "a\x1b[2Jb",
    "a command of GitHub's": "a\n::error file=x::boom",
    "a percent escape of it": "a%0A::error::x",
    "the reading direction": "a\u202eb",
    "a line separator": "a\u2028b",
    "markup": "<script>alert(1)<",
    "the end of a section": "a]]>b",
    "a control of C1": "a\x9b31m",
    "quotes": "'\"&amp;",
    "a scheme": "javascript:x",
    "a tag character": "a\U000e0041b",
}
TOKEN = "q8w7e6r5t4y3u2i1o0"
EVIL = "\x1b[2J\u202e</script>::error::"
FILES = {
    ".env.prod": f"API_TOKEN={TOKEN}\nDEBUG=1 {EVIL}\n",
    "Procfile": f"web: python manage.py runserver {EVIL}\n",
    "requirements.txt": f"Django==3.2.0 # {EVIL}\n",
    "compose.prod.yml": (
        "services: {a: {environment: {"
        f'"API_TOKEN\\e[2J\\n::error::x": {TOKEN}}}, command: "gunicorn --reload \\e[2J"}}}}\n'
    ),
    "fly.toml": f'[env]\n"API_TOKEN<script>" = "{TOKEN}"\n',
}
RENDERERS = {
    "text": text.render,
    "html": html.render,
    "sarif": sarif.render,
    "json": as_json.render,
    "github": github.render,
    "junit": junit.render,
}


@pytest.fixture
def verdict(tree):
    def make(name):
        root = tree(files={"a.py": "x = 1\n", **{f"{name}/{at}": of for at, of in FILES.items()}})
        report = audit(root, Options(cache=False, jobs=1)).report
        found = {each.code for each in report.findings}
        assert {"SECR461", "DEPL401", "DEPL402", "DEPS401"} <= found
        config = Config(min_confidence=Confidence.LOW)
        return judge(root, report, config, today=datetime.date(2026, 1, 1))

    return make


@pytest.mark.parametrize("renderer", RENDERERS.values(), ids=RENDERERS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_nothing_commands_a_reader(verdict, name, renderer):
    judged = verdict(name)
    said = renderer(judged)
    kinds = {unicodedata.category(char) for char in said if char != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert TOKEN not in said
    if renderer is github.render:
        assert len(said.splitlines()) == len(judged.findings)
        assert all(line.startswith("::") for line in said.splitlines())
    elif renderer is html.render:
        assert "<script>alert" not in said
        assert "TOKEN<script>" not in said
    elif renderer is junit.render:
        assert ElementTree.fromstring(said).tag == "testsuite"  # noqa: S314 - our own
    elif renderer in (sarif.render, as_json.render):
        assert json.loads(said)


def test_an_uri_is_relative_and_names_no_scheme(verdict):
    document = json.loads(sarif.render(verdict("javascript:x")))
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in document["runs"][0]["results"]
    ]
    assert uris
    assert all(uri.startswith("javascript%3Ax/") for uri in uris)
