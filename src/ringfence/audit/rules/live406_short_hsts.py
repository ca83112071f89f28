"""LIVE406: Browsers are told to stay with https for a short time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live
from ringfence.audit.rules._live import HIGH, LOW, has_name, hit, live
from ringfence.finding import Severity, quote

#: 180 days; less than that is a ramp, or forgotten on one.
_LONG: Final = 180 * 86_400


def _check(site: Live) -> Iterator[Hit]:
    if not site.secure or not has_name(site):
        return
    for response in site.of("page"):
        # The first field holds (RFC 6797, section 8.1).
        value = next(iter(response.all("strict-transport-security")), None)
        seconds = None if value is None else _seconds(value)
        if value is None or (seconds is not None and seconds >= _LONG):
            continue
        if seconds is None:
            reason = f"{quote(value)} is no value that browsers take, so they ignore it."
        elif seconds == 0:
            reason = "A max-age of 0 makes browsers forget that the site is one over https."
        else:
            reason = (
                f"After {seconds // 3600} hours without a visit, the next one may be over http."
            )
        severity = Severity.INFO if seconds else None
        sure = LOW if site.sandbox else HIGH
        fix = "SECURE_HSTS_SECONDS = 31536000"
        yield hit(response, "Strict-Transport-Security", reason, fix, sure, severity)
        return


def _seconds(value: str) -> int | None:
    for part in value.split(";"):
        name, _, given = part.partition("=")
        if name.strip().lower() == "max-age":
            digits = given.strip().strip('"')
            known = digits.isascii() and digits.isdigit()
            return int(digits[:12]) if known else None
    return None


RULE = live("LIVE406", _check)
