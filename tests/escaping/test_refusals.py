"""What happens where a value cannot be written: a placeholder, a record, a signal, an exception."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from ringfence.rings.escaping.run import RefusedVariable
from ringfence.signals import value_refused
from tests.escaping.engines import make_engine
from tests.escaping.pages import get, site

#: Of the template's making: no value could ever stand there.
PLACE = "<p>\n<script>{{ code }}</script>"
#: Of the value's making.
VALUE = "<p>\n\n<a href='{{ url }}'>"


@pytest.fixture
def signals():
    received = []

    def receiver(sender, **kwargs):
        received.append((sender, kwargs))

    value_refused.connect(receiver)
    yield received
    value_refused.disconnect(receiver)


def test_the_page_is_rendered_all_the_same(caplog):
    answer = get(PLACE + "{{ x }}", {"code": "f()", "x": "<"})

    assert answer.status == 200
    assert answer.text.endswith('"ringfence-refused"</script>&lt;')


def test_the_record_names_everything(caplog):
    with caplog.at_level(logging.WARNING, "ringfence.escaping"):
        get(VALUE, {"url": "javascript:f()"})
    (record,) = [each for each in caplog.records if each.name == "ringfence.escaping"]

    assert (record.template, record.line, record.variable) == ("page.html", 3, "url")
    assert record.context == "whole URL in an attribute"
    message = record.getMessage()
    assert "{{ url }} in page.html, line 3" in message
    assert "SafeURL" in message


def test_neither_record_nor_signal_holds_the_value(caplog, signals):
    get(VALUE, {"url": "javascript:secret()"})

    assert "secret" not in caplog.text
    assert "secret" not in str([{**kwargs, "request": None} for _, kwargs in signals])


def test_the_signal_is_sent(signals):
    get(VALUE, {"url": "javascript:f()"})
    ((sender, kwargs),) = signals

    assert sender == "escaping"
    assert (kwargs["template"], kwargs["line"], kwargs["variable"]) == ("page.html", 3, "url")
    assert kwargs["context"] == "whole URL in an attribute"
    assert kwargs["reason"]
    assert kwargs["fix"]
    assert kwargs["request"].path == "/"


def test_a_receiver_that_raises_changes_nothing():
    def receiver(sender, **kwargs):
        raise RuntimeError

    value_refused.connect(receiver)
    try:
        assert get(VALUE, {"url": "javascript:f()"}).status == 200
    finally:
        value_refused.disconnect(receiver)


def test_a_harmless_value_is_refused_to_nobody(signals, caplog):
    get(VALUE, {"url": "/a"})

    assert signals == []
    assert not caplog.records


def test_strict_raises():
    ringfence = {"escaping": {"strict": True}}

    with pytest.raises(RefusedVariable, match=r"\{\{ url \}\} in page.html, line 3"):
        get(VALUE, {"url": "javascript:f()"}, ringfence=ringfence)


def test_strict_lets_harmless_values_pass():
    assert get(VALUE, {"url": "/a"}, ringfence={"escaping": {"strict": True}}).status == 200


def debug_site(source, context, *, debug):
    overridden = site(source, context, DEBUG=debug)
    overridden.options["TEMPLATES"][0]["OPTIONS"]["debug"] = True
    return overridden


def test_in_debug_a_place_that_takes_nothing_is_an_error_page_with_its_line():
    with debug_site(PLACE, {"code": "f()"}, debug=True):
        response = Client(raise_request_exception=False).get("/")
    text = response.content.decode()

    assert response.status_code == 500
    assert "RefusedVariable" in text
    assert "error at line <strong>2</strong>" in text
    assert "pass SafeJS" in text


def test_in_debug_a_value_is_replaced_as_ever():
    with debug_site(VALUE, {"url": "javascript:f()"}, debug=True):
        assert Client().get("/").status_code == 200


def test_without_debug_nobody_sees_an_error_page():
    with debug_site(PLACE, {"code": "f()"}, debug=False):
        assert Client().get("/").status_code == 200


def test_outside_of_a_request_it_is_the_same(signals):
    out = make_engine({"a.html": VALUE}).get_template("a.html").render({"url": "javascript:f()"})

    assert "about:invalid#ringfence-refused" in out
    assert signals[0][1]["request"] is None
    assert signals[0][1]["template"] == "a.html"
