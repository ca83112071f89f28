from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.rings.isolation.framing import agree, frame_ancestors_for, x_frame_options_for

NONE, SELF = ("'none'",), ("'self'",)


@pytest.mark.parametrize(
    ("value", "ancestors"),
    [
        pytest.param("DENY", NONE, id="deny"),
        pytest.param("deny", NONE, id="lower case"),
        pytest.param(" \tDeny ", NONE, id="white space"),
        pytest.param("SAMEORIGIN", SELF, id="sameorigin"),
        pytest.param("SameOrigin", SELF, id="mixed case"),
        pytest.param("SAMEORIGIN, sameorigin", SELF, id="the same twice"),
        pytest.param("DENY,DENY", NONE, id="deny twice"),
        pytest.param("SAMEORIGIN, DENY", NONE, id="different values block"),
        pytest.param("SAMEORIGIN, ALLOWALL", NONE, id="allowall beside another blocks"),
        pytest.param("SAMEORIGIN, nonsense", NONE, id="nonsense beside a known value blocks"),
        pytest.param("SAMEORIGIN,", NONE, id="an empty value counts as a value"),
        pytest.param("ALLOWALL", None, id="allowall"),
        pytest.param("ALLOW-FROM https://a.example", None, id="allow-from"),
        pytest.param("nonsense", None, id="nonsense"),
        pytest.param("this, that", None, id="several that nobody knows"),
        pytest.param("", None, id="empty"),
        pytest.param("'none'", None, id="a CSP source"),
    ],
)
def test_what_browsers_make_of_x_frame_options(value, ancestors):
    assert frame_ancestors_for(value) == ancestors


@pytest.mark.parametrize(
    ("ancestors", "value"),
    [
        pytest.param(None, None, id="no directive"),
        pytest.param((), "DENY", id="an empty list matches nothing"),
        pytest.param(NONE, "DENY", id="none"),
        pytest.param(("'NONE'",), "DENY", id="none in capitals"),
        pytest.param(SELF, "SAMEORIGIN", id="self"),
        pytest.param(("'Self'",), "SAMEORIGIN", id="self in mixed case"),
        pytest.param(("'self'", "'none'"), "SAMEORIGIN", id="none counts only alone"),
        pytest.param(("'self'", "https://a.example"), None, id="self and another"),
        pytest.param(("https://a.example",), None, id="another"),
        pytest.param(("*",), None, id="everyone"),
        pytest.param(("https:",), None, id="a scheme"),
        pytest.param(("self",), None, id="a host called self"),
    ],
)
def test_what_x_frame_options_can_say(ancestors, value):
    assert x_frame_options_for(ancestors) == value


@pytest.mark.parametrize(
    ("value", "ancestors", "same"),
    [
        ("DENY", NONE, True),
        ("SAMEORIGIN", SELF, True),
        ("DENY", SELF, False),
        ("SAMEORIGIN", NONE, False),
        ("DENY", ("https://a.example",), False),
        ("DENY", None, False),
        ("ALLOWALL", None, True),
        ("ALLOWALL", NONE, False),
    ],
)
def test_agreement(value, ancestors, same):
    assert agree(value, ancestors) is same


@given(st.text())
def test_any_text_is_understood_and_said_back(value):
    ancestors = frame_ancestors_for(value)
    assert ancestors in (None, NONE, SELF)
    assert agree(value, ancestors)
    assert frame_ancestors_for(x_frame_options_for(ancestors) or "") == ancestors
