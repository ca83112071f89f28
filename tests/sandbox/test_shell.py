"""What the outermost layer does in a state: nothing, too much, or what is known to be good."""

from __future__ import annotations

import io

import pytest

from ringfence.sandbox.journal import Journal
from ringfence.sandbox.shell import Shell
from ringfence.sandbox.states import State

HOST = "victim.localhost:8443"
OFF = State("off", reflects_origins=True, bares_cookies=True, tells_referrer=True)
REFERENCE = State("reference", reference=True, bares_cookies=True)
ON = State("on")


def ask(state, *, path="/", method="GET", answer=(), status="200 OK", body=b"", **environ):
    """Ask a site that answers with these headers; return status, headers and what was noted."""
    journal, told, seen = Journal(), [], {}

    def site(environ, start_response):
        seen.update(environ, read=environ["wsgi.input"].read())
        start_response(status, list(answer))
        return [b"x"]

    shell = Shell(site, state, journal, host=HOST, uploads=("/media/",))
    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": HOST,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    list(shell(given, lambda status, headers, exc_info=None: told.append((status, headers))))
    ((said, headers),) = told
    (noted,) = journal.since(0)
    return said, dict(headers), seen, noted


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        pytest.param("/next/", True, id="a path"),
        pytest.param(f"https://{HOST}/x", True, id="the site itself"),
        pytest.param("https://attacker.test/", False, id="another host"),
        pytest.param("//attacker.test/", False, id="two slashes"),
        pytest.param("/\\attacker.test/", False, id="a backslash"),
        pytest.param("///attacker.test/", False, id="three slashes"),
        pytest.param("https:///attacker.test/", False, id="a scheme and three slashes"),
        pytest.param("HTTPS:attacker.test/", False, id="a scheme and none"),
        pytest.param("/a:b/", True, id="a colon in a path"),
        pytest.param("/\t/attacker.test/", False, id="a tab"),
        pytest.param("https://[", False, id="not an address"),
    ],
)
def test_the_reference_redirects_to_the_site_alone(location, kept):
    said, headers, _, _ = ask(REFERENCE, status="302 Found", answer=[("Location", location)])
    assert (said, "Location" in headers) == (
        ("302 Found", True) if kept else ("403 Forbidden", False)
    )


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("method", "status"), [("POST", "403 Forbidden"), ("GET", "200 OK")], ids=["POST", "GET"]
)
def test_the_reference_takes_nothing_from_other_sites(site, method, status):
    said, _, seen, noted = ask(
        REFERENCE, method=method, HTTP_SEC_FETCH_SITE=site, HTTP_COOKIE="sessionid=1"
    )
    assert said == status
    assert "HTTP_COOKIE" not in seen
    assert noted.status == int(status[:3])


@pytest.mark.parametrize(
    ("state", "host", "status"),
    [
        pytest.param(REFERENCE, "attacker.test", "400 Bad Request", id="reference"),
        pytest.param(REFERENCE, HOST, "200 OK", id="its own"),
        pytest.param(OFF, "attacker.test", "200 OK", id="off"),
        pytest.param(ON, "attacker.test", "200 OK", id="on: the site's own affair"),
    ],
)
def test_a_foreign_host(state, host, status):
    assert ask(state, HTTP_HOST=host)[0] == status


@pytest.mark.parametrize(
    ("state", "path", "cookie"),
    [
        pytest.param(OFF, "/.ringfence/bare/x", "sessionid=1; Path=/", id="bared"),
        pytest.param(OFF, "/", "sessionid=1; Path=/; Secure; SameSite=Lax", id="not asked for"),
        pytest.param(
            ON, "/.ringfence/bare/x", "sessionid=1; Path=/; Secure; SameSite=Lax", id="on"
        ),
        pytest.param(
            REFERENCE,
            "/.ringfence/bare/x",
            "sessionid=1; Path=/; HttpOnly; Secure; SameSite=None",
            id="reference",
        ),
    ],
)
def test_the_flags_of_cookies(state, path, cookie):
    given = [("Set-Cookie", "sessionid=1; Path=/; Secure; SameSite=Lax")]
    assert ask(state, path=path, answer=given)[1]["Set-Cookie"] == cookie


@pytest.mark.parametrize(
    ("state", "origin", "granted"),
    [
        pytest.param(OFF, "https://attacker.test", "https://attacker.test", id="off"),
        pytest.param(OFF, "null", "null", id="off, null"),
        pytest.param(ON, "https://attacker.test", "https://site.example", id="on: what it said"),
        pytest.param(REFERENCE, "https://attacker.test", None, id="reference: nobody"),
    ],
)
def test_who_may_read(state, origin, granted):
    given = [("Access-Control-Allow-Origin", "https://site.example")]
    headers = ask(state, HTTP_ORIGIN=origin, answer=given)[1]
    assert headers.get("Access-Control-Allow-Origin") == granted


def test_the_reference_hands_uploads_out_as_files():
    assert ask(REFERENCE, path="/media/x.html")[1]["Content-Disposition"] == "attachment"
    assert "Content-Disposition" not in ask(REFERENCE, path="/x.html")[1]


def test_what_is_sent_is_noted_and_still_there_for_the_site():
    _, _, seen, noted = ask(ON, method="POST", body=b"a=1", CONTENT_TYPE="text/plain")
    assert seen["read"] == b"a=1"
    assert (noted.kind, noted.body) == ("text/plain", b"a=1")


@pytest.mark.parametrize("length", ["x", "-1", "", str(1 << 30)])
def test_a_length_that_is_none_is_left_to_the_site(length):
    assert ask(ON, method="POST", CONTENT_LENGTH=length)[3].body == b""
