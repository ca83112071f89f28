"""The states of the HTML tokenizer, as data (WHATWG HTML, section 13.2.5).

One line for each state: its name, then what happens at which character. ``ws`` is tab, line feed,
form feed, carriage return and space; ``az`` a letter; ``any`` everything that was not named.
``^`` reads the character again in the new state. A word in parentheses is what else is done.
States that look ahead or compare a buffer have no line: they are functions of
``html_tokens.py``.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "BETWEEN",
    "BLANKS",
    "CONTENT",
    "QUOTED",
    "ROWS",
    "TEXT",
    "UNQUOTED",
    "UNQUOTED_VALUE",
    "WS",
    "Row",
    "Step",
]

#: HTML's white space, which is less than Python's.
BLANKS = tuple("\t\n\f\r ")
WS = r"[ \t\n\f\r]"

# States in which a variable stands in the same kind of place.
TEXT = frozenset(("data", "RCDATA", "RAWTEXT", "PLAINTEXT"))
QUOTED = frozenset(("attribute value (double-quoted)", "attribute value (single-quoted)"))
UNQUOTED_VALUE = "attribute value (unquoted)"
UNQUOTED = frozenset(("before attribute value", UNQUOTED_VALUE))
BETWEEN = frozenset(
    (
        "before attribute name",
        "after attribute name",
        "after attribute value (quoted)",
        "self-closing start tag",
    )
)
#: Where an element's text may be in another language.
CONTENT = frozenset(
    {"script data", "script data escaped", "RAWTEXT", "data"}
    | {"CDATA section", "CDATA section bracket", "CDATA section end"}
)

_TABLE = """
data: < tag open
RCDATA: < RCDATA less-than sign
RAWTEXT: < RAWTEXT less-than sign
script data: < script data less-than sign
PLAINTEXT:
tag open: ! markup declaration open (clear) | / end tag open | az ^tag name (open) \
| ? bogus comment (target) | any ^data
end tag open: az ^tag name (open_end) | > data | any ^bogus comment
tag name: ws before attribute name (name_end) | / self-closing start tag (name_end) \
| > data (name_end emit) | any tag name (name)

RCDATA less-than sign: / RCDATA end tag open (clear) | any ^RCDATA
RCDATA end tag open: az ^RCDATA end tag name | any ^RCDATA
RAWTEXT less-than sign: / RAWTEXT end tag open (clear) | any ^RAWTEXT
RAWTEXT end tag open: az ^RAWTEXT end tag name | any ^RAWTEXT

script data less-than sign: / script data end tag open (clear) | ! script data escape start \
| any ^script data
script data end tag open: az ^script data end tag name | any ^script data
script data escape start: - script data escape start dash | any ^script data
script data escape start dash: - script data escaped dash dash | any ^script data
script data escaped: - script data escaped dash | < script data escaped less-than sign
script data escaped dash: - script data escaped dash dash \
| < script data escaped less-than sign | any script data escaped
script data escaped dash dash: - script data escaped dash dash \
| < script data escaped less-than sign | > script data | any script data escaped
script data escaped less-than sign: / script data escaped end tag open (clear) \
| az ^script data double escape start (clear) | any ^script data escaped
script data escaped end tag open: az ^script data escaped end tag name | any ^script data escaped
script data double escaped: - script data double escaped dash \
| < script data double escaped less-than sign
script data double escaped dash: - script data double escaped dash dash \
| < script data double escaped less-than sign | any script data double escaped
script data double escaped dash dash: - script data double escaped dash dash \
| < script data double escaped less-than sign | > script data | any script data double escaped
script data double escaped less-than sign: / script data double escape end (clear) \
| any ^script data double escaped

before attribute name: ws before attribute name | / ^after attribute name \
| > ^after attribute name | = attribute name (attribute attribute_char) \
| any ^attribute name (attribute)
attribute name: ws ^after attribute name (attribute_end) | / ^after attribute name (attribute_end) \
| > ^after attribute name (attribute_end) | = before attribute value (attribute_end assign) \
| any attribute name (attribute_char)
after attribute name: ws after attribute name | / self-closing start tag (no_value) \
| = before attribute value (assign) | > data (no_value emit) | any ^attribute name (attribute)
before attribute value: ws before attribute value \
| " attribute value (double-quoted) (value) | ' attribute value (single-quoted) (value) \
| > data (no_value emit) | any ^attribute value (unquoted) (value)
attribute value (double-quoted): " after attribute value (quoted) (value_end)
attribute value (single-quoted): ' after attribute value (quoted) (value_end)
attribute value (unquoted): ws before attribute name (value_end) | > data (value_end emit)
after attribute value (quoted): ws before attribute name | / self-closing start tag \
| > data (emit) | any ^before attribute name
self-closing start tag: > data (self_closing emit) | any ^before attribute name

