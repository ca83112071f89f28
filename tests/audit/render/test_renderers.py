"""Each format holds what a report says, and nothing that a tree's author put there to do more."""

from __future__ import annotations

import json as stdlib_json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from ringfence.audit.model import Edit, Finding, Hit, Place, Report, Skipped
from ringfence.audit.render import github, html, json, junit, plain, sarif, text
from ringfence.audit.verdict import Verdict
from ringfence.finding import Confidence, Severity

SCHEMA = stdlib_json.loads(
    (Path(__file__).parents[1] / "data" / "sarif-2.1.0.json").read_text("utf-8")
)
RENDERERS = {
    "text": text.render,
    "coloured": lambda verdict: text.render(verdict, colour=True),
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
    "junit": junit.render,
    "html": html.render,
}
every_format = pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\u202eevil\u2028::error::x%0A,\r\n::warning file=x::y"
    "<script>alert(1)</script>\"'&]]>--><!--\ud800\ufffe\x00{{ x }}"
)


def finding(code="SQL401", **changed):
    values = {
        "path": "shop/views.py",
        "line": 3,
        "end_line": 0,
        "scope": "search",
        "text": "cursor.execute(query % name)",
        "reason": "name comes from the request.",
        "fix": "cursor.execute(query, [name])",
        "title": "SQL is put together from data",
        "severity": Severity.DEPLOY_ERROR,
        "confidence": Confidence.HIGH,
        "accepted": "",
        "edits": (),
    } | changed
    place = Place(*(values[name] for name in ("path", "line", "end_line", "scope", "text")))
    hit = Hit(place, values["reason"], values["fix"], edits=values["edits"])
    return Finding(
        code,
        values["title"],
        values["severity"],
        values["confidence"],
        89,
        "python",
        hit,
        "f" * 32,
        values["accepted"],
    )


def verdict(*findings, root="/no/such/tree", accepted=(), **changed):
    report = Report(
        [*findings, *accepted],
        changed.pop("skipped", [Skipped("data.py", "larger than 5,000,000 bytes")]),
        12_345,
        67,
        changed.pop("unasked", {}),
    )
    return Verdict(Path(root), findings, list(accepted), report, **changed)


def hostile_verdict(said=HOSTILE):
    return verdict(
        finding(path=said, scope=said, text=said, reason=said, fix=said),
        accepted=[finding(path=said, accepted=said)],
        skipped=[Skipped(said, said)],
        unasked={"XSS501": said},
        notes=(said,),
    )


NOTHING = verdict()
SOME = verdict(
    finding(),
    finding("XSS501", severity=Severity.WARNING, confidence=Confidence.MEDIUM, line=9),
    accepted=[finding(accepted="ours")],
    unsure=3,
    in_baseline=2,
)


@every_format
def test_it_can_be_encoded_and_ends_with_a_line(render):
    for each in (NOTHING, SOME, hostile_verdict()):
        rendered = render(each)
        assert rendered.encode("utf-8").endswith(b"\n") or (each is NOTHING and not rendered)


@every_format
def test_no_character_commands_a_terminal_or_hides(render):
    rendered = render(hostile_verdict())
    if render is RENDERERS["coloured"]:
        rendered = re.sub(r"\x1b\[[0-9;]*m", "", rendered)
    assert [char for char in rendered if not char.isprintable() and char != "\n"] == []


@given(said=st.text())
def test_nothing_that_a_tree_holds_gets_through(said):
    each = hostile_verdict(said)
    for name, render in RENDERERS.items():
        if name != "coloured":
            rendered = render(each)
            assert all(char.isprintable() or char == "\n" for char in rendered)
    check_html(html.render(each))
    ET.fromstring(junit.render(each))  # noqa: S314 - our own
    Draft4Validator(SCHEMA).validate(sarif.as_log(each))


# text


def test_text_says_what_to_do_first():
    rendered = text.render(SOME)
    first, then = rendered.index("Do first (1)"), rendered.index("Look at (1)")
    assert first < rendered.index("SQL401") < then < rendered.index("XSS501")


