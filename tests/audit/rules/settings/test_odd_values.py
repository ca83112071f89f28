"""A setting may have any value at all: no rule fails on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ringfence.audit.rules
from ringfence.audit.model import UNKNOWN, Place, Project, Setting, Settings
from ringfence.audit.rules import all_rules

RULES = [rule for rule in all_rules() if rule.source == "settings"]
SOURCES = Path(ringfence.audit.rules.__file__).parent.glob("*.py")
#: Every setting that some rule names.
NAMES = sorted(
    {name for path in SOURCES for name in re.findall(r'"([A-Z][A-Z0-9_]{3,})"', path.read_text())}
)
ODD = {
    "none": None,
    "true": True,
    "a number": 3,
    "a float": float("nan"),
    "an empty text": "",
    "a text": "odd",
    "a surrogate": "\udcff",
    "bytes": b"odd",
    "unknown": UNKNOWN,
    "a list of anything": [None, 1, [], {}, UNKNOWN, "x", ("a", "b")],
    "a dict of anything": {1: 2, None: [], UNKNOWN: UNKNOWN, "x": {"y": [UNKNOWN]}, "z": UNKNOWN},
    "a dict of dicts": {
        "default": {"PASSWORD": 1, "HOST": [], "LOCATION": {}, "BACKEND": 3, "OPTIONS": []},
        "DIRECTIVES": [],
        "handlers": {"a": 1},
        "loggers": {"b": []},
    },
    "a dict of lists": {
        "BACKEND": [],
        "OPTIONS": {"context_processors": 3},
        "DIRECTIVES": {"a": 1},
    },
    "a set": frozenset({"a", 1}),
    "a tuple of one": (1,),
    "a list of dicts": [{"BACKEND": 1, "OPTIONS": {"context_processors": {}}}, {"NAME": []}],
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("unread", [(), ("local",)], ids=["read", "unread"])
def test_no_rule_fails(value, unread):
    place = Place("settings.py", 1)
    values = {name: Setting(value, place, default=value) for name in NAMES}
    every = [Settings("settings", "settings.py", "deployed", values, unread)]
    every += [
        Settings("settings", "settings.py", "deployed", {name: setting}, unread)
        for name, setting in values.items()
    ]

    for rule in RULES:
        assert list(rule.check(Project(settings=every))) is not None
