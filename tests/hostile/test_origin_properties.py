"""What holds of ``ringfence.origin`` for any text at all."""

from __future__ import annotations

import contextlib
import gc
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.origin import MAX_LENGTH, Origin, OriginError, OriginRules
from tests.hostile.generate import Generator
from tests.hostile.reference import is_listed, parts_of

PATTERNS = ("https://a.example", "https://*.b.example", "http://localhost:8000", "https://[::1]")
RULES = OriginRules.compile(PATTERNS)

_labels = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?", fullmatch=True)
_hosts = st.one_of(
    st.lists(_labels, min_size=1, max_size=5).map(".".join),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
)
_origins = st.builds(
    lambda scheme, host, port: f"{scheme}://{host}{port}",
    st.sampled_from(["http", "https", "HTTPS", "chrome-extension", "app", "wss"]),
    _hosts,
    st.one_of(st.just(""), st.integers(1, 65535).map(lambda port: f":{port}")),
)
#: Texts that are nearly origins find more than random ones do.
_nearly = st.builds(
    lambda origin, at, what, drop: origin[:at] + what + origin[at + drop :],
    _origins,
    st.integers(0, 60),
    st.one_of(st.text(max_size=3), st.sampled_from(list(":/@?#[]\\%.,\t ")), _origins),
    st.integers(0, 3),
)
_texts = st.one_of(st.text(), _nearly, st.text("htps:/.[]@0123456789a", max_size=40))


@given(_texts)
def test_parse_raises_nothing_but_origin_error(text: str) -> None:
    result: Origin | OriginError
    try:
        result = Origin.parse(text)
    except OriginError as error:
        result = error
    if isinstance(result, OriginError):
        assert str(result).endswith("."), "a reason is a sentence"
        assert result.fix
    else:
        assert Origin.parse(result.serialize()) == result
        assert result.serialize() == result.serialize().lower()
        assert 0 <= result.port < 65536


@given(_origins)
def test_every_origin_is_parsed_and_serialised_as_a_browser_would(text: str) -> None:
    origin = Origin.parse(text)
    assert Origin.parse(origin.serialize()) == origin
    writes_port = re.search(r":\d+$", origin.serialize()) is not None
    assert origin.has_default_port is not writes_port


@given(_texts)
def test_an_independent_parser_agrees(text: str) -> None:
    try:
        parsed = Origin.parse(text)
    except OriginError:
        parsed = None
    assert parsed == parts_of(text)


@given(_texts)
def test_rules_never_raise_and_agree_with_a_list(text: str) -> None:
    assert RULES.matches(text) is is_listed(parts_of(text), PATTERNS)


def test_the_hostile_origins_agree_too() -> None:
    origins = [
        request.headers["origin"]
        for request in Generator(7).requests(20_000)
        if "origin" in request.headers
    ]
    wrong = []
    for text in origins:
        try:
            parsed = Origin.parse(text)
        except OriginError:
            parsed = None
        if parsed != parts_of(text):
            wrong.append((text[:80], parsed, parts_of(text)))
    assert not wrong
    assert sum(parts_of(text) is not None for text in origins) > 1000


def calls_of(function) -> int:
    """Count the function calls: a measure of work that no busy machine disturbs."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # what it would clean up is not the function's work
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize(
    "origin",
    ["https://app3.example.net", "https://a.b.c.wild.example", "https://no.example", "garbage"],
)
def test_membership_costs_the_same_however_many_origins_there_are(origin: str) -> None:
    def rules(count: int) -> OriginRules:
        exact = [f"https://app{number}.example.net" for number in range(count)]
        wild = [f"https://*.wild{number}.example" for number in range(count)]
        return OriginRules.compile([*exact, *wild, "https://*.wild.example"])

    few, many = rules(5), rules(500)
    assert few.matches(origin) is many.matches(origin)
    assert calls_of(lambda: few.matches(origin)) == calls_of(lambda: many.matches(origin))


@pytest.mark.parametrize(
    "shape", ["https://" + "a." * 40_000, "[" * 80_000, "https://[" + ":" * 80_000, "a:" * 40_000]
)
def test_long_text_is_refused_without_being_read(shape: str) -> None:
    assert len(shape) > MAX_LENGTH

    def refuse() -> None:
        with pytest.raises(OriginError):
            Origin.parse(shape)

    def refuse_longer() -> None:
        with pytest.raises(OriginError):
            Origin.parse(shape * 4)

    refuse()
    assert calls_of(refuse) == calls_of(refuse_longer)
    assert RULES.matches(shape) is False


@pytest.mark.parametrize("part", ["a.", "a", "-", "1", ":", "[", "."])
def test_work_grows_with_the_length_at_most(part: str) -> None:
    def parse(length: int) -> None:
        with contextlib.suppress(OriginError):
            Origin.parse(("https://" + part * length)[:MAX_LENGTH])

    short, long = calls_of(lambda: parse(30)), calls_of(lambda: parse(120))
    assert long <= 4 * short + 40