def test_the_summary_fits_a_screen():
    many = [finding(f"SQL{number}", line=number) for number in range(401, 460)]
    skipped = [Skipped(f"{number}.py", "no text") for number in range(99)]
    rendered = text.render(verdict(*many, skipped=skipped))
    summary = rendered[rendered.index("59 findings") :]
    assert len(summary.splitlines()) <= 24


def test_text_shows_the_line_with_what_stands_around_it(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "views.py").write_text("one\ntwo\n  cursor.execute(query % name)\nfour\n")
    rendered = text.render(verdict(finding(), root=tmp_path))
    assert "  >     3 |   cursor.execute(query % name)" in rendered
    assert "2 | two" in rendered
    assert "4 | four" in rendered


def test_a_file_that_changed_since_shows_what_was_found(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "views.py").write_text("one\ntwo\nSECRET_KEY = 'x'\nfour\n")
    rendered = text.render(verdict(finding(), root=tmp_path))
    assert "cursor.execute(query % name)" in rendered
    assert "SECRET_KEY" not in rendered


def test_nothing_found_says_so():
    assert "No findings." in text.render(NOTHING)
    assert "12,345 lines" in text.render(NOTHING)


def test_what_failed_is_said():
    assert "Could not ask XSS501: it broke" in text.render(verdict(unasked={"XSS501": "it broke"}))


def test_the_same_reason_is_not_said_twice():
    rendered = text.render(verdict(finding(), finding(line=8)))
    assert rendered.count("name comes from the request.") == 1


# secrets

LINES = [
    ('SECRET_KEY = "c0rrect-horse"', "c0rrect-horse"),
    ("DATABASES = {'default': {'PASSWORD': 'hunter2hunter2'}}", "hunter2hunter2"),
    ('API_TOKEN = env("TOKEN", default="abcd1234")', "abcd1234"),
    ("AWS_SECRET = ('abcd1234')", "abcd1234"),
    ('password: str = "abcd1234"', "abcd1234"),
    ("x = 'postgres://shop:hunter2@db/shop'", "hunter2"),
    ("x = 'AKIA0123456789ABCDEFGHIJKLMNOPQRSTUVWX'", "AKIA0123"),
    ("MIIEpAIBAAKCAQEA7bq3fZ9x0rQm5n2k8s1v4w6y", "MIIE"),
]


@pytest.mark.parametrize(("line", "secret"), LINES, ids=[line[:16] for line, _ in LINES])
@pytest.mark.parametrize("around", [0, 1], ids=["on its line", "beside it"])
@every_format
def test_no_secret_is_shown(tmp_path, render, line, secret, around):
    lines = ["x = 1", "x = 2", "x = 3"]
    lines[1 + around] = line
    (tmp_path / "a.py").write_text("\n".join(lines))
    shown = finding(path="a.py", line=2, text=lines[1])
    assert secret not in render(verdict(shown, root=tmp_path))


@every_format
def test_a_finding_without_text_shows_no_line(tmp_path, render):
    (tmp_path / "a.py").write_text("x = 1\nhidden_altogether\nx = 3\n")
    rendered = render(verdict(finding(path="a.py", line=2, text=""), root=tmp_path))
    assert "hidden_altogether" not in rendered


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute("SELECT * FROM shop WHERE name = %s" % name)',
        'token = request.GET.get("token")',
        "from django.contrib.auth.password_validation import validate",
        'path("accounts/password_reset/done/", views.done)',
        "a_rather_long_name_of_a_function_with_2_numbers_3(x)",
    ],
)
def test_ordinary_code_is_shown_as_it_is(line):
    assert plain.redacted(line) == line


