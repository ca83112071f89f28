"""What only a check looks at: wildcards below a public suffix.

The list of public suffixes (https://publicsuffix.org/) changes every week and is needed by nothing
that answers requests. It comes from ``publicsuffixlist``, a part of the extra ``[checks]``: chosen
because a release with the current list follows every few days, it is pure Python without
dependencies, and it never reaches for the network, as ``tldextract`` does at its first use;
``publicsuffix2`` carries a list of 2019.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from typing import Any

from ringfence.finding import Findings, Severity
from ringfence.rings.cors.decide import CorsPolicy, CorsSite
from ringfence.rings.cors.regex import judge

__all__ = ["is_public_suffix", "public_suffix_findings"]

_SETTING = "RINGFENCE['cors']"
_LEGACY = "CORS_ALLOWED_ORIGIN_REGEXES"


def public_suffix_findings(site: CorsSite | None, findings: Findings) -> None:
    """Add a finding for everything that allows all origins below a public suffix.

    Nobody owns ``https://*.github.io``: anyone can put a page there. Looks at wildcards and at
    what regexes leave open; without the package that knows the suffixes, that is a finding of its
    own, if there is anything to look at.
    """
    if site is None:
        return
    parents = list(_parents(site))
    if not parents:
        return
    is_public = _load()
    if is_public is None:
        findings.add(
            "CORS202",
            setting=_SETTING,
            reason="the package publicsuffixlist is not installed, so that nobody has checked "
            f"whether these are public suffixes: {', '.join(sorted({p[0] for p in parents}))}.",
            fix='Run pip install "django-ringfence[checks]".',
        )
        return
    for parent, setting, value in parents:
        if is_public(parent):
            findings.add(
                "CORS120",
                setting=setting,
                value=value,
                reason=f"anyone can get a host below {parent!r}, which is a public suffix.",
                fix="Name the host that is yours, as https://me.github.io.",
                severity=Severity.DEPLOY_ERROR if setting == _LEGACY else None,
            )


def is_public_suffix(host: str) -> bool:
    """Whether anyone can get a host below ``host``; False where the list is not installed."""
    is_public = _load()
    return is_public is not None and is_public(host)


def _load() -> Callable[[str], bool] | None:
    try:
        module = importlib.import_module("publicsuffixlist")
    except ImportError:
        return None
    suffixes = _read(module.PublicSuffixList)

    def is_public(host: str) -> bool:
        return bool(suffixes.publicsuffix(host) == host)

    return is_public


@functools.cache
def _read(make: Callable[..., Any]) -> Any:
    # Some ten thousand lines: read once.
    return make(accept_unknown=False)


def _parents(site: CorsSite) -> Iterator[tuple[str, str, str]]:
    """Yield each open domain, with the setting and the value that leave it open."""
    for setting, policy in _policies(site):
        if policy.public_suffixes:
            continue
        for scheme, host, _ in sorted(policy.rules.suffixes):
            yield host.strip("."), f"{setting}['origins']", f"{scheme}://*.{host}"
        for pattern in policy.patterns:
            for host in sorted(judge(pattern).parents):
                yield host, f"{setting}['origin_regexes']", pattern.pattern
        for pattern in policy.legacy_patterns:
            for host in sorted(judge(pattern, prefix=True).parents):
                yield host, _LEGACY, pattern.pattern


def _policies(site: CorsSite) -> Iterator[tuple[str, CorsPolicy]]:
    if site.default is not None:
        yield _SETTING, site.default
    for name, policy in site.by_name.items():
        yield f"{_SETTING}['views'][{name!r}]", policy
    for prefix, policy in site.by_path:
        yield f"{_SETTING}['paths'][{prefix!r}]", policy
