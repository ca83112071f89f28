"""What variables can do in a page, in a real browser: a sample; `make lab` runs all of it."""

from __future__ import annotations

import pytest

from tests.browser.lab.contexts import CONTEXTS
from tests.browser.lab.payloads import PAYLOADS
from tests.browser.lab.run import QUICK, measure

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Places of every language, few enough for a control by all payloads.
CONTROL = "^(text|double-quoted|unquoted|href|srcdoc|js-single|js-value|onclick|style-attribute)$"


@pytest.fixture(scope="module")
def fenced(chromium):
    return measure("ringfence", sample=QUICK, browser=chromium)


def test_the_lab_is_as_large_as_it_says():
    assert len({context.name for context in CONTEXTS}) == len(CONTEXTS) >= 75
    assert len(PAYLOADS) >= 300


@pytest.mark.parametrize("what", ["executed", "changed", "broken", "raised"])
def test_a_variable_stays_data_and_arrives(fenced, what):
    pairs = getattr(fenced, what)
    assert not pairs, "\n".join(map(str, pairs))


def test_the_payloads_run_where_nothing_is_escaped(chromium):
    raw = measure("raw", names=CONTROL, sample=5 * QUICK, browser=chromium)
    assert raw.executed
    assert len(raw.attacked) == CONTROL.count("|") + 1
    assert raw.changed


def test_stock_escaping_is_seen_to_fail_where_it_is_known_to(chromium):
    stock = measure("stock", names="^(text|double-quoted|href)$", browser=chromium)
    assert {pair.context for pair in stock.executed} == {"href"}
