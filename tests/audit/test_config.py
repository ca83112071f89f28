"""What ``[tool.ringfence]`` may say, and how its mistakes are told."""

from __future__ import annotations

import datetime

import pytest

from ringfence.audit.config import Acceptance, Config, ConfigError, PerPath, load
from ringfence.finding import Confidence

CODES = ("SQL401", "SQL402", "XSS501")


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "pyproject.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, codes=CODES)

    return read


ALL = """
[tool.ringfence]
paths = ["src", "./shop/"]
exclude = ["legacy/"]
settings = "shop.settings.production"
profile = "behind-proxy"
off = ["SQL"]
on = ["SQL402"]
baseline = "audit.json"
fail-on = "error"
min-confidence = "low"

[[tool.ringfence.per-path]]
paths = ["tools/**"]
off = ["XSS501"]

[[tool.ringfence.accept]]
code = "SQL401"
path = "shop/reports.py"
reason = "the names are ours"
expires = 2027-01-31
"""


def test_all_of_it(read, tmp_path):
    assert read(ALL) == Config(
        paths=("src", "shop"),
        exclude=("legacy/",),
        settings="shop.settings.production",
        profile="behind-proxy",
        off=("SQL",),
        on=("SQL402",),
        per_path=(PerPath(("tools/**",), off=("XSS501",)),),
        accept=(
            Acceptance(
                "the names are ours",
                code="SQL401",
                path="shop/reports.py",
                expires=datetime.date(2027, 1, 31),
                line=17,
            ),
        ),
        baseline="audit.json",
        fail_on="error",
        min_confidence=Confidence.LOW,
        file=str(tmp_path / "pyproject.toml"),
    )


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'", "[tool.ruff]\nx = 1"], ids=["empty", "other", "tools"]
)
def test_silence_is_the_defaults(read, text):
    assert read(text) == Config()


HEAD = "[tool.ringfence]\n"
MISTAKES = [
    ("unknown key", HEAD + 'exlude = ["x"]', 2, "Did you mean 'exclude'?"),
    ("a key like none", HEAD + "zzz = 1", 2, "Known are: paths, exclude"),
    ("no table", "[tool]\nringfence = 1", 2, "should be a table"),
    ("one string for a list", HEAD + 'paths = "src"', 2, "should be a list of strings"),
    ("a list of other things", HEAD + "exclude = [1]", 2, "should be a list of strings"),
    ("out of the tree", HEAD + 'paths = ["../x"]', 2, "leaves the tree"),
    ("an absolute path", HEAD + 'paths = ["/etc"]', 2, "leaves the tree"),
    ("no such code", HEAD + '\noff = ["SQL999"]', 3, "Did you mean 'SQL"),
    ("no such level", HEAD + 'fail-on = "eror"', 2, "Did you mean 'error'?"),
    ("no such confidence", HEAD + 'min-confidence = "sure"', 2, "It is one of: low"),
    ("no such profile", HEAD + 'profile = "api"', 2, "api-only"),
    ("a number for a string", HEAD + "baseline = 3", 2, "should be a string"),
    ("one table for many", HEAD + "[tool.ringfence.accept]\nx=1", 2, "[[tool.ringfence.accept]]"),
    (
        "accepted without a reason",
        HEAD + '[[tool.ringfence.accept]]\ncode = "SQL401"',
        2,
        "has no 'reason'",
    ),
    (
        "accepted for an empty reason",
        HEAD + '[[tool.ringfence.accept]]\ncode = "SQL401"\nreason = ""',
        4,
        "is empty",
    ),
    (
        "accepted, but what",
        HEAD + '[[tool.ringfence.accept]]\nreason = "x"',
        2,
        "neither a code nor a fingerprint",
    ),
    (
        "the second of two",
        HEAD
        + '[[tool.ringfence.accept]]\ncode = "SQL401"\nreason = "x"\n'
        + '[[tool.ringfence.accept]]\ncode = "SQL401"\nreason = "x"\nexpire = 2027-01-01',
        8,
        "Did you mean 'expires'?",
    ),
    (
        "no day",
        HEAD + '[[tool.ringfence.accept]]\ncode = "SQL401"\nreason = "x"\nexpires = "soon"',
        5,
        "should be a day",
    ),
    (
        "a family where a code must be",
        HEAD + '[[tool.ringfence.accept]]\ncode = "SQL"\nreason = "x"',
        3,
        "no code 'SQL'",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "said"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_told_with_its_line(read, tmp_path, text, line, said):
    with pytest.raises(ConfigError) as raised:
        read(text)
    (sentence,) = str(raised.value).split("\n")
    assert sentence.startswith(f"{tmp_path}/pyproject.toml:{line}: tool.ringfence")
    assert said in sentence


def test_all_mistakes_are_told_at_once(read):
    with pytest.raises(ConfigError) as raised:
        read(HEAD + 'a = 1\npaths = "x"\nfail-on = "x"')
    assert [line.split(":")[1] for line in str(raised.value).split("\n")] == ["2", "3", "4"]


@pytest.mark.parametrize(
    "text", [b"\xff", b"[tool", b"a=" + b"[" * 100_000], ids=["no text", "torn", "deep"]
)
def test_no_toml_is_an_error(read, text):
    with pytest.raises(ConfigError, match="is no TOML"):
        read(text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "pyproject.toml", codes=CODES)


def test_a_hostile_value_is_quoted(read):
    with pytest.raises(ConfigError) as raised:
        read(HEAD + '"\\u001b[2J" = 1')
    assert "\x1b" not in str(raised.value)
