"""The page, as text: what it holds, and that nothing of a site's is markup in it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import html5lib
import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.render.html import render
from ringfence.prove.stage import Outcome
from tests.prove.samples import HOSTILE, hostile, proof, trial

ATTACK = {attack.name: attack for attack in ATTACKS}
SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"


def tree_of(page):
    # strict: whatever is not as the standard says is an error
    return html5lib.HTMLParser(strict=True).parse(page)


def classes(tree):
    return [each.get("class").split()[1] for each in tree.iter(f"{SVG}a")]


@pytest.mark.parametrize("number", [1, 30])
def test_hostile_texts_are_no_markup(number):
    tree = tree_of(render(hostile(number), title=HOSTILE))
    assert len(list(tree.iter(f"{HTML}script"))) == 1
    assert len(list(tree.iter(f"{HTML}style"))) == 1
    for each in tree.iter():
        assert not [name for name in each.attrib if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            value = each.get(name, "#")
            assert value.startswith(("#", "data:image/jpeg;base64,")), value


def test_the_policy_allows_what_is_there_and_nothing_else():
    tree = tree_of(render(hostile(), title="proof"))
    policies = [
        each.get("content")
        for each in tree.iter(f"{HTML}meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    said = dict(part.strip().split(" ", 1) for part in policies[0].split(";"))
    hashes = {
        name: f"'sha256-{b64encode(sha256(each.text.encode()).digest()).decode()}'"
        for name in ("style", "script")
        for each in tree.iter(f"{HTML}{name}")
    }
    assert said == {
        "default-src": "'none'",
        "style-src": hashes["style"],
        "script-src": hashes["script"],
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize(
    ("on", "alone", "drawn"),
    [
        pytest.param(Outcome.SUCCEEDED, (), "breach", id="reaches the middle"),
        pytest.param(Outcome.ENVIRONMENT, (), "lent", id="the browser's defaults"),
        pytest.param(Outcome.STOPPED, (), "bare", id="no ring alone"),
        pytest.param(Outcome.STOPPED, ("csrf",), "near", id="one mistake away"),
        pytest.param(Outcome.STOPPED, ("csrf", "csp"), "held", id="deep"),
        pytest.param(Outcome.INCONCLUSIVE, (), "unknown", id="inconclusive"),
    ],
)
def test_how_an_arrow_is_drawn(on, alone, drawn):
    tree = tree_of(render(proof(trial(on=on, alone=alone)), title="proof"))
    assert classes(tree) == [drawn]


def end_of_line(page):
    (group,) = re.findall(r'<a href="#e0".*?</a>', page, re.DOTALL)
    return float(re.search(r'class="line" d="M 0 -468 V -([0-9.]+)"', group)[1])


def test_an_arrow_ends_at_the_outermost_ring_that_stops_it():
    at = [
        end_of_line(render(proof(trial(alone=alone)), title="proof"))
        for alone in (("transport", "csrf"), ("csrf", "csp"), ("csp",), ("escaping",))
    ]
    assert at == sorted(at, reverse=True)
    assert len(set(at)) == 4
    assert end_of_line(render(proof(trial(on=Outcome.SUCCEEDED)), title="proof")) < min(at)


def test_the_worst_stands_first_and_every_arrow_leads_to_its_evidence():
    deep = trial(ATTACK["read"], alone=("csrf", "csp"))
    near = trial(ATTACK["framing"], alone=("csp",))
    open_ = trial(ATTACK["script"], on=Outcome.SUCCEEDED)
    tree = tree_of(render(proof(deep, near, open_), title="proof"))
    arrows = list(tree.iter(f"{SVG}a"))
    assert [each.get("aria-label").split()[0] for each in arrows] == ["script", "framing", "read"]
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert all(each.get("href")[1:] in ids for each in arrows)


def test_equal_targets_are_one_arrow_and_all_are_in_the_evidence():
    page = render(proof(*(trial(label=f"GET /{n}/") for n in range(200))), title="proof")
    assert len(classes(tree_of(page))) == 1
    assert all(f"<code>GET /{n}/</code>" in page for n in range(200))


def test_the_table_has_the_same_data():
    found = proof(trial(alone=("csrf", "csp")), trial(ATTACK["read"], on=Outcome.SUCCEEDED))
    tree = tree_of(render(found, title="proof"))
    (table,) = [
        each for each in tree.iter(f"{HTML}table") if each.find(f"{HTML}caption") is not None
    ]
    said = ["".join(row.itertext()) for row in table.find(f"{HTML}tbody")]
    assert len(said) == len(classes(tree)) == 2
    assert said[0].startswith("read")
    assert said[0].endswith("0")
    assert "succeeded" in said[0]
    assert said[1].endswith("2")


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        pytest.param(b"\xff\xd8\xff\xe0 a picture", 1, id="a JPEG"),
        pytest.param(b"<svg onload=owned(1)>", 0, id="no JPEG"),
        pytest.param(b"", 0, id="none"),
    ],
)
def test_only_pictures_are_shown(picture, shown):
    found = trial(on=Outcome.SUCCEEDED)
    on = found.results["on"]
    found.results["on"] = type(on)(on.outcome, on.mechanism, on.evidence, picture=picture)
    assert render(proof(found), title="proof").count("<img ") == shown


@pytest.mark.parametrize(
    ("trials", "claim"),
    [
        pytest.param([], "Nothing was attacked, so nothing is shown.", id="nothing"),
        pytest.param([trial(alone=("csrf", "csp"))], "Nothing reaches the middle.", id="deep"),
        pytest.param(
            [trial(alone=("csp",))],
            "Nothing reaches the middle; 1 is one mistake away.",
            id="near",
        ),
        pytest.param(
            [trial(on=Outcome.SUCCEEDED), trial(label="b")],
            "1 of 2 attacks reaches the middle.",
            id="open",
        ),
        pytest.param(
            [trial(on=Outcome.INCONCLUSIVE)], "Nothing is seen to reach the middle.", id="unknown"
        ),
        pytest.param(
            [trial(on=Outcome.ENVIRONMENT), trial(label="b")],
            "Nothing reaches the middle, but 2 meet no ring of the site.",
            id="lent",
        ),
    ],
)
def test_what_is_claimed(trials, claim):
    assert f"<h1>{claim}</h1>" in render(proof(*trials), title="proof")


def test_a_partial_proof_says_so():
    assert "Partial: ended early" in render(proof(trial(), partial="ended early"), title="proof")
