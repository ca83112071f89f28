"""LIVE408: A page comes without a content security policy."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import lacking, live, pages


def _check(site: Live) -> Iterator[Hit]:
    yield from lacking(
        [each for each in pages(site) if not _has_one(each)],
        "Content-Security-Policy",
        "Where markup gets into a page, nothing keeps its scripts from running.",
        'RINGFENCE = {"csp": "strict"}  # or SECURE_CSP of Django 6.0 and later',
    )


def _has_one(response: Response) -> bool:
    names = ("content-security-policy", "content-security-policy-report-only")
    return bool(response.in_meta) or any(map(response.get, names))


RULE = live("LIVE408", _check)
