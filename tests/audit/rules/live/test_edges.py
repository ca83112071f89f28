"""What the rules on sites fire on beside the sites of test_sites, and what they leave alone."""

from __future__ import annotations

import pytest

from ringfence.audit.model import Live, Response, Tls
from ringfence.finding import Confidence, Severity
from tests.audit.rules.live.sites import HTML, codes, hits

HTTPS, HTTP = "https://shop.example", "http://shop.example"
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
EVIL = "https://evil.example"
BODY = "<title>Shop</title>"


def page(*headers, role="page", status=200, body=BODY, path="/", **changed):
    return Response(f"{HTTPS}{path}", role, status, (HTML, *headers), body, **changed)


def site(*responses, origin=HTTPS, **changed):
    return Live(origin, responses, **changed)


def to(location, role="plain", status=301):
    return Response(f"{HTTP}/", role, status, (("Location", location),))


def cors(sent, allowed, credentials="", vary="Origin"):
    headers = (("Access-Control-Allow-Origin", allowed), ("Vary", vary))
    if credentials:
        headers += (("Access-Control-Allow-Credentials", credentials),)
    return page(*headers, role="cors", sent=sent)


def cookie(value, **changed):
    return page(("Set-Cookie", value), **changed)


def file(path, body, media="application/octet-stream"):
    return Response(f"{HTTPS}{path}", "file", 200, (("Content-Type", media),), body)


