"""Django's admin and REST framework's browsable API, with ringfence in the place of stock.

The sites whose packages the suite does not have are run by ``python scripts/sites.py``.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.sites.attribute import Answer, Violation, attribute, blocked_of
from tests.sites.dom import compare
from tests.sites.model import SITES
from tests.sites.run import Workshop

BLOCKED = Path(__file__).with_name("blocked.toml")
LIGHT = [name for name, site in SITES.items() if not site.heavy]


@pytest.fixture(scope="module", params=LIGHT)
def workshop(request, tmp_path_factory):
    site = SITES[request.param]
    missing = [module for module in site.needs if not importlib.util.find_spec(module)]
    assert not missing, f"{missing} is among the suite's packages"
    workshop = Workshop(site, tmp_path_factory.mktemp(site.name))
    workshop.prepare()
    return workshop


@pytest.mark.slow
def test_every_page_is_the_same_tree_as_stock(workshop):
    result = workshop.compare()
    assert result.unexpected == []
    for mode, pages in result.pages.items():
        differing = {name: page.differences for name, page in pages.items() if page.differences}
        assert differing == {}, mode
    # With the backend alone, a page is the same to the byte, but for the spelling of scripts.
    pages = result.pages["backend"].items()
    assert [name for name, page in pages if not (page.same_bytes or page.respelt)] == []


# The browsable API makes its log-out link's handler in Python: `python -m tests.sites` tells.
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("workshop", ["admin"], indirect=True)
def test_a_strict_policy_blocks_nothing_of_the_templates(workshop, chromium):
    browsed = workshop.browse(chromium)
    assert browsed.failures == {}
    assert [item.shown for item in browsed.violations] == []
    assert browsed.console == []
    assert len(browsed.acted) == len(workshop.site.acts)


def answer(body, kind="text/html", status=200, place=""):
    return {"status": status, "type": kind, "place": place, "body": body}


SAME = [
    ("bytes", "<p>a</p>", "<p>a</p>"),
    ("quotes of an attribute", "<p title='a'>", '<p title="a">'),
    ("entities", "<p>&#x27;&quot;</p>", "<p>'\"</p>"),
    ("a nonce", "<script>1</script>", '<script nonce="ab">1</script>'),
    (
        "a nonce in what a script writes",
        "<script>document.write('<script src=/a><\\/script>')</script>",
        f"<script>document.write('<script nonce={'0a' * 16} src=/a><\\/script>')</script>",
    ),
    ("another token", f'<input value="{"a" * 64}">', f'<input value="{"b" * 64}">'),
    ("noopener", "<a target=_blank>x</a>", "<a target=_blank rel=noopener>x</a>"),
    ("noopener beside another", "<a rel=nofollow>x</a>", '<a rel="nofollow noopener">x</a>'),
    ("an escape in a script", '<script>x="\'"</script>', '<script>x="\\u0027"</script>'),
    ("spaces of JSON", '<script>x={"a": 1}</script>', '<script>x={"a":1}</script>'),
]

DIFFERENT = [
    ("text", "<p>a</p>", "<p>b</p>"),
    ("text twice escaped", "<p>&amp;</p>", "<p>&amp;amp;</p>"),
    ("a nonce that is data", "<script>x = ''</script>", "<script>x = ' nonce=0a'</script>"),
    ("an attribute's value", "<p title=a>", "<p title=b>"),
    ("an attribute more", "<p>", "<p title=a>"),
    ("an attribute less", "<p title=a>", "<p>"),
    ("an element more", "<p>a</p>", "<p>a<b></b></p>"),
    ("an address that was refused", "<a href='/a'>x</a>", "<a href='about:invalid'>x</a>"),
    ("rel that is more than noopener", "<a>x</a>", "<a rel='noopener noreferrer'>x</a>"),
    ("a script's string", '<script>x="a b"</script>', '<script>x="ab"</script>'),
    ("a space in a script's string", '<script>x="a, b"</script>', '<script>x="a,b"</script>'),
    ("white space", "<pre>a  b</pre>", "<pre>a b</pre>"),
    ("a comment", "<p><!--a--></p>", "<p><!--b--></p>"),
    ("a hidden field", "<form></form>", "<form><input type=hidden name=x value=y></form>"),
]


@pytest.mark.parametrize(("stock", "ours"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_pages_that_read_the_same(stock, ours):
    assert compare(answer(stock), answer(ours)).differences == []


@pytest.mark.parametrize(
    ("stock", "ours"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT]
)
def test_pages_that_differ(stock, ours):
    assert compare(answer(stock), answer(ours)).differences


def test_markup_inside_json_is_compared_as_markup():
    stock = answer('{"html": "<p title=\'a\'>x</p>", "n": 1}', "application/json")
    same = answer('{"html": "<p title=\\"a\\">x</p>", "n": 1}', "application/json")
    other = answer('{"html": "<p title=\\"b\\">x</p>", "n": 1}', "application/json")
    assert compare(stock, same).differences == []
    assert compare(stock, other).differences


@pytest.mark.parametrize("change", [{"status": 500}, {"kind": "text/plain"}, {"place": "/b"}])
def test_another_answer_differs(change):
    assert compare(answer("x"), answer("x", **change)).differences


PAGE = Answer("/", "text/html", '<script src="/a.js"></script><p onclick="go(&quot;x&quot;)">')
PIECE = Answer("/piece", "application/json", '{"html": "<script>let\\n piece</script>"}')

CAUSES = [
    ("a handler of the page", "script-src-attr", "inline", 'go("x")', "template"),
    ("a file of the page", "script-src-elem", "http://127.0.0.1/a.js", "", "template"),
    ("a piece that was fetched", "script-src-elem", "inline", "let\n piece", "fragment"),
    ("made by a script", "script-src-elem", "inline", "other", "script"),
    ("a file that a script asked for", "script-src-elem", "http://x.test/b.js", "", "script"),
    ("eval", "script-src", "eval", "1+1", "eval"),
    ("a form's target", "form-action", "http://x.test/", "", "address"),
]


@pytest.mark.parametrize(
    ("directive", "blocked", "sample", "cause"),
    [row[1:] for row in CAUSES],
    ids=[row[0] for row in CAUSES],
)
def test_the_cause_of_a_violation(directive, blocked, sample, cause):
    violation = Violation("test", "/", directive, blocked, "", 0, sample)
    assert attribute(violation, [PAGE, PIECE]) == cause


def test_what_is_listed_as_blocked_is_known_by_its_site_and_has_a_reason():
    listed = [entry for name in SITES for entry in blocked_of(name)]
    assert len(listed) == BLOCKED.read_text(encoding="utf-8").count("\n[[blocked]]")
    assert [entry for entry in listed if len(entry.reason.split()) < 5] == []


@pytest.mark.parametrize(
    ("directive", "sample", "is_it"),
    [
        ("script-src-attr", 'document.getElementById("logoutForm").su', True),
        ("script-src-elem", 'document.getElementById("logoutForm").su', False),
        ("script-src-attr", "go()", False),
    ],
)
def test_what_is_listed_excuses_nothing_else(directive, sample, is_it):
    violation = Violation("test", "/api/", directive, "inline", "", 0, sample)
    assert any(entry.is_cause_of(violation) for entry in blocked_of("drf")) is is_it