def test_nothing_outside_of_the_tree_is_shown(tmp_path):
    (tmp_path / "outside.py").write_text("beyond\n")
    root = tmp_path / "tree"
    root.mkdir()
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    for path in ("../outside.py", "link.py", str(tmp_path / "outside.py")):
        rendered = text.render(verdict(finding(path=path, line=1, text="beyond"), root=root))
        assert rendered.count("beyond") == 1  # what the finding itself has, and not the file's


# JSON


def test_json_is_what_is_documented():
    assert json.as_document(SOME) == {
        "version": 1,
        "findings": [
            {
                "code": "SQL401",
                "message": "name comes from the request. Fix: cursor.execute(query, [name])",
                "file": "shop/views.py",
                "line": 3,
                "end_line": 3,
                "severity": "error",
                "confidence": "high",
                "cwe": 89,
                "fingerprint": "f" * 32,
                "source": "python",
                "fix": None,
            },
            {
                "code": "XSS501",
                "message": "name comes from the request. Fix: cursor.execute(query, [name])",
                "file": "shop/views.py",
                "line": 9,
                "end_line": 9,
                "severity": "warning",
                "confidence": "medium",
                "cwe": 89,
                "fingerprint": "f" * 32,
                "source": "python",
                "fix": None,
            },
        ],
        "skipped": [{"file": "data.py", "reason": "larger than 5,000,000 bytes"}],
    }


def test_json_carries_edits():
    edits = (Edit("a.py", 25, 29, "n", 2, 6, 2, 10, safe=False), Edit("a.py", 1, 1, "", 1, 2, 1, 2))
    (found,) = json.as_document(verdict(finding(edits=edits)))["findings"]
    assert found["fix"] == {
        "safe": False,
        "edits": [
            {"file": "a.py", "line": 1, "column": 2, "end_line": 1, "end_column": 2, "text": ""},
            {"file": "a.py", "line": 2, "column": 6, "end_line": 2, "end_column": 10, "text": "n"},
        ],
    }


@pytest.mark.parametrize(
    ("safe", "said"),
    [
        ([True, True], "--fix mends 2 of them (--diff shows how)."),
        ([True, False], "--fix mends 1 of them, --fix --unsafe-fixes 1 more (--diff shows how)."),
        ([False], "--fix --unsafe-fixes mends 1 of them (--diff shows how)."),
        ([], None),
    ],
)
def test_the_summary_says_what_can_be_fixed(safe, said):
    edits = [(Edit("a.py", 1, 1, "x", safe=each),) for each in safe]
    rendered = text.render(verdict(*(finding(edits=each) for each in (*edits, ()))))
    assert [line for line in rendered.splitlines() if "--fix" in line] == [said] * bool(safe)


def test_json_names_what_failed():
    document = json.as_document(verdict(unasked={"XSS501": "it broke"}))
    assert {"file": "", "reason": "XSS501 could not be asked: it broke"} in document["skipped"]


# SARIF


@pytest.mark.parametrize("each", [NOTHING, SOME, hostile_verdict()], ids=["none", "some", "bad"])
def test_sarif_is_valid(each):
    Draft4Validator(SCHEMA).validate(stdlib_json.loads(sarif.render(each)))


def test_the_schema_refuses_what_is_none():
    log = sarif.as_log(SOME)
    log["runs"][0]["results"][0]["level"] = "dreadful"
    assert not Draft4Validator(SCHEMA).is_valid(log)


def test_sarif_says_what_github_reads():
    run = sarif.as_log(SOME)["runs"][0]
    (result, _, accepted) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "SQL401"
    assert rule["properties"]["tags"] == ["security", "external/cwe/cwe-089"]
    assert rule["properties"]["security-severity"] == "7.5"
    assert result["partialFingerprints"]["primaryLocationLineHash"] == "f" * 32 + ":1"
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "shop/views.py", "uriBaseId": "SRCROOT"}
    assert location["region"]["startLine"] == 3
    assert accepted["suppressions"][0]["justification"] == "ours"


def test_sarif_paths_are_uris():
    log = sarif.as_log(verdict(finding(path="a b/ä%#?.py")))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/%C3%A4%25%23%3F.py"