#: A site, a code, and how sure; None where it is left alone.
ROWS = {
    "redirect to another host": (site(to("https://www.shop.example/")), "LIVE418", MEDIUM),
    "redirect to http elsewhere": (site(to("http://www.shop.example/")), "LIVE418", MEDIUM),
    "redirect to https": (site(to(f"{HTTPS}/")), "LIVE418", None),
    "redirect on another port": (site(to("https://shop.example:8443/")), "LIVE418", None),
    "served over http": (site(Response(f"{HTTP}/", "plain", 200, (HTML,), "x")), "LIVE417", HIGH),
    "refused over http": (site(Response(f"{HTTP}/", "plain", 403, (HTML,), "x")), "LIVE417", None),
    "http within the machine": (site(page(), origin="http://[::1]:8000"), "LIVE417", None),
    "expired": (site(tls=Tls("expired")), "LIVE421", HIGH),
    "another's": (site(tls=Tls("host")), "LIVE421", HIGH),
    "signed by itself, at home": (
        site(origin="https://localhost:8443", tls=Tls("self")),
        "LIVE421",
        LOW,
    ),
    "accepted": (site(tls=Tls("", 80)), "LIVE421", None),
    "two weeks left": (site(tls=Tls("", 14)), "LIVE422", None),
    "a day left": (site(tls=Tls("", 1)), "LIVE422", HIGH),
    "old protocols": (site(tls=Tls("", 80, ("TLS 1.0",))), "LIVE423", HIGH),
    "new protocols": (site(tls=Tls("", 80)), "LIVE423", None),
    "an http origin": (site(cors(HTTP, HTTP)), "LIVE434", HIGH),
    "an http origin among all": (
        site(cors(HTTP, HTTP), cors(EVIL, EVIL, "true")),
        "LIVE434",
        None,
    ),
    "an http origin of a site over http": (
        site(cors(HTTP, HTTP), origin=HTTP),
        "LIVE434",
        None,
    ),
    "one origin for all": (site(cors(EVIL, "https://app.example", "true")), "LIVE431", None),
    "star with credentials": (site(cors(EVIL, "*", "true")), "LIVE435", MEDIUM),
    "star": (site(cors(EVIL, "*")), "LIVE435", LOW),
    "two values": (site(cors(EVIL, f"{EVIL}, null", "true")), "LIVE431", None),
    "credentials written otherwise": (site(cors(EVIL, EVIL, "True")), "LIVE431", None),
    "null among all": (site(cors("null", "null"), cors(EVIL, EVIL)), "LIVE432", None),
    "alike for all, without Vary": (site(cors(EVIL, EVIL, vary="")), "LIVE436", None),
    "hsts of a server at home": (site(page(), origin="https://localhost"), "LIVE405", None),
    "hsts of an address": (site(page(), origin="https://192.0.2.1"), "LIVE405", None),
    "hsts in the sandbox": (site(page(), sandbox=True), "LIVE405", LOW),
    "hsts of 0": (site(page(("Strict-Transport-Security", "max-age=0"))), "LIVE406", HIGH),
    "hsts malformed": (site(page(("Strict-Transport-Security", "1 year"))), "LIVE406", HIGH),
    "hsts in quotes": (
        site(page(("Strict-Transport-Security", 'includeSubDomains; Max-Age="31536000"'))),
        "LIVE406",
        None,
    ),
    "the last referrer policy that is known": (
        site(page(("Referrer-Policy", "unsafe-url, same-origin, to-nobody"))),
        "LIVE402",
        None,
    ),
    "unsafe referrers": (site(page(("Referrer-Policy", "unsafe-url"))), "LIVE402", HIGH),
    "frame-ancestors": (
        site(page(("Content-Security-Policy", "frame-ancestors 'self'"))),
        "LIVE403",
        None,
    ),
    "frames by a word of the past": (
        site(page(("X-Frame-Options", "ALLOW-FROM https://a"))),
        "LIVE403",
        HIGH,
    ),
    "an API answers no page": (
        site(Response(f"{HTTPS}/api/", "page", 200, (("Content-Type", "application/json"),))),
        "LIVE403",
        None,
    ),
    "a policy in the page": (site(page(in_meta=("object-src 'none'",))), "LIVE408", None),
    "a policy that only reports": (
        site(page(("Content-Security-Policy-Report-Only", "script-src 'self'"))),
        "LIVE409",
        HIGH,
    ),
    "a nonce twice": (
        site(
            page(("Content-Security-Policy", "script-src 'nonce-abcdefghijklmnopqrstuv'")),
            page(
                ("Content-Security-Policy", "script-src 'nonce-abcdefghijklmnopqrstuv'"),
                role="again",
            ),
        ),
        "LIVE409",
        HIGH,
    ),
    "another cookie": (site(cookie("theme=dark")), "LIVE411", LOW),
    "a deleted session": (site(cookie('sessionid=""; Max-Age=0')), "LIVE411", None),
    "a session by another name": (site(cookie("sid=x"), session_cookie="sid"), "LIVE411", HIGH),
    "a token that scripts read": (site(cookie("csrftoken=x; Secure")), "LIVE412", None),
    "a session for all sites": (site(cookie("sessionid=x; SameSite=None")), "LIVE413", MEDIUM),
    "a session for its own site": (site(cookie("sessionid=x; samesite=LAX")), "LIVE413", None),
    "a prefix that is kept": (site(cookie("__Host-a=x; Secure; Path=/")), "LIVE414", None),
    "a prefix with a domain": (
        site(cookie("__host-a=x; Secure; Path=/; Domain=shop.example")),
        "LIVE414",
        HIGH,
    ),
    "its own domain": (site(cookie("sessionid=x; Domain=shop.example")), "LIVE416", LOW),
    "a parent's domain": (site(cookie("sessionid=x; Domain=example")), "LIVE416", MEDIUM),
    "a page about debug": (
        site(page(body="<code>DEBUG = True</code>")),
        "LIVE441",
        None,
    ),
    "a page with a traceback in it": (
        site(page(body="Traceback (most recent call last)")),
        "LIVE442",
        None,
    ),
    "a debugger": (
        site(page(role="missing", status=500, body="<title>Werkzeug</title>EVALEX = true")),
        "LIVE442",
        HIGH,
    ),
    "a host named in text": (
        site(page(role="host", sent="x.example", body="You asked for x.example")),
        "LIVE443",
        None,
    ),
    "a host redirected to": (
        site(page(("Location", "//x.example/"), role="host", status=302, sent="x.example")),
        "LIVE443",
        HIGH,
    ),
    "a host refused, and named": (
        site(page(role="host", status=400, sent="x.example", body="//x.example")),
        "LIVE443",
        None,
    ),
    "another site under the name": (
        site(page(), page(role="host", sent="x.example", body="<title>Welcome to nginx</title>")),
        "LIVE444",
        None,
    ),
    "TRACE refused": (site(page(role="trace", status=405, sent="m", body="m")), "LIVE446", None),
    "no version": (site(page(("Server", "nginx"))), "LIVE447", None),
    "a session, cached": (
        site(cookie("sessionid=x"), page(("Cache-Control", "public"))),
        "LIVE451",
        None,
    ),
    "a session in a cache": (
        site(page(("Set-Cookie", "sessionid=x"), ("Cache-Control", "max-age=60"))),
        "LIVE451",
        HIGH,
    ),
    "behind the log-in, in a cache": (
        site(page(("Cache-Control", "s-maxage=60"), role="private")),
        "LIVE451",
        HIGH,
    ),
    "behind the log-in, for a while": (
        site(page(("Cache-Control", "private, max-age=60"), role="private")),
        "LIVE451",
        None,
    ),
    "behind the log-in, silent": (site(page(role="private")), "LIVE452", MEDIUM),
    "behind the log-in, by cookie": (
        site(page(("Vary", "Accept, Cookie"), role="private")),
        "LIVE452",
        None,
    ),
    "a script as JSON": (
        site(
            Response(
                f"{HTTPS}/x",
                "asset",
                200,
                (("Content-Type", "application/javascript"),),
                kind="script",
            )
        ),
        "LIVE453",
        None,
    ),
    "an upload in a sandbox": (
        site(
            Response(
                f"{HTTPS}/media/x.svg",
                "asset",
                200,
                (("Content-Type", "image/svg+xml"), ("Content-Security-Policy", "sandbox")),
            )
        ),
        "LIVE455",
        None,
    ),
    "a page about an index": (
        site(page(role="folder", body="<title>The Index of Things</title>")),
        "LIVE456",
        None,
    ),
    "a map that is none": (site(page(role="map", body='{"a": 1}')), "LIVE457", None),
    "a detached head": (site(file("/.git/HEAD", f"{'0a' * 20}\n")), "LIVE458", HIGH),
    "a head that is none": (site(file("/.git/HEAD", "not here")), "LIVE458", None),
    "an svn": (site(file("/.svn/wc.db", "SQLite format 3\0")), "LIVE458", HIGH),
    "an hg": (site(file("/.hg/requires", "dotencode\nstore\n")), "LIVE458", HIGH),
    "words for an hg": (site(file("/.hg/requires", "come to the store\n")), "LIVE458", None),
    "prose for .env": (site(file("/.env", "Nothing = here\n")), "LIVE459", None),
    "a page for .env": (site(file("/.env", "A=1", "text/html")), "LIVE459", None),
    "a page for the toolbar": (site(page(role="debug", body='{"content"}')), "LIVE460", None),
    "the toolbar": (
        site(
            Response(
                f"{HTTPS}/__debug__/render_panel/",
                "debug",
                200,
                (("Content-Type", "application/json"),),
                '{"content": "x"}',
            )
        ),
        "LIVE460",
        HIGH,
    ),
    "the profiler": (
        site(page(role="debug", path="/silk/", body="<title>Silky - Summary</title>")),
        "LIVE460",
        HIGH,
    ),
    "a dump that is none": (site(file("/dump.sql", "no")), "LIVE462", None),
    "a dump": (site(file("/dump.sql", "-- x\nCREATE TABLE a")), "LIVE462", HIGH),
    "an archive": (site(file("/backup.zip", "PK\x03\x04")), "LIVE462", HIGH),
}


