"""Two careless sites and a careful one, asked over sockets: each rule fires on what is wrong."""

from __future__ import annotations

import secrets

import pytest

from ringfence.finding import Confidence
from tests.audit.rules.live.sites import HTML, RULES, Answer, Authority, asked, codes, hits, serving

CSS, JS = ("Content-Type", "text/css"), ("Content-Type", "text/javascript")
TEXT, BINARY = ("Content-Type", "text/plain"), ("Content-Type", "application/octet-stream")

PAGE = """<!doctype html><title>Shop</title>
<link rel="stylesheet" href="/static/shop.css"><script src="/static/shop.js"></script>
<img src="/media/logo.svg"><a href="/log-in/">Log in</a><p id="djDebug">{link}</p>"""
LOGIN = """<title>Log in</title><form method="post"><input name="csrfmiddlewaretoken">
<input name="username"><input name="password"></form>"""
DEBUG = "<p>You’re seeing this error because you have <code>DEBUG = True</code> in your settings"  # noqa: RUF001 - Django's

#: What a server hands out that serves the whole project.
FILES = {
    "/.git/HEAD": "ref: refs/heads/main\n",
    "/.env": "# ours\nSECRET_KEY=hunter2\nexport DEBUG=1\n",
    "/db.sqlite3": "SQLite format 3\0...",
    "/manage.py": "execute_from_command_line(sys.argv)",
}


def echoed(request, origin):
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
    )


def careless(request):
    """Believe whatever is said, serve whatever is there, and send no header that helps."""
    path = request.path.partition("?")[0]
    origin = request.headers.get("Origin")
    cors = echoed(request, origin) if origin else ()
    host = request.headers.get("X-Forwarded-Host") or request.headers["Host"]
    if request.command == "TRACE":
        return Answer(200, (("Content-Type", "message/http"),), str(request.headers))
    if path == "/":
        headers = (
            *(HTML, *cors, ("Server", "Apache/2.4.49"), ("Cache-Control", "public, max-age=60")),
            ("Set-Cookie", "sessionid=hunter2; Domain=.example; Path=/"),
            ("Set-Cookie", "__Host-x=hunter2; Path=/a"),
        )
        return Answer(200, headers, PAGE.format(link=f"<a href='https://{host}/x'>x</a>"))
    if path == "/weak/":
        headers = (
            HTML,
            ("Content-Security-Policy", "script-src 'unsafe-inline'"),
            ("Strict-Transport-Security", "max-age=3600"),
        )
        return Answer(200, headers, "<title>Weak</title>")
    if path == "/away/":
        return Answer(302, (("Location", "http://shop.example/"),), "")
    if path in FILES:
        return Answer(200, (BINARY,), FILES[path])
    known = {
        "/static/shop.js": Answer(200, (TEXT,), "x\n//# sourceMappingURL=shop.js.map\n"),
        "/static/shop.js.map": Answer(200, (BINARY,), '{"version":3,"sources":["a.ts"]}'),
        "/static/shop.css": Answer(200, (CSS,), "p {}"),
        "/static/": Answer(200, (HTML,), "<title>Index of /static/</title>"),
        "/media/logo.svg": Answer(200, (("Content-Type", "image/svg+xml"),), "<svg/>"),
        "/admin/": Answer(302, (("Location", "/admin/login/?next=/admin/"),), ""),
        "/admin/login/": Answer(200, (HTML,), LOGIN),
        "/no-such-page-for-ringfence/": Answer(404, (HTML,), DEBUG),
        "/silk/": Answer(500, (HTML,), "Traceback (most recent call last):\n  File 'x'"),
    }
    return known.get(path, Answer())


CARELESS = {
    *("LIVE401", "LIVE402", "LIVE403", "LIVE404", "LIVE405", "LIVE406", "LIVE407", "LIVE408"),
    *("LIVE409", "LIVE411", "LIVE412", "LIVE413", "LIVE414", "LIVE415", "LIVE416", "LIVE419"),
    *("LIVE422", "LIVE431", "LIVE436", "LIVE441", "LIVE442", "LIVE443", "LIVE445", "LIVE446"),
    *("LIVE447", "LIVE451", "LIVE453", "LIVE454", "LIVE455", "LIVE456", "LIVE457", "LIVE458"),
    *("LIVE459", "LIVE460", "LIVE461", "LIVE462"),
}


def confused(request):
    """Over http, with a list of origins that is compared by its end, and any host."""
    origin = request.headers.get("Origin", "")
    cors = (("Access-Control-Allow-Origin", "*"),)
    if origin == "null" or "shop.example" in origin:
        cors = (*echoed(request, origin), ("Vary", "Accept, Origin"))
    if request.path.partition("?")[0] == "/":
        return Answer(200, (HTML, *cors), "<title>Shop</title>")
    # An application of one page: it answers to everything.
    return Answer(200, (HTML,), "<title>Shop</title><script>start()</script>")


