"""20,000 cases of the fuzzer; a million are started by hand (see ``fuzz.py``)."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fuzz
import fuzz_oracle

pytestmark = pytest.mark.slow

TEMPLATES = 2500
PARTS = 10


@pytest.fixture
def quiet():
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    yield
    logging.disable(before)


@pytest.mark.parametrize("part", range(PARTS))
def test_data_changes_nothing_but_text(part, quiet):
    size = TEMPLATES // PARTS

    results = list(fuzz.failures(1, part * size, size))

    failed = [str(failure) for failure in results if failure is not None]
    assert not failed, f"{len(failed)} of {len(results)}:\n" + "\n".join(failed[:10])
    assert len(results) > size * fuzz.VALUES * 0.9


def view(page: str) -> fuzz_oracle.View:
    return fuzz_oracle.View(page, ("zzz", fuzz_oracle.REFUSED))


@pytest.mark.parametrize(
    ("attacked", "harmless"),
    [
        pytest.param("<p>a<b>x</b></p>", "<p>zzz</p>", id="element"),
        pytest.param("<p title=a onclick=b>", "<p title=zzz>", id="attribute"),
        pytest.param("<!--a--><!--b-->", "<!--a-->", id="comment"),
        pytest.param('<a href="javascript:a()">', '<a href="zzz">', id="scheme"),
        pytest.param('<a href=" java\nscript:a()">', '<a href="zzz">', id="scheme, odd"),
        pytest.param(
            '<script src="//evil.example"></script>', '<script src="/zzz"></script>', id="host"
        ),
        pytest.param("<script>a = ''+b+''</script>", "<script>a = 'zzz'</script>", id="script"),
        pytest.param("<p onclick=\"go('');x('')\">", "<p onclick=\"go('zzz')\">", id="handler"),
        pytest.param("<p style='a: b; c: d'>", "<p style='a: zzz'>", id="style"),
        pytest.param(
            "<iframe srcdoc='<p><b>'></iframe>", "<iframe srcdoc='<p>zzz'></iframe>", id="srcdoc"
        ),
        pytest.param(
            "<script>a = '<b>x</b>'</script>", "<script>a = 'zzz'</script>", id="markup in a string"
        ),
        pytest.param(
            "<a href=\"javascript:go('');x('')\">", "<a href=\"javascript:go('zzz')\">", id="link"
        ),
        pytest.param(
            "<math><mi><style>p{b: c; d: e}</style>",
            "<math><mi><style>p{b: c}</style>",
            id="style in MathML's text",
        ),
        pytest.param("<object data='javascript:a()'>", "<object data=zzz>", id="object"),
        pytest.param("<p style='a: (b; c: d)'>", "<p style='a: zzz'>", id="parentheses"),
        pytest.param("<style>p{b: c; d;}</style>", "<style>p{b: c}</style>", id="one more"),
        pytest.param(
            "<script src='//evil.example/ringfence-refused'>",
            "<script src='/zzz'>",
            id="refused behind a host",
        ),
    ],
)
def test_the_oracle_sees_an_attack(attacked, harmless):
    assert fuzz_oracle.differences(view(attacked), view(harmless))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("<p title='a&quot;b'>x &lt;b></p>", "<p title=zzz>zzz</p>", id="text"),
        pytest.param(r"<script>a = '\u003cb'</script>", "<script>a = 'zzz'</script>", id="string"),
        pytest.param("<script>a = -1</script>", "<script>a = 'zzz'</script>", id="number"),
        pytest.param("<p style='a: \"b;\"'>", "<p style='a: zzz'>", id="style"),
        pytest.param('<a href="ringfence-refused">', '<a href="zzz">', id="refused"),
        pytest.param(
            "<script src='//ringfence-refused^/'>",
            "<script src='//zzz/'>",
            id="refused host",
        ),
        pytest.param("<p data='javascript:a()'>", "<p data=zzz>", id="nobody's attribute"),
        pytest.param(
            "<math><style>p{b: c}</style>", "<math><style>p{b}</style>", id="no style of MathML's"
        ),
        pytest.param("<p style='a: (b)'>", "<p style='a: zzz'>", id="parentheses"),
        pytest.param("<style>p{;}</style>", "<style>p{zzz}</style>", id="no declaration"),
        pytest.param("<script>a = `${b &}`</script>", "<script>a = `${zzz &}`</script>", id="none"),
    ],
)
def test_the_oracle_lets_data_be(one, other):
    assert fuzz_oracle.differences(view(one), view(other)) == []


@pytest.mark.parametrize(
    ("attacked", "harmless", "value", "differs"),
    [
        pytest.param("<p mailto:::>", "<p mailto:zzz:>", ":", False, id="short"),
        pytest.param("<p &<3>", "<p &zzz<3>", "", False, id="empty"),
        pytest.param("<p a b>", "<p zzz b>", "a", False, id="whole"),
        pytest.param("<p data-e>", "<p data-zzz title>", "e", True, id="another, by chance"),
        pytest.param("<p xonload>", "<p xzzz>", "e", True, id="not the value's"),
    ],
)
def test_a_name_is_a_values_only_where_the_template_has_one(attacked, harmless, value, differs):
    assert bool(fuzz._problems(attacked, harmless, {"a": value})) is differs
