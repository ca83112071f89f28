"""Odd policies in a real browser: what runs there is what is said to run.

``RINGFENCE_CSP_POLICIES`` and ``RINGFENCE_CSP_SEED`` ask for more of them, or for others.
"""

from __future__ import annotations

import base64
import os

import pytest

from ringfence.rings.csp.browser.ask import Asked, blocked_by
from ringfence.rings.csp.browser.enforce import Enforced
from ringfence.rings.csp.browser.receive import receive
from tests.rings.csp.odd_policies import NONCE, policies

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = int(os.environ.get("RINGFENCE_CSP_POLICIES", "40"))
SEED = int(os.environ.get("RINGFENCE_CSP_SEED", "1"))

PAGE = "https://site.test/dir/page.html"
IMAGE = "https://o.test/a.gif"
DYNAMIC = "https://dynamic.test/a.js"
SCRIPTS = [
    "https://site.test/a.js",
    "https://o.test/a.js",
    "https://o.test:8443/a.js",
    "https://o.test/js/a.js",
    "https://s.o.test/a.js",
    "https://10.0.0.1/a.js",
    "https://site.test:8443/a.js",
]
VALUE = NONCE[len("'nonce-") : -1]
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

HTML = f"""<!doctype html><meta charset=utf-8><body>
<p id=handler onclick="ran.push('handler')"></p><p id=styled style="color:rgb(1,2,3)"></p>
<style>#handler {{ color: rgb(4,5,6) }}</style>
<script nonce="{VALUE}">
  (window.ran = window.ran || []).push("nonce");
  const script = document.createElement("script");
  try {{ script.src = "{DYNAMIC}"; document.head.append(script); }} catch {{}}
  try {{ eval("ran.push('eval')"); }} catch {{}}
</script>
<script>(window.ran = window.ran || []).push("inline")</script>
{"".join(f'<script src="{url}"></script>' for url in SCRIPTS)}
<script src="data:text/javascript,(window.ran=window.ran||[]).push('data')"></script>
<img id=image src="{IMAGE}">
"""
#: What the page can tell afterwards.
SEEN = """() => {
  window.ran = window.ran || [];
  document.getElementById("handler").click();
  const color = (id) => getComputedStyle(document.getElementById(id)).color;
  return [
    ...window.ran,
    ...(color("styled") === "rgb(1, 2, 3)" ? ["style attribute"] : []),
    ...(color("handler") === "rgb(4, 5, 6)" ? ["style"] : []),
    ...(document.getElementById("image").naturalWidth ? ["image"] : []),
  ];
}"""


@pytest.fixture(scope="module")
def visit(chromium):
    from playwright.sync_api import sync_playwright

    policy = ""

    def answer(route):
        url = route.request.url
        if url == PAGE:
            headers = {"content-type": "text/html", "content-security-policy": policy}
            route.fulfill(status=200, headers=headers, body=HTML)
        elif url.endswith(".js"):
            body = "(window.ran = window.ran || []).push(document.currentScript.src)"
            route.fulfill(status=200, content_type="text/javascript", body=body)
        else:
            route.fulfill(status=200, content_type="image/gif", body=GIF)

    def go(text):
        nonlocal policy
        policy = text
        page.goto(PAGE)
        return set(page.evaluate(SEEN))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, chromium_sandbox=os.geteuid() != 0
        )
        page = browser.new_page(ignore_https_errors=True)
        page.route("**/*", answer)
        yield go
        browser.close()


def said(text):
    sent = [Enforced(policy) for policy in receive(text)]

    def allowed(name, url="", **options):
        return not blocked_by(sent, PAGE, Asked(name, url, **options))

    found = {url for url in SCRIPTS if allowed("script-src-elem", url)}
    if allowed("script-src-elem", nonce=VALUE):
        found.add("nonce")
        found |= {"eval"} if allowed("script-src") else set()
        # A string as a script's URL is refused where Trusted Types are required.
        if not any(each.requires_trusted_types for each in sent) and allowed(
            "script-src-elem", DYNAMIC, by_script=True
        ):
            found.add(DYNAMIC)
    others = {
        "inline": ("script-src-elem",),
        "handler": ("script-src-attr",),
        "data": ("script-src-elem", "data:text/javascript,"),
        "style": ("style-src-elem",),
        "style attribute": ("style-src-attr",),
        "image": ("img-src", IMAGE),
    }
    return found | {name for name, asked in others.items() if allowed(*asked)}


@pytest.mark.parametrize("text", list(policies(COUNT, SEED)), ids=lambda text: ascii(text)[1:60])
def test_the_browser_does_what_is_said(visit, text):
    assert visit(text) == said(text)
