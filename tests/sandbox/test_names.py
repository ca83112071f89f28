"""Which host the attacked copy has, and who looks like it."""

from __future__ import annotations

import pytest

from ringfence.sandbox.names import names_for


@pytest.mark.parametrize(
    ("allowed", "victim"),
    [
        pytest.param([], "victim.localhost", id="nothing said"),
        pytest.param(["*"], "victim.localhost", id="any"),
        pytest.param(["localhost", "127.0.0.1", "[::1]"], "victim.localhost", id="a developer's"),
        pytest.param(["10.0.0.7", "shop"], "victim.localhost", id="an address, a bare name"),
        pytest.param(["shop.example.com"], "shop.example.com", id="a real host"),
        pytest.param([".example.com"], "www.example.com", id="all of a domain"),
        pytest.param(["*", "SHOP.example.com"], "shop.example.com", id="the first real one"),
        pytest.param(["shop.local", "a.test", "b.internal"], "victim.localhost", id="private ones"),
        pytest.param(["a;b.example.com"], "victim.localhost", id="not a host"),
        pytest.param(["a, MAP x y.com"], "victim.localhost", id="a resolver's rule"),
    ],
)
def test_the_victims_host(allowed, victim):
    assert names_for(allowed).victim == victim


def test_the_look_alikes_are_none_of_the_victims_subdomains():
    names = names_for(["shop.example.com"])
    assert names.sibling.endswith(".shop.example.com")
    for other in (names.attacker, names.suffixed, names.prefixed):
        assert not other.endswith(f".{names.victim}")
        assert other != names.victim
    assert names.suffixed.endswith("shop.example.com")
    assert names.prefixed.startswith("shop.example.com")
