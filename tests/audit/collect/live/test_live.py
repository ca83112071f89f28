"""Sites are asked within bounds, whatever they answer, and nobody else is."""

from __future__ import annotations

import contextlib
import datetime
import re
import socket
import ssl
import time
import warnings

import pytest

from ringfence.audit.collect.live import certificates, read, surveyor, wire
from ringfence.audit.collect.live.links import links, policies
from ringfence.audit.collect.live.wire import Target, UnreachableError, ask, parse
from tests.audit.rules.live.sites import HTML, Answer, Authority, asked, codes, serving


@contextlib.contextmanager
def written(write):
    """Serve whatever ``write(stream)`` writes, to one connection after the other."""

    def answer(handler):
        with contextlib.suppress(OSError):
            write(handler.wfile)
        handler.close_connection = True

    with serving(answer) as site:
        yield Target("http", "127.0.0.1", site.port)


def endless(stream):
    stream.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(10_000):
        stream.write(b"x" * 16_384)


def drop_by_drop(stream):
    stream.write(b"HTTP/1.1 200 OK\r\n\r\n<title>slow")
    for _ in range(1000):
        time.sleep(0.05)
        stream.write(b"x")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(
            lambda stream: stream.write(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 10**7), id="10 MB"
        ),
        pytest.param(
            lambda stream: stream.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 10**6),
            id="a million",
        ),
        pytest.param(
            lambda stream: stream.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 10**6), id="100"
        ),
        pytest.param(lambda stream: stream.write(b"SSH-2.0-OpenSSH\r\n"), id="another protocol"),
        pytest.param(lambda stream: stream.write(b"HTTP/1.1 999999 OK\r\n\r\n"), id="no status"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(write):
    with written(write) as target, pytest.raises(UnreachableError, match="not answer in HTTP"):
        ask(target, "/")


def test_one_that_hangs_up():
    with written(lambda stream: None) as target, pytest.raises(UnreachableError, match="closed"):
        ask(target, "/")


def test_an_endless_body_is_read_to_the_bound():
    with written(endless) as target:
        answer = ask(target, "/")
    assert (len(answer.body), answer.cut) == (wire.BODY, True)


def test_a_body_that_drips_is_read_as_far_as_it_comes():
    with written(drop_by_drop) as target:
        began = time.monotonic()
        answer = ask(target, "/", seconds=0.5)
        took = time.monotonic() - began
    assert answer.body.startswith(b"<title>slow")
    assert answer.cut
    assert took < 5


def test_a_head_that_drips_is_not_waited_for():
    def drip(stream):
        for _ in range(200):
            stream.write(b"H")
            time.sleep(0.05)

    with written(drip) as target, pytest.raises(UnreachableError, match="no answer in time"):
        ask(target, "/", seconds=0.4)


def test_one_that_listens_and_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = Target("http", "127.0.0.1", server.getsockname()[1])
        with pytest.raises(UnreachableError, match="no answer in time"):
            ask(target, "/", seconds=0.3)


def test_one_that_refuses():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    sites, skipped = read([f"http://127.0.0.1:{port}/"])
    assert sites == []
    assert skipped[0].reason.startswith("it cannot be reached: ")


def test_a_name_that_nobody_has():
    sites, skipped = read(["http://no-such-host.invalid/"])
    assert sites == []
    assert skipped[0].path == "http://no-such-host.invalid/"
    assert skipped[0].reason.startswith("it cannot be reached: ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://a.example/", "no http or https URL"),
        ("file:///etc/passwd", "no http or https URL"),
        ("shop.example", "no http or https URL"),
        ("https://", "no http or https URL"),
        ("https://a.example:0/", "no http or https URL"),
        ("https://a.example:99999/", "no URL"),
        ("https://[::1/", "no URL"),
        ("https://me:hunter2@a.example/", "a name and a password"),
        ("https://bücher.example/", "not written as a request could carry it"),
        ("http://a.example\\.b.example/", "not written as a request could carry it"),
    ],
)
def test_what_is_not_asked(url, why):
    with pytest.raises(UnreachableError, match=why):
        parse(url)


@pytest.mark.parametrize("url", ["http://a.example/\r\nX: y", "http://a.example/ü ?<>\x1b"])
def test_a_path_is_written_as_a_request_carries_it(url):
    assert re.fullmatch(r"[!-~]+", parse(url)[1])


def test_a_loop_of_redirects_ends():
    def answer(request):
        return Answer(302, (("Location", f"/{len(request.path)}x{request.path}"),), "")

    with serving(answer) as site:
        surveyed = asked(site)
    assert len(site.asked) < 10
    assert "more than 5 redirects" in surveyed.skipped[0].reason


def test_another_host_is_not_asked():
    with serving(lambda request: Answer(200, (HTML,))) as other:

        def answer(request):
            return Answer(302, (("Location", f"http://localhost:{other.port}/"),), "")

        with serving(answer) as site:
            surveyed = asked(site, host="127.0.0.1")
    assert other.asked == []
    assert "redirects to another origin" in surveyed.skipped[0].reason