def test_sarif_carries_edits():
    edits = (
        Edit("a.py", 25, 29, "new", 2, 6, 2, 10),
        Edit("a.py", 1, 1, "x", 1, 2, 1, 2),
        Edit("b.py", 0, 2, "", 1, 1, 1, 3),
    )
    log = sarif.as_log(verdict(finding(edits=edits)))
    Draft4Validator(SCHEMA).validate(log)
    changes = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert [change["artifactLocation"]["uri"] for change in changes] == ["a.py", "b.py"]
    assert changes[0]["replacements"][1] == {
        "deletedRegion": {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 10},
        "insertedContent": {"text": "new"},
    }


def test_sarif_tells_what_was_not_read_and_what_failed():
    run = sarif.as_log(verdict(unasked={"XSS501": "it broke"}))["runs"][0]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert told == ["not read: larger than 5,000,000 bytes", "XSS501 could not be asked: it broke"]


def test_a_missing_place_is_the_first_line():
    log = sarif.as_log(verdict(finding(line=0)))
    Draft4Validator(SCHEMA).validate(log)


# GitHub


def test_an_annotation():
    (line, _) = github.render(SOME).splitlines()
    assert line == (
        "::error file=shop/views.py,line=3,endLine=3,title=SQL401 SQL is put together from data"
        "::name comes from the request. Fix: cursor.execute(query, [name])"
    )


def test_nothing_ends_an_annotation_early():
    each = verdict(finding(path="a,b:c%\n::error::x", reason="100%\r\n::error::x"))
    (line,) = github.render(each).splitlines()
    properties, _, said = line.removeprefix("::").partition("::")
    assert properties.startswith("error file=a%2Cb%3Ac%25")
    assert "::" not in properties
    assert "100%25" in said


def test_an_annotation_for_what_failed():
    assert github.render(verdict(unasked={"XSS501": "it broke"})).startswith("::error title=")


# JUnit


def test_junit_has_a_failure_for_each_finding():
    suite = ET.fromstring(junit.render(SOME))  # noqa: S314 - our own
    assert suite.get("tests") == suite.get("failures") == "2"
    assert [case.get("classname") for case in suite.iter("testcase")] == ["SQL401", "XSS501"]
    assert suite.find("testcase/failure").get("type") == "error"


@pytest.mark.parametrize(
    ("each", "tests", "errors"),
    [(NOTHING, "1", "0"), (verdict(unasked={"XSS501": "it broke"}), "1", "1")],
    ids=["nothing found", "something failed"],
)
def test_junit_without_findings(each, tests, errors):
    suite = ET.fromstring(junit.render(each))  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == (tests, errors, "0")


# HTML


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements = []
        self.attributes = []
        self.style = ""

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        if self.elements and self.elements[-1] == "style" and not self.style:
            self.style = data


KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "span", "pre"),
    *("table", "tr", "th", "td", "a", "section", "article", "code", "details", "summary"),
    *("ul", "li"),
}


def check_html(page):
    parser = Page()
    parser.feed(page)
    assert set(parser.elements) <= KNOWN
    assert set(parser.attributes) <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id"),
    }
    return parser


def test_html_runs_nothing():
    parser = check_html(html.render(hostile_verdict()))
    assert "script" not in parser.elements


def test_html_allows_its_own_style_only():
    page = html.render(SOME)
    digest = b64encode(sha256(check_html(page).style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.replace("&#x27;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_html_shows_everything():
    page = html.render(SOME)
    for said in ("SQL401", "shop/views.py:3", "in search", "name comes from", "data.py", "f" * 32):
        assert said in page


def test_html_has_one_section_for_a_code():
    less_sure = finding(confidence=Confidence.MEDIUM, line=8)
    page = html.render(verdict(finding(), finding("XSS501"), less_sure))
    assert page.count('id="SQL401"') == page.count('href="#SQL401"') == 1
    assert "2 found" in page