bogus comment: ws bogus comment (clear) | > data (clear)
comment start: - comment start dash | > data | any ^comment
comment start dash: - comment end | > data | any ^comment
comment: < comment less-than sign | - comment end dash
comment less-than sign: ! comment less-than sign bang | < comment less-than sign | any ^comment
comment less-than sign bang: - comment less-than sign bang dash | any ^comment
comment less-than sign bang dash: - comment less-than sign bang dash dash | any ^comment end dash
comment less-than sign bang dash dash: any ^comment end
comment end dash: - comment end | any ^comment
comment end: > data | ! comment end bang | - comment end | any ^comment
comment end bang: - comment end dash | > data | any ^comment

DOCTYPE: ws before DOCTYPE name | any ^before DOCTYPE name
before DOCTYPE name: ws before DOCTYPE name | > data | any DOCTYPE name
DOCTYPE name: ws after DOCTYPE name (clear) | > data
after DOCTYPE public keyword: ws before DOCTYPE public identifier \
| " DOCTYPE public identifier (double-quoted) | ' DOCTYPE public identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
before DOCTYPE public identifier: ws before DOCTYPE public identifier \
| " DOCTYPE public identifier (double-quoted) | ' DOCTYPE public identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
DOCTYPE public identifier (double-quoted): " after DOCTYPE public identifier | > data
DOCTYPE public identifier (single-quoted): ' after DOCTYPE public identifier | > data
after DOCTYPE public identifier: ws between DOCTYPE public and system identifiers \
| " DOCTYPE system identifier (double-quoted) | ' DOCTYPE system identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
between DOCTYPE public and system identifiers: \
ws between DOCTYPE public and system identifiers \
| " DOCTYPE system identifier (double-quoted) | ' DOCTYPE system identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
after DOCTYPE system keyword: ws before DOCTYPE system identifier \
| " DOCTYPE system identifier (double-quoted) | ' DOCTYPE system identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
before DOCTYPE system identifier: ws before DOCTYPE system identifier \
| " DOCTYPE system identifier (double-quoted) | ' DOCTYPE system identifier (single-quoted) \
| > data | any ^bogus DOCTYPE
DOCTYPE system identifier (double-quoted): " after DOCTYPE system identifier | > data
DOCTYPE system identifier (single-quoted): ' after DOCTYPE system identifier | > data
after DOCTYPE system identifier: ws after DOCTYPE system identifier | > data | any ^bogus DOCTYPE
bogus DOCTYPE: > data

CDATA section: ] CDATA section bracket
CDATA section bracket: ] CDATA section end | any ^CDATA section
CDATA section end: ] CDATA section end | > data (section_end) | any ^CDATA section
"""

_CLASSES = {
    "ws": "\t\n\f\r ",
    "az": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


class Step(NamedTuple):
    """What one character does: the next state, whether it is read again there, what is done.

    ``actions`` are the names of the reader's methods: ``_open`` for the table's ``open``.
    """

    to: str
    again: bool
    actions: tuple[str, ...]


class Row(NamedTuple):
    """One state: its steps by character, and the step of every other one (None: nothing)."""

    steps: dict[str, Step]
    other: Step | None


def _read(table: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for line in table.strip().splitlines():
        if not line:
            continue
        name, _, rest = line.partition(":")
        steps: dict[str, Step] = {}
        other: Step | None = None
        for entry in filter(None, (part.strip() for part in rest.split(" | "))):
            chars, _, target = entry.partition(" ")
            step = _step(target)
            if chars == "any":
                other = step
            else:
                for char in _CLASSES.get(chars, chars):
                    steps[char] = step
        rows[name] = Row(steps, other)
    return rows


_ACTIONS = {
    *("clear", "target", "open", "open_end", "name", "name_end", "emit", "self_closing"),
    *(
        "section_end",
        "attribute",
        "attribute_char",
        "attribute_end",
        "assign",
        "no_value",
        "value",
        "value_end",
    ),
}


def _step(target: str) -> Step:
    actions: tuple[str, ...] = ()
    if target.endswith(")"):
        head, _, inside = target[:-1].rpartition(" (")
        # "(double-quoted)" is part of a state's name; "(value emit)" is a list of actions.
        if _ACTIONS.issuperset(inside.split()):
            target, actions = head, tuple("_" + action for action in inside.split())
    return Step(target.removeprefix("^"), target.startswith("^"), actions)


#: Every state that a table can say. ``after DOCTYPE name`` and others that look ahead are missing.
ROWS = _read(_TABLE)
