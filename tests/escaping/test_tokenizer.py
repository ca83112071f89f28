"""The tokenizer's end state agrees with a conforming one's on html5lib-tests' tokenizer tests.

The inputs are those of the tests and all their beginnings, which end in every state there is.
"""

from __future__ import annotations

import functools
import random
import sys
from pathlib import Path

import pytest

from ringfence.rings.escaping import html

sys.path.insert(0, str(Path(__file__).parent))

import tokenizer_oracle as oracle

#: Inputs on which html5lib-python is wrong, with the standard's state. U+0000 is "anything else"
#: behind "<!--" (HTML, sections 13.2.5.43 and 44) and leads to the comment's text.
STANDARD = {
    oracle.Input("data", "", "<!--\0"): "comment",
    oracle.Input("data", "", "<!---\0"): "comment",
}


@functools.cache
def inputs() -> list[oracle.Input]:
    return oracle.inputs()


def start(given: oracle.Input) -> html.Markup:
    return html.start(given.initial, last_start_tag=given.last_start_tag)


def at(markup: html.Markup) -> str:
    return markup.at.lower()


def comparable(name: str) -> str:
    return oracle.SPLIT_SINCE.get(name, name)


def test_the_inputs_are_many_and_end_everywhere():
    ends = {oracle.end_state(given) for given in inputs()}

    assert len(inputs()) >= 13_801
    assert {"script data double escape end", "doctype name", "comment end bang"} <= ends
    assert len(ends) >= 55


@pytest.mark.slow
def test_the_end_states_agree():
    differing = []
    for given in inputs():
        expected = STANDARD.get(given) or oracle.end_state(given)
        found = at(start(given).feed(given.text))
        if comparable(found) != expected:
            differing.append(f"{given}: {found!r}, not {expected!r}")

    assert not differing, f"{len(differing)} differ:\n" + "\n".join(differing[:60])


@pytest.mark.slow
def test_nothing_depends_on_where_a_text_is_split():
    differing = []
    for given in inputs():
        whole = start(given).feed(given.text)
        cut = random.Random(ascii(given)).randint(0, len(given.text))  # noqa: S311 - any cut will do
        if start(given).feed(given.text[:cut]).feed(given.text[cut:]) != whole:
            differing.append(f"{given} at {cut}")

    assert not differing, f"{len(differing)} differ:\n" + "\n".join(differing[:60])


@pytest.mark.slow
def test_character_by_character_is_the_same():
    differing = []
    for given in inputs():
        markup = start(given)
        for character in given.text:
            markup = markup.feed(character)
        if markup != start(given).feed(given.text):
            differing.append(str(given))

    assert not differing, f"{len(differing)} differ:\n" + "\n".join(differing[:60])


@pytest.mark.parametrize(
    ("text", "state"),
    [
        pytest.param("<p", "tag name", id="tag"),
        pytest.param("<script>a<!--<script ", "script data double escaped", id="double"),
        pytest.param("<title>a</title", "rcdata end tag name", id="rcdata"),
        pytest.param("<a b='c'", "after attribute value (quoted)", id="attribute"),
        pytest.param("<!-- a --!", "comment end bang", id="comment"),
    ],
)
def test_the_oracle_itself(text, state):
    assert oracle.end_state(oracle.Input("data", "", text)) == state
