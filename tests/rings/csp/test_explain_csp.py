"""``explain-csp``: what it prints, from a policy, a file, standard input and a server."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest
import trustme
from django.core.management import call_command

from ringfence.cli import main
from ringfence.rings.csp.fetch import HEAD_LIMIT, REDIRECTS, FetchError, fetch

STRICT = (
    "script-src 'nonce-dGhpcyBpcyBub3QgcmFuZG9t' 'strict-dynamic'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; style-src 'self'"
)


@pytest.fixture
def say(capsys):
    def run(*arguments):
        status = main(["explain-csp", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_a_policy(say):
    status, out, err = say("default-src 'self'; script-src 'unsafe-inline' 'nonce-$x' https:")
    assert (status, err) == (0, "")
    assert "'unsafe-inline' https:    [script-src]" in out
    assert "without effect: 'nonce-$x' (it is no source)" in out
    assert "danger CSP201  CSP allows inline scripts\n" in out
    assert " script-src 'unsafe-inline'\n" in out
    assert "Why: an injected <script> or onclick= runs as the site's own does." in out
    assert "Fix: Use CSP.NONCE in its place" in out
    assert "Grade: F, because of CSP201, CSP203." in out


def test_what_is_switched_off_does_not_show_as_allowed(say):
    _, out, _ = say(f"{STRICT} ; img-src *")
    assert "'nonce-dGhpcyBpcyBub3QgcmFuZG9t' 'strict-dynamic'    [script-src]" in out
    assert "eval(): blocked" in out
    assert "images:\n      *    [img-src]" in out
    assert "Grade: A, because of CSP224." in out


def test_json(say):
    status, out, _ = say("script-src 'self' https://a.example; foo x", "--format", "json")
    told = json.loads(out)
    assert status == 0
    assert told["version"] == 1
    assert (told["grade"], told["because"], told["algorithm"]) == ("C", ["CSP205"], 1)
    assert told["grades"].keys() == {"1", "2", "3"}
    (policy,) = told["policies"]
    assert policy["effective"]["script-src-elem"] == {
        "directive": "script-src",
        "sources": ["'self'", "https://a.example"],
        "ignored": [],
    }
    assert policy["effective"]["img-src"] is None
    assert policy["dropped"][0]["name"] == "foo"
    unknown = next(each for each in told["findings"] if each["code"] == "CSP001")
    assert unknown["severity"] == "warning"
    assert unknown["place"] == "Content-Security-Policy"
    assert unknown["value"] == "foo x"
    assert unknown["message"]
    assert unknown["fix"]


def test_levels(say):
    text = "script-src 'strict-dynamic' 'nonce-dGhpcyBpcyBub3QgcmFuZG9t' https:"
    assert "Grade: D" in say(text)[1]
    assert "Grade: F, because of CSP203" in say(text, "--level", "2")[1]


def test_only_reported_on(say):
    _, out, _ = say(STRICT, "--report-only")
    assert "Grade: F, because of CSP225." in out
    assert "With what is only reported on enforced as well: A." in out


@pytest.mark.parametrize(("wanted", "status"), [("A+", 1), ("A", 0), ("F", 0)], ids=str)
def test_at_least(say, wanted, status):
    assert say(STRICT, "--at-least", wanted)[0] == status


def test_a_file_of_headers(say, tmp_path):
    file = tmp_path / "head.txt"
    file.write_text(
        "HTTP/2 200\r\nContent-Type: text/html\r\n"
        f"content-security-policy: {STRICT}\r\n"
        "Content-Security-Policy-Report-Only: default-src 'none'\r\n"
    )
    _, out, _ = say(str(file))
    assert "Content-Security-Policy (1 of 2)" in out
    assert "Content-Security-Policy-Report-Only (2 of 2)" in out
    assert "CSP226" in out


@pytest.mark.parametrize(
    ("value", "open_"), [("DENY", False), ("sameorigin", False), ("ALLOWALL", True)], ids=str
)
def test_x_frame_options_stands_in(say, serve, tmp_path, value, open_):
    server = serve(answer(Content_Security_Policy="script-src 'self'", X_Frame_Options=value))
    assert ("CSP221" in say(server.url)[1]) is open_
    file = tmp_path / "head.txt"
    file.write_text(f"X-Frame-Options: {value}\ncontent-security-policy: script-src 'self'\n")
    assert ("CSP221" in say(str(file))[1]) is open_
    file.write_text(f"X-Frame-Options: {value}\ncontent-security-policy: frame-ancestors *\n")
    assert "CSP221" in say(str(file))[1]


def test_a_file_with_a_policy(say, tmp_path):
    file = tmp_path / "policy"
    file.write_text("script-src 'self';\n  img-src *\n")
    assert "*    [img-src]" in say(str(file))[1]


def test_standard_input(say, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("img-src 'none'"))
    assert "nothing    [img-src]" in say("-")[1]


def test_nothing(say):
    status, out, _ = say("")
    assert status == 0
    assert "No Content-Security-Policy is sent." in out


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_reaches_the_terminal_as_a_command(say, form):
    hostile = "script-src \x1b[31m\u202e 'nonce-\x9b'; \x1b]0;x\x07 y; img-src \x1b[2J, \x00 z"
    _, out, _ = say(hostile, "--format", form)
    assert all(char.isprintable() or char == "\n" for char in out)


def test_from_manage_py():
    out = io.StringIO()
    call_command("ringfence", "explain-csp", "img-src *", stdout=out)
    assert "*    [img-src]" in out.getvalue()


def test_without_a_project_or_django():
    code = (
        "import sys; from ringfence.cli import main; main(['explain-csp', 'img-src *']); "
        "sys.exit('django' in sys.modules)"
    )
    environment = {key: value for key, value in os.environ.items() if "DJANGO" not in key}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b"Grade: F" in done.stdout


class Server:
    """Answers each connection on loopback with the next of some bytes; then with the last."""

    def __init__(self, *answers, pause=0.0):
        self.answers = list(answers)
        self.pause = pause
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(4096))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                try:
                    for at in range(0, len(answer), 1 if self.pause else len(answer)):
                        size = 1 if self.pause else len(answer)
                        connection.sendall(answer[at : at + size])
                        if self.pause:
                            time.sleep(self.pause)
                except OSError:
                    continue


@pytest.fixture
def serve():
    servers = []

    def begin(*answers, **options):
        servers.append(Server(*answers, **options))
        return servers[-1]

    yield begin
    for server in servers:
        server.listener.close()


def answer(status="200 OK", body=b"", **headers):
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def test_a_url(say, serve):
    server = serve(answer(Content_Security_Policy=STRICT, body=b"<script>"))
    status, out, _ = say(server.url)
    assert status == 0
    assert f"{server.url}  200" in out
    assert "danger CSP105" in out
    assert "Grade: F, because of CSP105." in out
    assert len(server.asked) == 2
    assert b"Cookie" not in server.asked[0]


def test_a_url_with_fresh_nonces(say, serve):
    other = STRICT.replace("dG", "dH")
    server = serve(answer(Content_Security_Policy=STRICT), answer(Content_Security_Policy=other))
    assert "CSP105" not in say(server.url)[1]


def test_a_url_without_a_policy(say, serve):
    _, out, _ = say(serve(answer()).url)
    assert "No Content-Security-Policy is sent." in out


def test_redirects_are_followed_and_shown(say, serve):
    server = serve(
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer("302 Found", Location="/in"),
        answer(Content_Security_Policy="img-src *"),
    )
    _, out, _ = say(server.url)
    assert f"{server.url}  302\n{server.url}in  200\n" in out
    assert "*    [img-src]" in out


def test_a_redirect_elsewhere_is_not_followed(serve):
    server = serve(answer("301 Moved", Location="https://elsewhere.example/"))
    with pytest.raises(FetchError, match=r"another host: ask for https://elsewhere\.example/"):
        fetch(server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[", "//a b/", "javascript:1"]
)
def test_a_redirect_to_no_web_page_is_not_followed(serve, location):
    with pytest.raises(FetchError):
        fetch(serve(answer("302 Found", Location=location)).url)


def test_redirects_end(serve):
    server = serve(answer("302 Found", Location="/again"))
    with pytest.raises(FetchError, match="more than 5 redirects"):
        fetch(server.url)
    assert len(server.asked) == REDIRECTS + 1


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 999 x\r\n\r\n",
        b"SSH-2.0-x\r\n\r\n",
        answer()[:-2],
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * (HEAD_LIMIT + 70000),
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    ],
    ids=["nothing", "nonsense", "letters", "999", "ssh", "half", "endless", "many"],
)
def test_what_is_no_answer_is_said(say, serve, reply):
    server = serve(reply)
    if not reply:
        server.answers = [b" "]
    status, out, err = say(server.url)
    assert (status, out) == (1, "")
    assert "did not answer in HTTP" in err or "cannot be reached" in err


def test_a_slow_answer_does_not_keep_us(serve):
    server = serve(answer(), pause=0.2)
    begun = time.monotonic()
    with pytest.raises(FetchError, match="in time"):
        fetch(server.url, seconds=0.5)
    assert time.monotonic() - begun < 5


def test_a_certificate_that_nobody_vouches_for_is_refused():
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                context.wrap_socket(connection, server_side=True)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch(f"https://127.0.0.1:{listener.getsockname()[1]}/")


@pytest.mark.parametrize(
    "url",
    ["http://", "http:///x", "http://a b/", "http://u:p@a.example/", "http://a:99999/", "http://["],
)
def test_what_is_no_url_is_said(say, url):
    status, _, err = say(url)
    assert status == 1
    assert err
