"""Where a variable may load code from: what the site's policy names for that destination."""

from __future__ import annotations

import pytest

from tests.escaping.pages import get

SCRIPT = "<script src='{{ x }}'></script>"
STYLE = "<link rel=stylesheet href='{{ x }}'>"
FRAME = "<iframe src='{{ x }}'></iframe>"
OBJECT = "<object data='{{ x }}'></object>"
BASE = "<base href='{{ x }}'>"
EVENTS = "<p sse-connect='{{ x }}'>"
SOCKET = "<p ws-connect='{{ x }}'>"

URL = "https://cdn.example/x"
NAMED = ["https://cdn.example"]
OTHER = ["https://other.example"]

ROWS = {
    "no directive": (SCRIPT, URL, {}, False),
    "a script": (SCRIPT, URL, {"script-src": NAMED}, True),
    "a script, by the fallback": (SCRIPT, URL, {"default-src": NAMED}, True),
    "a script, not by the fallback": (
        SCRIPT,
        URL,
        {"script-src": OTHER, "default-src": NAMED},
        False,
    ),
    "a script, by another list": (SCRIPT, URL, {"connect-src": NAMED, "style-src": NAMED}, False),
    "a style": (STYLE, URL, {"style-src": NAMED}, True),
    "a style, by the scripts'": (STYLE, URL, {"script-src": NAMED}, False),
    "a frame": (FRAME, URL, {"frame-src": NAMED}, True),
    "a frame, by the scripts'": (FRAME, URL, {"script-src": NAMED}, False),
    "an object": (OBJECT, URL, {"object-src": NAMED}, True),
    "a base": (BASE, URL, {"base-uri": NAMED}, True),
    "a base has no fallback": (BASE, URL, {"default-src": NAMED}, False),
    "a stream": (EVENTS, URL, {"connect-src": NAMED, "script-src": NAMED}, True),
    "a stream, by the fallback": (EVENTS, URL, {"default-src": NAMED}, True),
    "a stream, by connections only": (EVENTS, URL, {"connect-src": NAMED}, False),
    "a stream, by scripts only": (EVENTS, URL, {"script-src": NAMED}, False),
    "a stream, not from where frames come": (EVENTS, URL, {"frame-src": NAMED}, False),
    "a socket": (
        SOCKET,
        "wss://cdn.example/x",
        {"connect-src": ["wss://cdn.example"], "script-src": NAMED},
        True,
    ),
    "a socket, by connections only": (
        SOCKET,
        "wss://cdn.example/x",
        {"connect-src": ["wss://cdn.example"]},
        False,
    ),
    "a socket without encryption": (
        SOCKET,
        "ws://cdn.example/x",
        {"connect-src": ["wss://cdn.example"], "script-src": NAMED},
        False,
    ),
}


@pytest.mark.parametrize(("source", "url", "csp", "loads"), ROWS.values(), ids=ROWS)
def test_an_origin_that_the_policy_names(source, url, csp, loads):
    policy = csp or {"img-src": ["'self'"]}

    assert (url in get(source, {"x": url}, ringfence={"csp": policy}).text) is loads
