"""JavaScript as tokens: strings, template literals, comments, regular expressions, and no hang."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit.collect.scripts.lexer import MOST, tokens
from ringfence.audit.collect.scripts.structure import Structure

ROWS = [
    ("a comment", "a // b\nc /* d */ e", ["a", "c", "e"]),
    ("a quote in a comment", "// don't\na", ["a"]),
    ("a comment's mark in a string", "'//' + a", ["'//'", "+", "a"]),
    ("an escaped quote", r"'it\'s' + a", [r"'it\'s'", "+", "a"]),
    ("a torn string", "x = 'a\ny", ["x", "=", "'a", "y"]),
    ("a string over two lines", "'a\\\nb' c", ["'a\\\nb'", "c"]),
    ("a template literal", "`a${b}c`", ["`(", "a", "${", "b", "}$", "c", "`)"]),
    (
        "one within another",
        "`${f({a: `x${b}`})}`",
        [
            "`(",
            "${",
            "f",
            "(",
            "{",
            "a",
            ":",
            "`(",
            "x",
            "${",
            "b",
            "}$",
            "`)",
            "}",
            ")",
            "}$",
            "`)",
        ],
    ),
    ("a torn template literal", "`a${b", ["`(", "a", "${", "b"]),
    ("a regular expression", "x.replace(/[\"'/]/g, y)", None),
    ("a division", "a / b / c", ["a", "/", "b", "/", "c"]),
    ("behind return", "return /'/;", ["return", "/'/", ";"]),
    ("optional chaining", "a?.b ? .5 : c", ["a", "?.", "b", "?", ".5", ":", "c"]),
    ("a variable of a template", "x = \ue000\ue000\ue000;", ["x", "=", "\ue000\ue000\ue000", ";"]),
    ("a private name", "this.#a", ["this", ".", "#a"]),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_tokens(text: str, expected: list[str] | None) -> None:
    found = [token.text for token in tokens(text)]
    expected = expected or ["x", ".", "replace", "(", "/[\"'/]/g", ",", "y", ")"]
    assert found == expected


@given(st.text(alphabet="ab'\"`$/\\{}()[]=>,;.:+!\n function\ue000\ue001", max_size=200))
def test_any_text_has_tokens_and_a_structure(text: str) -> None:
    found = tokens(text)
    assert [token.start for token in found] == sorted(token.start for token in found)
    structure = Structure(found)
    for at, other in enumerate(structure.pair):
        assert other == -1 or structure.pair[other] == at
    for function in structure.functions:
        assert 0 <= function.start <= function.body <= function.end <= len(found)


@pytest.mark.parametrize("piece", ["`${", "(", "/[", "'\\", "/*", "function(", "a=>", "{", "a?b:"])
def test_a_hostile_text_is_read_once(piece: str) -> None:
    found = tokens(piece * 50_000)
    assert len(found) <= MOST
    Structure(found[:20_000])


FUNCTIONS = [
    ("function f(a, b) { return a; }", [("f", [["a"], ["b"]])]),
    ("const f = (a) => a + 1;", [("f", [["a"]])]),
    ("const f = async a => { b(); };", [("f", [["a"]])]),
    ("xs.map(({a, b: c}) => a)", [("", [["a", "c"]])]),
    ("class A { m(x) { if (x) { y(); } } }", [("m", [["x"]])]),
    ("o = { m: function (x) {} }", [("m", [["x"]])]),
    ("for (;;) { f(x) }", []),
]


@pytest.mark.parametrize(("text", "expected"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_functions(text: str, expected: list[tuple[str, list[list[str]]]]) -> None:
    structure = Structure(tokens(text))
    assert [(each.name, each.parameters) for each in structure.functions] == expected


def test_an_expression_ends_where_a_line_begins_a_statement() -> None:
    structure = Structure(tokens("a = b\n  .c\nd = e"))
    assert structure.end_of(2) == 5
