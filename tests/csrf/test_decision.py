"""The table on the pure function, and the table itself."""

from __future__ import annotations

from collections import Counter

import pytest

from ringfence.finding import Findings
from ringfence.origin import Origin, OriginRules
from ringfence.rings.csrf.policy import CsrfPolicy, OwnOrigin, decide
from ringfence.rings.csrf.reasons import CsrfReason
from tests.csrf.table import LEGACY_WILDCARD, ROWS, TOKEN_TRUSTED, TRUSTED, Row

POLICIES = {
    fallback: CsrfPolicy(
        trusted=OriginRules.compile(TRUSTED),
        # Django's wildcard covers the domain itself too.
        token_trusted=OriginRules.compile([*TOKEN_TRUSTED, LEGACY_WILDCARD.replace("*.", "")]),
        fallback=fallback,
    )
    for fallback in ("token", "deny", "dangerously_allow")
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row: Row) -> None:
    own = Origin.parse(f"{row.scheme}://{row.host}")
    verdict = decide(
        POLICIES[row.fallback],
        method=row.method,
        sec_fetch_site=row.site,
        origin=row.origin,
        own=OwnOrigin(own.serialize(), own),
    )
    assert verdict.outcome.value == row.expected
    assert (verdict.reason and type(verdict.reason).__name__) == row.reason
    if row.expected == "deny":
        assert isinstance(verdict.reason, CsrfReason)
        assert verdict.reason.isascii(), "a reason goes to logs"
        assert len(verdict.reason) < 500


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_without_an_own_origin_nothing_that_names_one_is_allowed(row: Row) -> None:
    verdict = decide(
        CsrfPolicy(), method="POST", sec_fetch_site=row.site, origin=row.origin, own=None
    )
    if row.origin not in (None, "null"):
        assert verdict.outcome.value == "deny"


def test_the_table_has_every_class_in_numbers() -> None:
    assert len(ROWS) >= 60
    assert len({row.name for row in ROWS}) == len(ROWS)
    outcomes = Counter(row.expected for row in ROWS)
    assert min(outcomes["allow"], outcomes["deny"], outcomes["token"]) >= 15
    reasons = {cls.__name__ for cls in CsrfReason.__subclasses__()} - {"TokenRejected"}
    assert {row.reason for row in ROWS} - {None} == reasons


def test_the_trusted_origins_of_the_table_are_valid() -> None:
    from ringfence.rings.csrf.parse import parse

    findings = Findings()
    policy = parse({"trusted_origins": TRUSTED}, findings, CsrfPolicy())
    assert not list(findings)
    assert policy is not None
    assert all(policy.trusted.matches(entry.replace("*", "a")) for entry in TRUSTED)
