"""The table once more over real servers, where header names, bytes and repeats are the server's."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.csrf.servers import SERVERS, status_of
from tests.csrf.table import EXACT, FOREIGN, HOST, OWN, Fallback, Row
from tests.csrf.ways import accepted, headers_of, rows_of, site_settings


@pytest.fixture(scope="module", params=SERVERS)
def port(request):
    with override_settings(**site_settings()), SERVERS[request.param]() as number:
        yield number


def disagreements(port: int, row: Row) -> list[tuple[str, str, bool, int]]:
    """Send the row by every way in, with and without a token; return what came out wrong."""
    wrong = []
    for way in ("/plain/", "/protected/", "/rest/", "/ninja/"):
        for token in (False, True):
            status = status_of(port, row.method, way, headers_of(row, token=token).items())
            if status != (200 if accepted(row, token=token) else 403):
                wrong.append((row.name, way, token, status))
    return wrong


@pytest.mark.parametrize(
    "row", [row for row in rows_of("token") if row.wire], ids=lambda row: row.name
)
def test_row(port: int, row: Row) -> None:
    assert disagreements(port, row) == []


@pytest.mark.parametrize("fallback", ["deny", "dangerously_allow"])
@pytest.mark.parametrize("kind", SERVERS)
def test_rows_with_another_fallback(kind: str, fallback: Fallback) -> None:
    rows = [row for row in rows_of(fallback) if row.wire]
    assert len(rows) >= 5
    with override_settings(**site_settings(fallback)), SERVERS[kind]() as number:
        assert [wrong for row in rows for wrong in disagreements(number, row)] == []


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
    ("sites", "origins", "expected"),
    [row[1:] for row in REPEATED],
    ids=[row[0] for row in REPEATED],
)
def test_repeated_lines(port: int, sites: list[str], origins: list[str], expected: int) -> None:
    headers = [("Host", HOST), ("X-Forwarded-Proto", "https")]
    headers += [("Sec-Fetch-Site", site) for site in sites]
    headers += [("Origin", origin) for origin in origins]
    assert status_of(port, "POST", "/plain/", headers) == expected
