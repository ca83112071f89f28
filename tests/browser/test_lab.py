"""What variables can do in a page, in a real browser: a sample; `make lab` runs all of it."""

from __future__ import annotations

import pytest

from tests.browser.lab.run import QUICK, measure
from tests.browser.lab.sets import FIRST, SECOND, SETS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Places of every language, few enough for a control by all payloads.
CONTROL = {
    FIRST.name: "^(text|double-quoted|unquoted|href|srcdoc|js-single|js-value|onclick|"
    "style-attribute)$",
    SECOND.name: "^(cell|attribute-double|attribute-bare|link|srcdoc|string-single|value|"
    "onclick-single|style-value)$",
}


@pytest.fixture(scope="module", params=SETS)
def fenced(request, chromium):
    return measure("ringfence", which=SETS[request.param], sample=QUICK, browser=chromium)


@pytest.mark.parametrize("which", SETS.values(), ids=SETS)
def test_the_lab_is_as_large_as_it_says(which):
    assert len({context.name for context in which.contexts}) == len(which.contexts) >= 130
    assert len(which.payloads) >= 300


@pytest.mark.parametrize("what", ["executed", "changed", "broken", "raised"])
def test_a_variable_stays_data_and_arrives(fenced, what):
    pairs = getattr(fenced, what)
    assert not pairs, "\n".join(map(str, pairs))


@pytest.mark.parametrize("which", SETS.values(), ids=SETS)
def test_the_payloads_run_where_nothing_is_escaped(chromium, which):
    names = CONTROL[which.name]
    raw = measure("raw", names=names, which=which, sample=5 * QUICK, browser=chromium)
    assert raw.executed
    assert len(raw.attacked) == names.count("|") + 1
    assert raw.changed


def test_stock_escaping_is_seen_to_fail_where_it_is_known_to(chromium):
    stock = measure("stock", names="^(text|double-quoted|href)$", browser=chromium)
    assert {pair.context for pair in stock.executed} == {"href"}
