"""One nonce per response: made when read, 128 bits, and an error when read too late."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
from django.template import Context, Template
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape, format_html

from ringfence.rings.csp.nonce import Nonce, NonceError, generate


def test_a_nonce_has_128_bits():
    made = {generate() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[0-9a-f]{32}", nonce) for nonce in made)
    # No digit stands still: all of the bits are random.
    assert all(len({nonce[place] for nonce in made}) == 16 for place in range(32))


READINGS = [
    ("str", str),
    ("format", "{}".format),
    ("f-string", lambda nonce: f"{nonce}"),
    ("html", lambda nonce: nonce.__html__()),
    ("escaped", conditional_escape),
    ("template", lambda nonce: Template("{{ n }}").render(Context({"n": nonce}))),
    ("attribute of a string", lambda nonce: nonce.strip()),
    ("concatenation", lambda nonce: nonce + ""),
    ("pickle", lambda nonce: pickle.loads(pickle.dumps(nonce))),  # noqa: S301 - our own bytes
]


@pytest.mark.parametrize("read", [row[1] for row in READINGS], ids=[row[0] for row in READINGS])
def test_every_way_of_reading_gives_the_one_value(read):
    nonce = Nonce()
    assert not nonce.used
    value = read(nonce)
    assert nonce.used
    assert bool(nonce) is True
    assert value == str(nonce) == read(nonce)
    assert len(str(nonce)) == 32


NOT_READING = [
    ("bool", bool),
    ("used", lambda nonce: nonce.used),
    ("repr", repr),
    ("its type", lambda nonce: isinstance(nonce, SimpleLazyObject)),
    ("equal to itself", lambda nonce: (nonce == nonce, nonce != nonce)),  # noqa: PLR0124
    ("a copy", lambda nonce: copy.copy(nonce) is nonce),
    ("a deep copy", lambda nonce: copy.deepcopy({"n": nonce})["n"] is nonce),
    (
        "a condition in a template",
        lambda nonce: Template("{% if n %}{{ n }}{% endif %}").render(Context({"n": nonce})),
    ),
    ("sealing", lambda nonce: nonce.seal()),
]


@pytest.mark.parametrize(
    "look", [row[1] for row in NOT_READING], ids=[row[0] for row in NOT_READING]
)
def test_looking_at_it_does_not_make_it(look):
    nonce = Nonce()
    look(nonce)
    assert not nonce.used


def test_it_compares_and_hashes_as_its_value():
    nonce = Nonce()
    assert nonce == str(nonce)
    assert str(nonce) == nonce
    assert nonce != "other"
    assert nonce != Nonce()
    assert hash(nonce) == hash(str(nonce))
    assert f"{nonce:>30}" == str(nonce).rjust(30)
    assert format_html('nonce="{}"', nonce) == f'nonce="{nonce}"'
    assert repr(nonce) == f"<Nonce: '{nonce}'>"
    assert repr(Nonce()) == "<Nonce: unused>"


def test_each_is_its_own():
    assert len({str(Nonce()) for _ in range(50)}) == 50


def test_reading_it_first_after_sealing_is_an_error():
    nonce = Nonce()
    nonce.seal()
    for read in (str, len, lambda sealed: sealed + ""):
        with pytest.raises(NonceError, match="after the Content-Security-Policy header"):
            read(nonce)
    assert not nonce.used


def test_sealing_a_nonce_that_was_read_changes_nothing():
    nonce = Nonce()
    value = str(nonce)
    nonce.seal()
    assert str(nonce) == value


def test_code_written_for_django_csp_catches_the_error():
    exceptions = pytest.importorskip("csp.exceptions")
    assert issubclass(NonceError, exceptions.CSPNonceError)
