"""The table once more over real servers, where header names, bytes and repeats are the server's."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.csrf.servers import SERVERS, status_of
from tests.csrf.table import EXACT, FOREIGN, HOST, OWN, Row
from tests.csrf.ways import FALLBACKS, accepted, headers_of, rows_of, site_settings

CASES = [
    (kind, fallback, row)
    for kind in SERVERS
    for fallback in FALLBACKS
    for row in rows_of(fallback)
    if row.wire
]


@pytest.fixture(scope="module")
def port(request):
    kind, fallback = request.param
    with override_settings(**site_settings(fallback)), SERVERS[kind]() as number:
        yield number


@pytest.mark.parametrize(
    ("port", "row"),
    [((kind, fallback), row) for kind, fallback, row in CASES],
    ids=[f"{kind}-{row.name}" for kind, _, row in CASES],
    indirect=["port"],
)
@pytest.mark.parametrize("way", ["/plain/", "/protected/", "/rest/"])
def test_row(port: int, row: Row, way: str) -> None:
    for token in (False, True):
        status = status_of(port, row.method, way, headers_of(row, token=token).items())
        assert status == (200 if accepted(row, token=token) else 403), f"token: {token}"


REPEATED = [
    ("Sec-Fetch-Site twice the same", ["same-origin", "same-origin"], [], 403),
    ("Sec-Fetch-Site twice, none first", ["none", "cross-site"], [], 403),
    ("Sec-Fetch-Site twice, trusted Origin", ["same-origin", "cross-site"], [EXACT], 200),
    ("own Origin twice", [], [OWN, OWN], 403),
    ("own Origin and a foreign one", [], [OWN, FOREIGN], 403),
    ("a foreign Origin and the own one", ["same-origin"], [FOREIGN, OWN], 403),
    ("an empty Origin and the own one", [], ["", OWN], 403),
    ("each once", ["same-origin"], [OWN], 200),
]


@pytest.mark.parametrize(
    ("port", "sites", "origins", "expected"),
    [((kind, "token"), *row[1:]) for kind in SERVERS for row in REPEATED],
    ids=[f"{kind}-{row[0]}" for kind in SERVERS for row in REPEATED],
    indirect=["port"],
)
def test_repeated_lines(port: int, sites: list[str], origins: list[str], expected: int) -> None:
    headers = [("Host", HOST), ("X-Forwarded-Proto", "https")]
    headers += [("Sec-Fetch-Site", site) for site in sites]
    headers += [("Origin", origin) for origin in origins]
    assert status_of(port, "POST", "/plain/", headers) == expected
