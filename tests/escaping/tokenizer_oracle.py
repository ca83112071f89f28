"""In which state a conforming tokenizer stands at the end of a text: html5lib's.

The states' names are the standard's (HTML, section 13.2.5), without "state" and in lower case.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import EOF, tokenTypes

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import tokenizer_data

#: html5lib-python's methods whose names are not the standard's in camel case.
RENAMED = {
    "closeTagOpen": "end tag open",
    "afterAttributeValue": "after attribute value (quoted)",
    "attributeValueDoubleQuoted": "attribute value (double-quoted)",
    "attributeValueSingleQuoted": "attribute value (single-quoted)",
    "attributeValueUnQuoted": "attribute value (unquoted)",
    "doctypePublicIdentifierDoubleQuoted": "doctype public identifier (double-quoted)",
    "doctypePublicIdentifierSingleQuoted": "doctype public identifier (single-quoted)",
    "doctypeSystemIdentifierDoubleQuoted": "doctype system identifier (double-quoted)",
    "doctypeSystemIdentifierSingleQuoted": "doctype system identifier (single-quoted)",
    "rcdataLessThanSign": "rcdata less-than sign",
    "rawtextLessThanSign": "rawtext less-than sign",
    "scriptDataLessThanSign": "script data less-than sign",
    "scriptDataEscapedLessThanSign": "script data escaped less-than sign",
    "scriptDataDoubleEscapedLessThanSign": "script data double escaped less-than sign",
    "selfClosingStartTag": "self-closing start tag",
    # States of html5lib's own that wait for a character reference's end.
    "entityData": "data",
    "characterReferenceInRcdata": "rcdata",
}

#: Where the standard has since split a state without changing where the text leads from there:
#: html5lib-python knows the state on the right alone (HTML 13.2.5.46 to 49, 13.2.5.70 and 71).
SPLIT_SINCE = {
    "comment less-than sign": "comment",
    "comment less-than sign bang": "comment",
    "comment less-than sign bang dash": "comment end dash",
    "comment less-than sign bang dash dash": "comment end",
    "cdata section bracket": "cdata section",
    "cdata section end": "cdata section",
}

#: What the tree builder tells the tokenizer at a start tag in HTML content (HTML 13.2.6.4.4 and
#: 13.2.6.4.7, with scripting).
SWITCHES = {
    "title": "rcdataState",
    "textarea": "rcdataState",
    "style": "rawtextState",
    "xmp": "rawtextState",
    "iframe": "rawtextState",
    "noembed": "rawtextState",
    "noframes": "rawtextState",
    "noscript": "rawtextState",
    "script": "scriptDataState",
    "plaintext": "plaintextState",
}

START = {
    "data": "dataState",
    "rcdata": "rcdataState",
    "rawtext": "rawtextState",
    "script data": "scriptDataState",
    "plaintext": "plaintextState",
    "cdata section": "cdataSectionState",
}


class Input(NamedTuple):
    """A text to tokenize, and where from."""

    initial: str
    last_start_tag: str
    text: str


def inputs() -> list[Input]:
    """Return every input of the tests and each of its beginnings, in each of its initial states."""
    found: dict[Input, None] = {}
    for path in sorted(tokenizer_data.folder().glob("*.test")):
        content = json.loads(path.read_text())
        for test in content.get("tests") or content["xmlViolationTests"]:
            text = _unescaped(test["input"]) if test.get("doubleEscaped") else test["input"]
            for state in test.get("initialStates", ["Data state"]):
                initial = state.removesuffix(" state")
                # As within a sentence of the standard: "data", but "RCDATA".
                initial = initial if initial[:2].isupper() else initial.lower()
                last = test.get("lastStartTag", "")
                for end in range(1, len(text) + 1):
                    found[Input(initial, last, text[:end])] = None
    return list(found)


def _unescaped(text: str) -> str:
    """Resolve the second layer of ``\\uXXXX`` (the README of html5lib-tests, "doubleEscaped")."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


class _Ended(Exception):  # noqa: N818 - what is awaited
    pass


class _Tokenizer(HTMLTokenizer):
    """Stops at the end of its input, before the current state acts on that."""

    def __init__(self, given: Input) -> None:
        super().__init__(given.text)
        self.state = getattr(self, START[given.initial.lower()])
        if given.last_start_tag:
            self.currentToken = {"type": tokenTypes["StartTag"], "name": given.last_start_tag}
        read = self.stream.char

        def char() -> str | None:
            character = read()
            if character is EOF:
                raise _Ended
            return character

        self.stream.char = char

    def tokens(self) -> Iterator[dict]:
        while self.state():
            while self.tokenQueue:
                yield self.tokenQueue.pop(0)


def end_state(given: Input) -> str:
    """Return the name of the state behind the whole text."""
    tokenizer = _Tokenizer(given)
    tokenizer.tokenQueue = []
    try:
        for token in tokenizer.tokens():
            if token["type"] == tokenTypes["StartTag"] and token["name"] in SWITCHES:
                tokenizer.state = getattr(tokenizer, SWITCHES[token["name"]])
    except _Ended:
        pass
    else:
        raise AssertionError(f"html5lib did not read {given} to its end")
    return _name(tokenizer.state.__name__)


def _name(method: str) -> str:
    name = method.removesuffix("State")
    return RENAMED.get(name) or re.sub("[A-Z]", lambda match: " " + match[0].lower(), name)
