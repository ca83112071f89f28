"""What the renderer notes, and what of it is kept."""

from __future__ import annotations

import base64
import hashlib
import pickle
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.rings.csp.nonce import Nonce
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.provenance import Grants, grants_of, hash_of


def grants(nonce=None, **options):
    return Grants(EscapingPolicy(**options), nonce)


@given(st.text(alphabet=st.characters(blacklist_characters="\r", blacklist_categories=["Cs"])))
def test_a_hash_is_the_standards(text):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert hash_of(text) == f"'sha256-{digest}'"


def test_a_long_text_has_the_same_hash_and_is_not_kept():
    text = "x" * 100_000
    assert hash_of(text) == hash_of("x" * 100_000)


@pytest.mark.parametrize(
    ("handlers", "kept"),
    [("literal", ["'l'"]), ("all", ["'l'", "'d'"]), ("none", [])],
)
def test_which_handlers_are_kept(handlers, kept):
    noted = grants(handlers=handlers)
    for add in (noted.add_handler, noted.add_style_attr):
        add("'l'")
        add("'l'")
        add("'d'", data=True)
    assert noted.handlers == noted.style_attrs == kept
    assert noted.wants_handlers is (handlers != "none")
    assert noted.wants_data is (handlers == "all")


def test_nothing_noted_is_nothing():
    assert not grants(Nonce()).noted


@pytest.mark.parametrize(
    "note",
    [
        lambda g: g.add_handler("'h'"),
        lambda g: g.add_style_attr("'h'"),
        lambda g: g.add_script("'h'"),
        lambda g: g.add_script(None),
        lambda g: g.add_style(None),
        lambda g: g.add_external("script", "/a.js"),
        lambda g: g.nonce,
    ],
    ids=["handler", "style", "script", "script with data", "style element", "external", "nonce"],
)
def test_anything_noted_is_something(note):
    noted = grants(Nonce())
    note(noted)
    assert noted.noted


def test_lending_is_no_reading():
    nonce = Nonce()
    noted = grants(nonce)
    lent = noted.nonce
    assert lent == noted.nonce == noted.lent
    assert not nonce.used
    assert str(nonce) == lent
    assert nonce.used
    assert noted.nonce == lent


def test_a_sealed_nonce_is_not_lent():
    nonce = Nonce()
    nonce.seal()
    assert grants(nonce).nonce is None


def test_a_lent_nonce_can_be_sealed():
    nonce = Nonce()
    assert nonce.lend()
    nonce.seal()
    with pytest.raises(Exception, match="after the Content-Security-Policy"):
        str(nonce)
    assert nonce.lend() is None


@pytest.mark.parametrize(
    ("budget", "spent", "count"), [(0, 0, 0), (53, 0, 0), (54, 0, 1), (2048, 0, 37), (108, 54, 1)]
)
def test_the_budget(budget, spent, count):
    noted = grants(hash_budget=budget)
    hashes = [hash_of(str(number)) for number in range(100)]
    kept = noted.within_budget(hashes, spent)
    assert kept == hashes[:count]
    assert len(" " + " ".join(kept)) <= max(1, budget - spent)
    assert Grants.size_of(count) == (len(" " + " ".join(kept)) if kept else 0)


def test_what_was_noted_can_be_stored_and_noted_again():
    noted = grants(Nonce())
    noted.add_handler("'h'")
    noted.add_style_attr("'s'")
    noted.add_script(None)
    noted.add_style("'e'")
    noted.add_external("script", "/a.js")
    assert noted.nonce
    stored = pickle.loads(pickle.dumps(noted.freeze()))  # noqa: S301 - our own bytes
    again = grants()
    again.absorb(stored)
    assert again.freeze() == noted.freeze()
    assert again.lent is None
    none = grants(handlers="none")
    none.absorb(stored)
    assert none.handlers == none.style_attrs == []


def test_a_child_is_empty_and_has_the_same_nonce():
    noted = grants(Nonce())
    noted.add_handler("'h'")
    child = noted.child()
    assert not child.noted
    assert child.nonce == noted.nonce


def test_where_grants_are_noted():
    policy = EscapingPolicy()
    fenced = SimpleNamespace(
        _ringfence=SimpleNamespace(grants=None, provenance=policy, nonce=Nonce())
    )
    assert grants_of(fenced) is grants_of(fenced) is fenced._ringfence.grants
    idle = SimpleNamespace(_ringfence=SimpleNamespace(grants=None, provenance=None, nonce=None))
    assert grants_of(idle, policy) is None
    assert grants_of(None, policy) is None
    assert grants_of(SimpleNamespace(), policy) is None
    assert grants_of(SimpleNamespace(_csp_nonce="x")) is None
    assert grants_of(SimpleNamespace(_csp_nonce="x"), EscapingPolicy(provenance=False)) is None


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SimpleNamespace(_csp_nonce="django"), "django"),
        (SimpleNamespace(_csp_nonce=None, csp_nonce="package"), "package"),
    ],
    ids=["Django 6's middleware", "django-csp"],
)
def test_another_middlewares_nonce(request_, expected):
    found = grants_of(request_, EscapingPolicy())
    assert found is not None
    assert found.nonce == expected
    # Noted, and of no consequence.
    found.add_script(None)


def test_a_nonce_that_may_no_longer_be_read():
    class Late:
        def __str__(self):
            raise RuntimeError("too late")

    found = grants_of(SimpleNamespace(_csp_nonce=Late()), EscapingPolicy())
    assert found is not None
    assert found.nonce is None