@pytest.mark.parametrize(("live", "code", "sure"), ROWS.values(), ids=ROWS)
def test_it_is_found_or_left_alone(live, code, sure):
    found = [each.hit.confidence for each in hits(live) if each.code == code]
    assert found == ([] if sure is None else [sure])


@pytest.mark.parametrize(
    ("credentials", "severity"),
    [("true", Severity.DEPLOY_ERROR), ("", Severity.WARNING)],
)
def test_credentials_make_it_worse(credentials, severity):
    live = site(cors("null", "null", credentials))
    assert [each.severity for each in hits(live) if each.code == "LIVE432"] == [severity]


def test_what_all_pages_lack_is_said_once():
    found = hits(site(page(), page(path="/b/"), page(path="/c/"), page(role="private")))
    (only,) = [each for each in found if each.code == "LIVE403"]
    assert only.hit.place.path == f"{HTTPS}/"
    assert "(The same of 2 more.)" in only.hit.reason


def test_nothing_is_found_where_nothing_was_said():
    assert codes(site()) == set()


@pytest.mark.parametrize(
    "said", ["\x1b[2J", "a\r\nb", "\u202e", "\udcff", "=", ";", ",", "x" * 100_000, "é=1;;;=="]
)
@pytest.mark.parametrize("role", ["page", "private", "plain", "hop", "cors", "host", "asset"])
def test_hostile_headers_break_no_rule(said, role):
    names = (
        *("Set-Cookie", "Location", "Server", "Cache-Control", "Strict-Transport-Security"),
        *("Content-Security-Policy", "Referrer-Policy", "Vary", "X-Frame-Options"),
        *("Access-Control-Allow-Origin", "X-Content-Type-Options", "Content-Disposition"),
    )
    headers = tuple((name, said) for name in names)
    for status in (200, 302, 500):
        each = page(*headers, role=role, status=status, sent=said, body=said, kind="script")
        for found in hits(site(each)):
            assert len(found.hit.reason) < 2000