CONFUSED = {"LIVE417", "LIVE432", "LIVE433", "LIVE435", "LIVE444"}

HELPFUL = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Permissions-Policy", "camera=()"),
    (
        "Content-Security-Policy",
        "script-src 'nonce-{nonce}' 'strict-dynamic'; object-src 'none'; base-uri 'none'",
    ),
)


def careful(request):
    """Send what helps, answer to one name, allow one origin and say so to caches."""
    path = request.path.partition("?")[0]
    if request.headers["Host"].partition(":")[0] != "shop.example":
        return Answer(400)
    if request.command != "GET":
        return Answer(405)
    origin = request.headers.get("Origin")
    cors = (("Vary", "Origin"),)
    if origin == "https://app.example":
        cors += echoed(request, origin)
    nonce = secrets.token_urlsafe(18)
    helpful = tuple((name, value.replace("{nonce}", nonce)) for name, value in HELPFUL)
    if path == "/":
        cookies = (
            ("Set-Cookie", "__Host-sessionid=x; Path=/; Secure; HttpOnly; SameSite=Lax"),
            ("Set-Cookie", 'gone=""; Max-Age=0'),
            ("Cache-Control", "private, max-age=60"),
            ("Server", "nginx"),
        )
        return Answer(200, (HTML, *helpful, *cors, *cookies), PAGE.replace("djDebug", "x"))
    known = {
        "/static/shop.js": Answer(200, (JS, *helpful), "x"),
        "/static/shop.css": Answer(200, (CSS, *helpful), "p {}"),
    }
    return known.get(path, Answer(404, (HTML, *helpful)))


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def careless_site(authority):
    import datetime

    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    with serving(careless, authority.server("shop.example", not_after=soon)) as site:
        surveyed = asked(site, "/", "/weak/", "/away/", trust=authority.trust)
    assert len(site.asked) <= 60
    return surveyed


@pytest.fixture(scope="module")
def confused_site():
    with serving(confused) as site:
        return asked(site)


@pytest.fixture(scope="module")
def careful_site(authority):
    with serving(careful, authority.server("shop.example")) as site:
        surveyed = asked(site, trust=authority.trust)
    assert surveyed.skipped == []
    return surveyed


@pytest.mark.parametrize("code", sorted(CARELESS))
def test_it_is_found_on_the_careless_site(careless_site, code):
    assert code in codes(careless_site.live)


@pytest.mark.parametrize("code", sorted(CONFUSED))
def test_it_is_found_on_the_confused_site(confused_site, code):
    assert code in codes(confused_site.live)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_nothing_is_found_on_the_careful_site(careful_site, rule):
    assert [hit for hit in hits(careful_site.live) if hit.code == rule.code] == []


def test_an_application_that_answers_to_everything_has_no_files(confused_site):
    found = codes(confused_site.live)
    assert not found & {f"LIVE{number}" for number in range(453, 463)}


def test_each_finding_says_where_why_and_what_to_write(careless_site):
    for each in hits(careless_site.live):
        assert each.hit.place.path.startswith("https://shop.example")
        assert each.hit.place.line == 0
        assert each.hit.place.scope
        assert each.hit.reason.endswith((".", ".)"))
        assert each.hit.fix


def test_no_value_of_a_cookie_and_no_content_of_a_file_is_told(careless_site):
    for each in hits(careless_site.live):
        assert "hunter2" not in f"{each.hit.reason}{each.hit.fix}{each.hit.place}"


def test_on_the_machine_of_a_developer_less_is_sure(authority):
    with serving(careless) as site:
        found = hits(asked(site, host="localhost").live)
    sure = {each.code for each in found if each.hit.confidence > Confidence.LOW}
    assert not sure & {"LIVE405", "LIVE417", "LIVE441", "LIVE460", "LIVE461"}
    assert {"LIVE431", "LIVE443"} <= sure


def test_an_api_beside_the_pages_is_asked_for_its_origins():
    def answer(request):
        origin = request.headers.get("Origin", "")
        is_api = request.path.startswith("/api/")
        return Answer(200, (HTML, *(echoed(request, origin) if is_api else ())), "<title>x</title>")

    with serving(answer) as site:
        found = hits(asked(site, "/", "/api/").live)
    assert [each.hit.place.path[-5:] for each in found if each.code == "LIVE431"] == ["/api/"]


def test_what_it_finds_has_the_same_fingerprint_again(careless_site):
    first = {each.fingerprint for each in hits(careless_site.live)}
    assert len(first) == len(hits(careless_site.live))