def test_the_budget_is_kept(monkeypatch):
    monkeypatch.setattr(surveyor, "REQUESTS", 9)
    with serving(lambda request: Answer(200, (HTML,), "<script src=/x.js></script>")) as site:
        surveyed = asked(site, *(f"/{number}" for number in range(30)))
    assert len(site.asked) == 9
    assert surveyed.skipped == []
    assert len(surveyed.live.responses) == 8


def test_a_site_that_hangs_is_left_alone():
    def answer(request):
        if request.path == "/":
            return Answer(200, (HTML,))
        request.close_connection = True
        return None

    with serving(answer) as site:
        surveyed = asked(site)
    assert "no answer 3 times in a row" in surveyed.skipped[0].reason
    assert len(site.asked) < 12
    assert surveyed.live.responses


def test_nothing_is_asked_that_changes_something():
    with serving(lambda request: Answer(200, (HTML,))) as site:
        asked(site)
    assert {method for method, _ in site.asked} == {"GET", "OPTIONS", "TRACE"}


def test_what_a_cache_might_keep_is_asked_under_an_address_of_its_own():
    seen = {}

    def answer(request):
        seen[request.path] = dict(request.headers)
        return Answer(200, (HTML,))

    with serving(answer) as site:
        asked(site)
    plain = [headers for path, headers in seen.items() if "?ringfence=" not in path]
    assert not [each for each in plain if {"Origin", "X-Forwarded-Host"} & each.keys()]
    assert all(each["Host"].startswith("shop.example") for each in plain)


# TLS


@pytest.fixture(scope="module")
def authority():
    return Authority()


def over_tls(context, trust):
    with serving(lambda request: Answer(200, (HTML,)), context) as site:
        return asked(site, trust=trust).live


@pytest.mark.parametrize(
    ("days", "name", "trusted", "problem"),
    [
        pytest.param(90, "shop.example", True, "", id="good"),
        pytest.param(-1, "shop.example", True, "expired", id="expired"),
        pytest.param(90, "other.example", True, "host", id="of another"),
        pytest.param(90, "shop.example", False, "untrusted", id="of nobody known"),
    ],
)
def test_a_certificate(authority, days, name, trusted, problem):
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days, hours=1)
    trust = authority.trust if trusted else ssl.create_default_context()
    live = over_tls(authority.server(name, not_after=until), trust)
    assert live.tls.problem == problem
    assert live.tls.days == (None if problem else days)
    assert live.responses
    assert ("LIVE421" in codes(live)) is bool(problem)


@pytest.mark.parametrize("old", [True, False])
def test_old_protocols(authority, old):
    context = authority.server("shop.example")
    if old:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    with serving(lambda request: Answer(), context) as site:
        found = certificates.inspect(
            Target("https", "shop.example", site.port, "127.0.0.1", authority.trust)
        )
    assert found.old == (("TLS 1.0", "TLS 1.1") if old else ())


def test_http_that_leads_to_https(authority):
    with serving(lambda request: Answer(200, (HTML,)), authority.server("shop.example")) as secure:
        there = f"https://shop.example:{secure.port}/"

        def answer(request):
            return Answer(301, (("Location", there),), "")

        with serving(answer) as plain:
            live = asked(plain).live
    assert live.origin == there.rstrip("/")
    assert [each.status for each in live.of("plain")] == [301]
    assert [each.status for each in live.of("page")] == [200]
    assert not codes(live) & {"LIVE417", "LIVE418"}


def test_a_password_in_a_url_is_not_told():
    sites, skipped = read(["https://me:hunter2@shop.example/"])
    assert sites == []
    assert "hunter2" not in f"{skipped}"


# Pages


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<script src=/a.js></script>", ["https://a/a.js script"]),
        ("<LINK REL='preload stylesheet' HREF='b.css'>", ["https://a/p/b.css style"]),
        ("<img src='/c.png?x=1&amp;y=2'>", ["https://a/c.png?x=1&y=2 image"]),
        ("<a href='/accounts/login/'>", ["https://a/accounts/login/ login"]),
        ("<a href='/about/'><link rel=icon href=/i.ico><script>x</script>", []),
        ("<script src='https://cdn.example/x.js'></script><img src='//b/x'>", []),
        ("<script src='http://a/x.js'></script><img src='data:image/png,x'>", []),
        ("<script src='http://[::1'></script><img src", []),
    ],
)
def test_what_a_page_names(body, expected):
    found = [f"{each.url} {each.kind}" for each in links("https://a", "https://a/p/", body)]
    assert found == expected


@pytest.mark.parametrize("piece", ["<script ", '<a a="', "<a href='", "<meta x=y ", "<", "a=", '"'])
def test_hostile_pages_take_no_long_time(piece):
    body = piece * (500_000 // len(piece))
    began = time.process_time()
    links("https://a", "https://a/", body)
    policies(body)
    assert time.process_time() - began < 2
