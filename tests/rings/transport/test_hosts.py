from __future__ import annotations

import pytest

from ringfence.rings.transport.hosts import HostCache, own_origins


@pytest.mark.parametrize(
    ("host", "http", "https"),
    [
        ("a.example", "http://a.example", "https://a.example"),
        ("a.example:80", "http://a.example", "https://a.example:80"),
        ("A.Example:443", "http://a.example:443", "https://a.example"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", "https://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000", "https://[::1]:8000"),
    ],
)
def test_own_origins(host, http, https):
    origins = own_origins(host)
    assert (origins.http_text, origins.https_text) == (http, https)
    assert origins.http.serialize() == http


@pytest.mark.parametrize("host", ["", "a b", "a@b", "a/b", "a:99999", "\u00e9.example"])
def test_no_host(host):
    assert own_origins(host) is None


class Judge:
    def __init__(self, *allowed):
        self.allowed = allowed
        self.asked = []

    def __call__(self, raw):
        self.asked.append(raw)
        return own_origins(raw) if raw.endswith(self.allowed) else None


def test_an_allowed_host_is_judged_once():
    judge = Judge("a.example")
    cache = HostCache(judge)
    assert cache.get("a.example") is cache.get("a.example")
    assert judge.asked == ["a.example"]


def test_hostile_hosts_are_not_remembered():
    cache = HostCache(Judge("a.example"))
    for number in range(5000):
        assert cache.get(f"{number}.evil.example") is None
    assert len(cache) == 0


def test_the_cache_is_bounded_where_a_wildcard_allows_any_number():
    cache = HostCache(Judge(".a.example"), limit=16)
    for number in range(100):
        assert cache.get(f"{number}.a.example") is not None
        assert len(cache) <= 16


def test_a_refusal_that_is_raised_reaches_the_caller():
    def judge(raw):
        raise ValueError(raw)

    cache = HostCache(judge)
    with pytest.raises(ValueError, match=r"a\.example"):
        cache.get("a.example")
    assert len(cache) == 0


def test_forgetting():
    judge = Judge("a.example")
    cache = HostCache(judge)
    cache.get("a.example")
    cache.clear()
    cache.get("a.example")
    assert judge.asked == ["a.example", "a.example"]
