"""What a browser did with 29 odd policies, and what is said that it does: the same."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from ringfence.rings.csp.browser.ask import Asked, blocked_by
from ringfence.rings.csp.browser.enforce import Enforced
from ringfence.rings.csp.browser.receive import receive

PAGE = "https://site.test/dir/page.html"
CASES = json.loads((Path(__file__).parent / "data/browser_cases.json").read_text("utf-8"))["cases"]


class Page(HTMLParser):
    """Asks leave for everything on the page in its order, as a browser does."""

    def __init__(self, policies):
        super().__init__()
        self.policies = policies
        self.base = PAGE
        self.script = None
        self.ran = []
        self.violations = []

    def ask(self, asked, shown):
        refused = blocked_by(self.policies, PAGE, asked)
        # The report names what was asked for, except where eval() asks script-src.
        self.violations += [[asked.name, shown] for _ in refused]
        return not refused

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "base":
            url = attributes["href"]
            if self.ask(Asked("base-uri", url), url):
                self.base = url
        elif tag == "img":
            url = urljoin(self.base, attributes["src"])
            self.ask(Asked("img-src", url), url)
        elif tag == "iframe" and "srcdoc" in attributes:
            # What is in it is held to the page's policies (CSP3, section 7.8); violations there
            # are reported there.
            inner = Page(self.policies)
            inner.feed(attributes["srcdoc"])
            self.ran += inner.ran
        elif tag == "iframe":
            url = attributes["src"]
            self.ask(Asked("frame-src", url), url.rstrip("/"))
        elif tag == "script":
            self.script = attributes
            url = attributes.get("src")
            if url:
                self.load(urljoin(self.base, url), attributes.get("nonce", ""))

    def load(self, url, nonce="", *, by_script=False):
        shown = url.partition(":")[0] if url.startswith("data:") else url
        if self.ask(Asked("script-src-elem", url, nonce, by_script=by_script), shown):
            self.ran.append(url)

    def handle_data(self, data):
        if self.script is None or "src" in self.script:
            return
        if not self.ask(Asked("script-src-elem", "", self.script.get("nonce", "")), "inline"):
            return
        if "innerHTML" in data:
            # What the case is about: a string that reaches a sink.
            if any(policy.requires_trusted_types for policy in self.policies):
                self.violations.append(["require-trusted-types-for", "trusted-types-sink"])
                self.ran.append("tt")
        elif 's.src="' in data:
            self.load(data.split('s.src="')[1].split('"')[0], by_script=True)
        else:
            self.ran.append(data.split('push("')[1].split('"')[0] if "push" in data else "1")

    def handle_endtag(self, tag):
        if tag == "script":
            self.script = None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_agrees_with_the_browser(case):
    page = Page([Enforced(policy) for policy in receive(case["policies"])])

    page.feed(case["html"])

    assert page.ran == case["ran"]
    assert sorted(page.violations) == sorted(case["violations"])


def test_all_of_them_are_here():
    assert len({case["name"] for case in CASES}) == 29
