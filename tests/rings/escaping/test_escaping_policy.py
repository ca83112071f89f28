"""What the escaping ring is told, and what is wrong with it."""

from __future__ import annotations

import pytest
from django.template.backends.django import DjangoTemplates
from hypothesis import given
from hypothesis import strategies as st

from ringfence.finding import Findings, Severity
from ringfence.rings.escaping.checks import template_findings
from ringfence.rings.escaping.policy import DANGEROUS_SCHEMES, KEYS, EscapingPolicy, parse

STOCK = "django.template.backends.django.DjangoTemplates"
STOCK_JINJA2 = "django.template.backends.jinja2.Jinja2"


def parsed(config):
    found = Findings()
    return parse(config, found), found


@pytest.mark.parametrize("config", [None, {}], ids=["nothing said", "an empty dict"])
def test_defaults(config):
    policy, found = parsed(config)
    assert policy == EscapingPolicy(
        strict=False,
        provenance=True,
        handlers="literal",
        hashes="auto",
        hash_budget=2048,
        noopener=True,
        integrity=False,
        csrf_token=True,
        schemes=frozenset(),
    )
    assert list(found) == []


def test_off():
    assert parsed(False)[0] is None


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"strict": True}, {"strict": True}),
        ({"provenance": False}, {"provenance": False}),
        ({"handlers": "none"}, {"handlers": "none"}),
        ({"hashes": "never"}, {"hashes": "never"}),
        ({"hashes": "always", "hash_budget": 0}, {"hashes": "always", "hash_budget": 0}),
        ({"noopener": False, "integrity": True}, {"noopener": False, "integrity": True}),
        ({"csrf_token": False}, {"csrf_token": False}),
        ({"schemes": ["Matrix", "web+app"]}, {"schemes": frozenset({"matrix", "web+app"})}),
        ({"schemes": ("tg",)}, {"schemes": frozenset({"tg"})}),
    ],
    ids=str,
)
def test_options(config, expected):
    policy, found = parsed(config)
    assert policy == EscapingPolicy(**expected)
    assert list(found) == []


@pytest.mark.parametrize(
    ("config", "code", "setting", "said"),
    [
        ("strict", "ESC002", "RINGFENCE['escaping']", "a dict of options"),
        ({"handler": "all"}, "ESC001", "['handler']", "'handlers'"),
        ({"strict": "yes"}, "ESC002", "['strict']", "True or False"),
        ({"handlers": "litteral"}, "ESC101", "['handlers']", '"literal"'),
        ({"handlers": True}, "ESC002", "['handlers']", '"literal" or "all" or "none"'),
        ({"hashes": "sometimes"}, "ESC101", "['hashes']", "auto, always, never"),
        ({"hash_budget": True}, "ESC002", "['hash_budget']", "a number of bytes"),
        ({"hash_budget": -1}, "ESC104", "['hash_budget']", "from 0 to"),
        ({"hash_budget": 10**6}, "ESC104", "['hash_budget']", "from 0 to"),
        ({"schemes": "tg"}, "ESC002", "['schemes']", "a list"),
        ({"schemes": [1]}, "ESC002", "['schemes']", "as a string"),
        ({"schemes": ["tg:"]}, "ESC103", "['schemes']", '"tg"'),
        ({"schemes": ["tg://"]}, "ESC103", "['schemes']", '"tg"'),
        ({"schemes": ["javascript:"]}, "ESC103", "['schemes']", "its name alone"),
        ({"schemes": ["JavaScript"]}, "ESC102", "['schemes']", "SafeURL"),
        ({"schemes": ["data"]}, "ESC102", "['schemes']", "SafeURL"),
        ({"schemes": ["vbscript"]}, "ESC102", "['schemes']", "SafeURL"),
        ({"provenance": False, "handlers": "none"}, "ESC301", "['handlers']", "Remove one"),
    ],
    ids=str,
)
def test_what_is_refused(config, code, setting, said):
    policy, found = parsed(config)
    assert [item.code for item in found] == [code]
    finding = found.items[0]
    assert finding.severity is Severity.ERROR
    assert finding.setting.endswith(setting)
    assert said in finding.fix
    assert finding.reason
    assert policy.schemes == frozenset()


def test_handlers_with_data_are_warned_of():
    policy, found = parsed({"handlers": "all"})
    assert policy.handlers == "all"
    assert [(item.code, item.severity) for item in found] == [("ESC202", Severity.WARNING)]


def test_all_errors_at_once():
    _, found = parsed({"x": 1, "strict": 1, "hashes": "", "schemes": ["data", "a b", None]})
    assert [item.code for item in found] == [
        "ESC001",
        "ESC002",
        "ESC101",
        "ESC102",
        "ESC103",
        "ESC002",
    ]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(junk | st.dictionaries(st.sampled_from(KEYS), junk))
def test_whatever_is_given_is_answered(config):
    policy, found = parsed(config)
    if policy is None:
        assert config is False
        return
    assert isinstance(policy, EscapingPolicy)
    assert not policy.schemes & DANGEROUS_SCHEMES
    assert 0 <= policy.hash_budget <= 6144
    hash(policy)
    assert all(str(item) for item in found)


class _Own:
    """Stands for an engine of the ring's."""


_Own.__module__ = "ringfence.template"


class Derived(_Own):
    """A site's engine that escapes."""


class StockDerived(DjangoTemplates):
    """A site's engine that does not."""


@pytest.mark.parametrize(
    ("engine", "codes", "said"),
    [
        pytest.param(
            {"BACKEND": STOCK}, ["ESC201"], '"ringfence.template.DjangoTemplates"', id="Django's"
        ),
        pytest.param(
            {"BACKEND": STOCK_JINJA2}, ["ESC201"], '"ringfence.template.Jinja2"', id="Jinja2's"
        ),
        pytest.param({"BACKEND": "ringfence.template.DjangoTemplates"}, [], "", id="ours"),
        pytest.param({"BACKEND": "ringfence.template.Jinja2"}, [], "", id="ours for Jinja2"),
        pytest.param({"BACKEND": f"{__name__}.Derived"}, [], "", id="derived from ours"),
        pytest.param(
            {"BACKEND": f"{__name__}.StockDerived"}, ["ESC201"], "a subclass of", id="from Django's"
        ),
        pytest.param({"BACKEND": "nowhere.Engine"}, [], "", id="cannot be imported"),
        pytest.param({"BACKEND": "collections.OrderedDict"}, [], "", id="something else"),
        pytest.param({}, [], "", id="no backend"),
        pytest.param(
            {
                "BACKEND": "ringfence.template.DjangoTemplates",
                "OPTIONS": {"autoescape": False},
            },
            ["ESC105"],
            "Remove it",
            id="autoescape off",
        ),
        pytest.param(
            {"BACKEND": "ringfence.template.DjangoTemplates", "OPTIONS": {"autoescape": True}},
            [],
            "",
            id="autoescape on",
        ),
    ],
)
def test_template_engines(engine, codes, said):
    found = Findings()
    template_findings([engine], found)
    assert [item.code for item in found] == codes
    assert all(said in item.fix for item in found)
    assert all("TEMPLATES[0]" in item.setting for item in found)
