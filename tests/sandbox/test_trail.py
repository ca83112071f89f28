"""What a number came by, told by the number itself."""

from __future__ import annotations

import pytest

from ringfence.sandbox.trail import MADE, RESPONSE, TEMPLATE, Spot, Trail, decisive

NUMBER = "123456789"
SHOWN = Spot(TEMPLATE, "{{ name }}", "page.html", 3)
OTHER = Spot(TEMPLATE, "{{ name|safe }}", "page.html", 4)
AROUND = Spot(TEMPLATE, "{% block main %}", "base.html", 9)
WIDGET = Spot(TEMPLATE, "{{ widget.value }}", "input.html", 1, own=False)
MARKED = Spot(MADE, "site.tags.stamp", "tags.py", 17)
ANSWERED = Spot(RESPONSE, "site.views.show", "views.py", 5)


@pytest.fixture
def trail():
    trail = Trail()
    trail.follow([NUMBER])
    return trail


def test_what_is_not_followed_is_left_alone(trail):
    text = "call 987654321, or 12345678, or 0123456789"
    assert trail.through(SHOWN, text) == text


def test_each_place_has_a_number_of_its_own_and_keeps_it(trail):
    first, second = trail.through(SHOWN, f"<b>{NUMBER}</b>"), trail.through(OTHER, NUMBER)
    assert NUMBER not in first
    assert first != trail.through(OTHER, f"<b>{NUMBER}</b>")
    assert trail.through(SHOWN, f"<b>{NUMBER}</b>") == first
    assert trail.plain(first) == f"<b>{NUMBER}</b>"
    assert trail.root(second) == NUMBER
    assert trail.written(first + second) == {first[3:12], second}


def test_nodes_around_the_variable_add_nothing(trail):
    text = trail.through(SHOWN, NUMBER)
    assert trail.through(AROUND, text) == text


def test_what_a_package_writes_is_also_put_down_to_who_asked_for_it(trail):
    text = trail.through(SHOWN, trail.through(WIDGET, NUMBER))
    assert decisive(trail.spots(text)) == SHOWN


def test_what_is_forgotten_is_followed_no_more(trail):
    text = trail.through(SHOWN, NUMBER)
    trail.forget()
    assert trail.plain(text) == text
    assert not trail.holds(text)


@pytest.mark.parametrize(
    ("markup", "place"),
    [
        pytest.param("<b><script>ringfence(N4)</script></b>", MARKED, id="markup as given"),
        pytest.param("<b>&lt;script&gt;ringfence(N4)</b>", SHOWN, id="escaped there"),
        pytest.param('<a href="javascript:ringfence(N1)">x</a>', MARKED, id="into a tag"),
        pytest.param("<b>javascript:ringfence(N1)</b>", SHOWN, id="beside tags"),
        pytest.param("<b>'-ringfence(N2)-'</b>", MARKED, id="a quote as given"),
        pytest.param("<b>&#x27;-ringfence(N2)-&#x27;</b>", SHOWN, id="a quote escaped"),
    ],
)
def test_python_that_called_it_markup_decides_where_it_made_it_so(trail, markup, place):
    text = trail.through(SHOWN, trail.through(MARKED, markup.replace("N", NUMBER)))
    found = decisive(trail.spots(_first_number(text)))
    assert (found.kind, found.file, found.line) == (place.kind, place.file, place.line)


def _first_number(text):
    at = text.index("ringfence(") + len("ringfence(")
    return text[at : at + 9]


def test_who_only_answered_comes_last(trail):
    direct = trail.through(ANSWERED, NUMBER)
    assert decisive(trail.spots(direct)) == ANSWERED
    rendered = trail.through(ANSWERED, trail.through(SHOWN, NUMBER))
    assert decisive(trail.spots(rendered)) == SHOWN
    assert decisive(()) is None
