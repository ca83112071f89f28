"""HTTP Strict Transport Security (RFC 6797): the header's value, and a ramp towards a year.

HSTS cannot be taken back from a browser that has seen it, so a site should start with a lifetime
that it could wait out. The ramp lengthens it by the calendar, from one day on which it began.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.finding import Findings, Severity, unknown_keys
from ringfence.rings.transport._shape import read_flag, wrong_type

__all__ = ["LONGEST", "RAMP", "YEAR", "Hsts", "from_django", "parse", "ramp_seconds"]

HOUR, DAY = 3600, 86_400
#: What hstspreload.org asks for, and what browsers count as long.
YEAR = 365 * DAY
#: Ten years. What is longer was most likely meant in milliseconds.
LONGEST = 10 * YEAR

#: (days since the ramp began, max-age in seconds).
RAMP = ((0, HOUR), (7, DAY), (14, 7 * DAY), (28, 30 * DAY), (56, YEAR))

KEYS = ("seconds", "include_subdomains", "preload", "since")


@dataclass(frozen=True, slots=True)
class Hsts:
    """What is sent over https. ``seconds`` None: no header; 0: browsers forget the site.

    ``ramp`` says that the calendar chose ``seconds``.
    """

    seconds: int | None = None
    include_subdomains: bool = False
    preload: bool = False
    ramp: bool = False

    def header(self) -> str:
        """Return the header's value, "" for no header (RFC 6797, section 6.1).

        >>> Hsts(seconds=3600, include_subdomains=True).header()
        'max-age=3600; includeSubDomains'
        """
        if self.seconds is None:
            return ""
        parts = [f"max-age={self.seconds}"]
        if self.include_subdomains:
            parts.append("includeSubDomains")
        # A preload list takes no shorter lifetime: on a ramp the word waits for the last step.
        if self.preload and not (self.ramp and self.seconds < YEAR):
            parts.append("preload")
        return "; ".join(parts)


def ramp_seconds(since: dt.date, today: dt.date) -> int | None:
    """Return the lifetime that the ramp has reached, None before it begins.

    >>> ramp_seconds(dt.date(2026, 11, 1), dt.date(2026, 11, 9))
    86400
    """
    days = (today - since).days
    reached = [seconds for start, seconds in RAMP if days >= start]
    return reached[-1] if reached else None


def from_django(settings: Mapping[str, object], findings: Findings) -> Hsts:
    """Read ``SECURE_HSTS_*`` with the meaning that Django gives them. Never raises."""
    value = settings.get("SECURE_HSTS_SECONDS", 0)
    seconds: int | None = None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        seconds = int(value)  # read from an environment variable; Django sends it as it is
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        seconds = value
    elif value is not None and value is not False:
        findings.add(
            "TLS101",
            setting="SECURE_HSTS_SECONDS",
            value=value,
            reason="it is no whole number of seconds, so browsers ignore the header.",
            fix=f"Write a number of seconds, as {YEAR}.",
            severity=Severity.DEPLOY_ERROR,
        )
    return Hsts(
        seconds=seconds or None,
        include_subdomains=bool(settings.get("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)),
        preload=bool(settings.get("SECURE_HSTS_PRELOAD", False)),
    )


def parse(value: object, findings: Findings, setting: str, base: Hsts, *, today: dt.date) -> Hsts:
    """Read ``RINGFENCE['transport']['hsts']``. Never raises.

    False: no header. A number: seconds. ``"ramp"``: :data:`RAMP`, from the day in ``since``.
    A dict: ``seconds`` or ``since``, ``include_subdomains``, ``preload``; what it leaves out is
    taken from ``base``.
    """
    if value is False:
        return Hsts()
    if isinstance(value, int) and not isinstance(value, bool):
        value = {"seconds": value}
    elif value == "ramp":
        return _begin_ramp(findings, setting, base, today)
    if not isinstance(value, Mapping):
        wrong_type(
            findings, setting, value, 'False, a number of seconds, "ramp", or a dict of options'
        )
        return base
    unknown_keys(value, KEYS, findings, setting=setting, code="TLS001")
    subdomains = read_flag(
        value, "include_subdomains", findings, setting, default=base.include_subdomains
    )
    preload = read_flag(value, "preload", findings, setting, default=base.preload)
    result = Hsts(base.seconds, subdomains, preload, base.ramp)
    if "since" in value:
        if "seconds" in value:
            findings.add(
                "TLS303",
                setting=f"{setting}['since']",
                value=value["since"],
                reason="the ramp chooses the seconds, and 'seconds' is given as well.",
                fix="Write one of the two.",
            )
        since = _read_day(value["since"], findings, f"{setting}['since']")
        if since is not None:
            seconds = ramp_seconds(since, today)
            result = Hsts(seconds, subdomains, preload, ramp=True)
    elif "seconds" in value:
        result = Hsts(
            _read_seconds(value["seconds"], findings, f"{setting}['seconds']", base.seconds),
            subdomains,
            preload,
        )
    elif base.seconds is None:
        result = _begin_ramp(findings, setting, result, today)
    return _refuse_vain_preload(result, value, findings, setting)


def _begin_ramp(findings: Findings, setting: str, base: Hsts, today: dt.date) -> Hsts:
    findings.add(
        "TLS202",
        setting=setting,
        value="ramp",
        reason=f"the ramp has no first day, so it stays at its first step, {RAMP[0][1]} seconds.",
        fix=f'Write "hsts": {{"since": "{today.isoformat()}"}}; it then reaches a year in '
        f"{RAMP[-1][0]} days by itself.",
    )
    return Hsts(RAMP[0][1], base.include_subdomains, base.preload, ramp=True)


def _read_day(value: object, findings: Findings, setting: str) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    findings.add(
        "TLS101",
        setting=setting,
        value=value,
        reason="it is no day.",
        fix='Write the day on which the ramp began, as "2026-11-01".',
    )
    return None


def _read_seconds(
    value: object, findings: Findings, setting: str, default: int | None
) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        wrong_type(findings, setting, value, f"a whole number of seconds, as {YEAR}")
        return default
    if 0 <= value <= LONGEST:
        return value
    findings.add(
        "TLS101",
        setting=setting,
        value=value,
        reason=f"it is not between 0 and {LONGEST} seconds (ten years).",
        fix=f"A year is {YEAR} seconds.",
    )
    return default


def _refuse_vain_preload(
    result: Hsts, given: Mapping[object, object], findings: Findings, setting: str
) -> Hsts:
    if not result.preload or given.get("preload") is not True:
        return result
    missing = []
    if not result.include_subdomains:
        missing.append('"include_subdomains": True')
    if not result.ramp and (result.seconds or 0) < YEAR:
        missing.append(f'"seconds": {YEAR}')
    if not missing:
        return result
    findings.add(
        "TLS110",
        setting=f"{setting}['preload']",
        value=True,
        reason="browsers' preload lists take a site only with a lifetime of a year and with its "
        "subdomains.",
        fix=f"Add {' and '.join(missing)}, or leave preload out.",
    )
    return Hsts(result.seconds, result.include_subdomains, preload=False, ramp=result.ramp)
