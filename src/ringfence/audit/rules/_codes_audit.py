"""The register's part for what is said about the audit itself."""

from __future__ import annotations

from ringfence.finding import Code, Severity

CODES = {
    "AUDIT401": Code("Accepted without a reason", Severity.ERROR),
    "AUDIT402": Code("Accepted under a code that does not exist", Severity.WARNING),
    "AUDIT403": Code("Accepted until a day that is past", Severity.WARNING),
    "AUDIT404": Code("Accepted, but no longer found", Severity.INFO),
}

#: Found by comparing the report with the configuration, once all rules have been asked.
WITHOUT_RULE = frozenset({"AUDIT403", "AUDIT404"})
