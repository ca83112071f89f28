"""Payloads that follow the place they are put into."""

from __future__ import annotations

import pytest

from ringfence.prove.contexts import Context, contexts
from ringfence.prove.payloads import (
    ATTRIBUTE,
    LINK,
    MARKUP,
    STRING,
    every_payload,
    payloads_for,
)

NUMBER = "123456789"


def test_there_are_hundreds_and_each_tells_which_number_it_carries():
    payloads = every_payload()
    assert len(payloads) >= 300
    assert len({payload.text(NUMBER) for payload in payloads}) == len(payloads)
    for payload in payloads:
        text = payload.text(NUMBER)
        assert NUMBER + payload.digit in text, payload.id
        assert payload.needs(NUMBER) in text, payload.id


@pytest.mark.parametrize(
    ("context", "digit", "text"),
    [
        pytest.param(Context("text"), MARKUP, "<svg onload=ringfence(1234567894)>", id="text"),
        pytest.param(
            Context("comment"),
            MARKUP,
            "--><img src=x: onerror=ringfence(1234567894)>",
            id="comment",
        ),
        pytest.param(
            Context("attribute", '"', "title"),
            MARKUP,
            '"><script>ringfence(1234567894)</script>',
            id="out of an attribute",
        ),
        pytest.param(
            Context("rcdata", "", "textarea"),
            MARKUP,
            "</textarea><img src=x: onerror=ringfence(1234567894)>",
            id="out of a text area",
        ),
        pytest.param(
            Context("attribute", "", "value"),
            ATTRIBUTE,
            "x onclick=ringfence(1234567893) x=",
            id="a handler",
        ),
        pytest.param(
            Context("script", "'", "script"), STRING, "'-ringfence(1234567892)-'", id="a string"
        ),
        pytest.param(
            Context("script", "`", "script"), STRING, "${ringfence(1234567892)}", id="a literal"
        ),
        pytest.param(
            Context("handler", '"', "onclick"), STRING, "'-ringfence(1234567892)-'", id="in handler"
        ),
        pytest.param(
            Context("url", '"', "href"), LINK, "javascript:ringfence(1234567891)", id="a link"
        ),
    ],
)
def test_a_payload_of_that_place(context, digit, text):
    assert text in [payload.text(NUMBER) for payload in payloads_for(context, digit)]


@pytest.mark.parametrize(
    ("context", "digit"),
    [
        pytest.param(Context("text"), STRING, id="no string ends in text"),
        pytest.param(Context("text"), ATTRIBUTE, id="no attribute ends in text"),
        pytest.param(Context("attribute", '"', "href"), LINK, id="no scheme in a path"),
        pytest.param(Context("comment"), LINK, id="no link in a comment"),
    ],
)
def test_no_payload_where_none_can_run(context, digit):
    assert payloads_for(context, digit) == ()


def test_no_payload_leaves_another_element_than_its_own():
    for payload in payloads_for(Context("rcdata", "", "title"), MARKUP):
        assert payload.text(NUMBER).startswith("</title>")


def test_what_is_put_into_a_double_quoted_handler_keeps_its_quote():
    for payload in payloads_for(Context("handler", '"', "onclick"), STRING):
        (found,) = contexts(f"<b onclick=\"f('{payload.text(NUMBER)}')\">", NUMBER)
        assert found.kind == "handler"
