"""What is put into a request: screened without a browser, then run in one."""

from __future__ import annotations

import dataclasses
import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.discover.survey import NOTHING, Page, Parameter
from ringfence.prove.stage import Outcome, Place
from ringfence.sandbox.client import Answer
from ringfence.sandbox.visit import Form, FormField, Visit

NAMED = {attack.name: attack for attack in ATTACKS}
PLACE = Place("template", "{{ q|safe }}", "page.html", 5)
VIEW = Place("view", "site.views.search", "views.py", 1)
FORM = Form(
    "https://victim.localhost/f/", 0, "/f/", "post", "", (FormField("q", "text", "", False),)
)


def escaped(text):
    return html.escape(text)


#: Each page by its path, as a function of what is put in.
PAGES = {
    "text": lambda q: f"<p>{q}</p>",
    "safe": lambda q: f"<p>{escaped(q)}</p>",
    "unquoted": lambda q: f"<input value={escaped(q)}>",
    "handler": lambda q: f"<b onclick=\"f('{escaped(q)}')\">",
    "literal": lambda q: f"<script>`{escaped(q)}`</script>",
    "link": lambda q: f'<a href="{escaped(q)}">x</a>',
    "path": lambda q: f"<p>{q}</p>",
    "form": lambda q: f"<p>{q}</p>",
    "Referer": lambda q: f"<p>{q}</p>",
    "elsewhere": lambda _: "<p>x</p>",
}


class Stage:
    """A site with one page, in which each payload runs that came through as it was sent."""

    def __init__(self, page, *, stops=False, status=200, kind="text/html"):
        self.page = PAGES[page]
        self.stops = stops
        self.status = status
        self.kind = kind
        self.asked = self.opened = 0
        self.served = ""

    def become(self, visitor, *, afresh=False): ...

    def trace(self, numbers): ...

    def url(self, path):
        return f"https://victim.localhost{path}"

    def origin_of(self, kind):
        return f"https://{kind}.test"

    def place(self, identifier, *, pressed=False):
        return PLACE

    def picture(self):
        return b""

    def serve(self, page, *, headers=None):
        self.served = page
        return "https://attacker.test/page/x"

    def ask(self, method, target, *, visitor, headers=None, body=b""):
        self.asked += 1
        referer = urlsplit((headers or {}).get("Referer", "")).query
        value = unquote(referer) or _value(target if method == "GET" else f"?{body.decode()}")
        return Answer(self.status, {"content-type": self.kind}, self.page(value))

    def visit(self, url, *, press=False):
        return self._seen(_value(url))

    def land(self, url, *, press=False):
        sent = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.served, re.DOTALL)
        return self._seen(html.unescape(sent[1]) if sent else unquote(urlsplit(url).query))

    def _seen(self, value):
        self.opened += 1
        source = self.page(value)
        fired = re.findall(r"ringfence\(([0-9]{10})\)", source)
        return Visit("", self.status, source, on_load=frozenset(() if self.stops else fired))


def _value(url):
    parts = urlsplit(url)
    return parse_qs(parts.query).get("q", [unquote(parts.path.removeprefix("/t/"))])[0]


def parameter(where="query"):
    target = {"query": "/s/?q={}", "path": "/t/{}", "form": "/f/"}[where]
    return Parameter(where, "q", target, "anonymous", VIEW, FORM if where == "form" else None)


def targets(attack, where="query"):
    if where == "referer":
        pages = (Page("/s/", "anonymous", 200, "text/html", False, "s/", VIEW, {}),)
        return attack.find(dataclasses.replace(NOTHING, pages=pages))
    return attack.find(dataclasses.replace(NOTHING, parameters=(parameter(where),)))


@pytest.mark.parametrize(
    ("name", "page", "where"),
    [
        pytest.param("reflected", "text", "query", id="markup"),
        pytest.param("reflected", "path", "path", id="of a path"),
        pytest.param("reflected", "form", "form", id="of a form"),
        pytest.param("reflected", "Referer", "referer", id="of the address before"),
        pytest.param("reflected_attribute", "unquoted", "query", id="attribute"),
        pytest.param("reflected_handler", "handler", "query", id="handler"),
        pytest.param("reflected_string", "literal", "query", id="string"),
        pytest.param("reflected_link", "link", "query", id="link"),
    ],
)
def test_what_runs_is_found_and_runs_again(name, page, where):
    attack, stage = NAMED[name], Stage(page)
    (found,) = attack.strike(stage, targets(attack, where))
    assert found.outcome is Outcome.SUCCEEDED
    assert found.place == PLACE
    (again,) = attack.strike(Stage(page), [found.target])
    assert again.outcome is Outcome.SUCCEEDED
    assert attack.use(stage, found.target) is None
    (stopped,) = attack.strike(Stage(page, stops=True), [found.target])
    assert (stopped.outcome, stopped.mechanism) == (Outcome.STOPPED, "not run")
    (crashed,) = attack.strike(Stage(page, stops=True, status=500), [found.target])
    assert crashed.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("name", "page"),
    [
        pytest.param("reflected", "safe", id="escaped"),
        pytest.param("reflected_attribute", "safe", id="escaped in text"),
        pytest.param("reflected_handler", "literal", id="another way"),
        pytest.param("reflected_link", "text", id="no link"),
        pytest.param("reflected", "elsewhere", id="shown nowhere"),
    ],
)
def test_what_cannot_run_costs_no_browser(name, page):
    attack, stage = NAMED[name], Stage(page)
    (found,) = attack.strike(stage, targets(attack))
    assert found.outcome is Outcome.STOPPED
    assert stage.opened == 0
    assert stage.asked <= 2


def test_what_no_browser_reads_as_markup_is_let_go():
    attack, stage = NAMED["reflected"], Stage("text", kind="application/json")
    (found,) = attack.strike(stage, targets(attack))
    assert (found.outcome, stage.opened) == (Outcome.STOPPED, 0)


def test_without_parameters_it_says_so():
    assert "request" in NAMED["reflected"].find(NOTHING)
