"""What a browser of one CSP level keeps of a policy, and which list of sources governs what."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ringfence.rings.csp.browser.fallback import FALLBACKS, SCRIPTS
from ringfence.rings.csp.browser.receive import Received
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.model import NONE, CspPolicy
from ringfence.rings.csp.words import KEYWORDS, SOURCE_LISTS

__all__ = ["Enforced", "Ignored", "Level", "SourceList", "read_list"]


class Level(enum.IntEnum):
    """A level of the standard, as browsers implemented it.

    CSP1 is of 2012, CSP2 (nonces, hashes, paths) of 2015; every browser has had CSP3, with
    ``'strict-dynamic'``, since March 2022.
    """

    CSP1 = 1
    CSP2 = 2
    CSP3 = 3


_NAMES_1 = frozenset(
    [
        "default-src",
        "script-src",
        "style-src",
        "img-src",
        "connect-src",
        "font-src",
        "object-src",
        "media-src",
        "frame-src",
        "sandbox",
        "report-uri",
    ]
)
_NAMES_2 = _NAMES_1 | frozenset(
    [
        "base-uri",
        "child-src",
        "form-action",
        "frame-ancestors",
        "plugin-types",
        "upgrade-insecure-requests",
        "block-all-mixed-content",
        "referrer",
        "reflected-xss",
    ]
)
_KEYWORDS_1 = frozenset(("'self'", "'unsafe-inline'", "'unsafe-eval'"))


class Ignored(NamedTuple):
    """A source that has no effect, and why."""

    text: str
    reason: str


class SourceList(NamedTuple):
    """The list that governs ``name``: ``directive`` is where it stands.

    Among ``sources`` is what a browser compares with; ``ignored`` says what it passes over.
    """

    name: str
    directive: str
    sources: tuple[Source, ...]
    ignored: tuple[Ignored, ...]

    @property
    def is_dynamic(self) -> bool:
        """Whether trust is handed on by scripts and URLs do not count (CSP3, section 8.2)."""
        return self.name in (*SCRIPTS, "worker-src") and self.has("'strict-dynamic'")

    @property
    def allows_inline(self) -> bool:
        """Whether any inline code is allowed (CSP3, section 6.7.3.2)."""
        return (
            self.has("'unsafe-inline'")
            and not self.is_dynamic
            # Chromium lets it switch inline styles off, too, where they fall back to default-src.
            and not (self.directive == "default-src" and self.has("'strict-dynamic'"))
            and not any(source.kind in (Kind.NONCE, Kind.HASH) for source in self.sources)
        )

    def has(self, keyword: str) -> bool:
        """Whether the keyword stands in the list."""
        return any(source.text == keyword for source in self.sources)

    def of_kind(self, *kinds: Kind) -> tuple[Source, ...]:
        """Return the sources of these kinds."""
        return tuple(source for source in self.sources if source.kind in kinds)


def read_list(
    values: tuple[str, ...], level: Level = Level.CSP3
) -> tuple[tuple[Source, ...], tuple[Ignored, ...]]:
    """Return the sources that a browser of ``level`` keeps, and those that it passes over.

    >>> [source.text for source in read_list(("'none'", "'self'"))[0]]
    ["'self'"]
    """
    kept = []
    ignored = []
    for value in dict.fromkeys(values):
        if value.lower() == NONE:
            # Section 2.3.1: 'none' is a list of its own, not a source among others.
            if len(values) > 1:
                ignored.append(Ignored(value, "another source stands beside it"))
            continue
        source = read_source(value)
        if source is None:
            ignored.append(Ignored(value, "it is no source"))
        elif not _is_known(source, level):
            ignored.append(Ignored(value, f"CSP level {level} has no such source"))
        else:
            kept.append(source)
    return tuple(kept), tuple(ignored)


def _is_known(source: Source, level: Level) -> bool:
    if level is Level.CSP3:
        return True
    if source.kind in (Kind.NONCE, Kind.HASH):
        return level is Level.CSP2
    return source.text in _KEYWORDS_1 or source.text not in KEYWORDS


@dataclass(frozen=True)
class Enforced:
    """One received policy in a browser of ``level``."""

    policy: Received
    level: Level = Level.CSP3
    _lists: dict[str, SourceList | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def directives(self) -> dict[str, tuple[str, ...]]:
        """The directives that such a browser knows."""
        return {
            name: values
            for name, values in self.policy.directives
            if self.level is Level.CSP3
            or name in (_NAMES_2 if self.level is Level.CSP2 else _NAMES_1)
        }

    def governing(self, name: str) -> SourceList | None:
        """Return the list of sources for ``name``, by fallback; None where there is no limit."""
        if name not in self._lists:
            self._lists[name] = self._governing(name)
        return self._lists[name]

    def _governing(self, name: str) -> SourceList | None:
        for directive in FALLBACKS[name]:
            if directive in self.directives:
                sources, ignored = read_list(self.directives[directive], self.level)
                return _effective(SourceList(name, directive, sources, ignored))
        return None

    @property
    def blocks_all_scripts(self) -> bool:
        """Whether the policy sandboxes the page without allow-scripts."""
        flags = self.directives.get("sandbox")
        return flags is not None and not any(flag.lower() == "allow-scripts" for flag in flags)

    @property
    def requires_trusted_types(self) -> bool:
        """Whether strings are refused where they would run; the value's case counts."""
        return "'script'" in self.directives.get("require-trusted-types-for", ())

    def normal(self) -> CspPolicy:
        """Return the policy as it holds: without the sources that a browser passes over.

        >>> from ringfence.rings.csp.browser.receive import receive
        >>> Enforced(*receive("IMG-SRC 'none' a.example 'bogus'")).normal().directives
        (('img-src', ('a.example',)),)
        """
        return CspPolicy(
            tuple(
                (name, self._normal_values(name, values))
                for name, values in self.directives.items()
                if name != "require-trusted-types-for" or self.requires_trusted_types
            )
        )

    def _normal_values(self, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        if name not in SOURCE_LISTS and name != "frame-ancestors":
            return values
        sources, _ = read_list(values, self.level)
        # In lists that govern scripts alone, or attributes, a URL may be compared with nothing.
        dynamic = any(source.text == "'strict-dynamic'" for source in sources)
        idle = name.endswith("-attr") or (dynamic and name in ("script-src", "script-src-elem"))
        return tuple(source.text for source in sources if not (idle and source.has_url)) or (NONE,)


def _effective(found: SourceList) -> SourceList:
    """Take out what the list's own other sources switch off."""
    ignored = list(found.ignored)
    kept = found.sources
    if found.is_dynamic:
        reason = "'strict-dynamic' makes browsers pass over hosts and schemes"
        ignored += [Ignored(source.text, reason) for source in kept if source.has_url]
        kept = tuple(source for source in kept if not source.has_url)
    if found.has("'unsafe-inline'") and not found.allows_inline:
        by = "'strict-dynamic'" if found.has("'strict-dynamic'") else "a nonce or hash"
        ignored.append(Ignored("'unsafe-inline'", f"{by} switches it off"))
    return found._replace(sources=kept, ignored=tuple(ignored))
