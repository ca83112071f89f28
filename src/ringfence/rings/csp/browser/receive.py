"""What a browser takes out of a header: policies, and in each the first directive of each name.

CSP3, sections 2.2.1 and 2.2.2 ("parse a serialized CSP", "…CSP list"), with two habits of Chromium
that were measured: a name is letters, digits and dashes only; and a directive whose value holds a
character outside printable ASCII has no effect, yet keeps its name from being given again.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ringfence.rings.csp.grammar import DIRECTIVES

__all__ = ["LIMIT", "Dropped", "Received", "Why", "receive"]

#: Characters read of one header field. Servers and proxies carry 8 to 32 KiB, Chromium 256.
LIMIT = 64 * 1024

#: ASCII whitespace of the Infra standard; str.split() would split at others, too.
_SPACE = re.compile(r"[\t\n\f\r ]+")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_VALUE = re.compile(r"[\x21-\x7e\t\n\f\r ]*")

#: CSP3, section 6.3.2; Upgrade Insecure Requests, section 3.2.
_ENFORCED_ONLY = frozenset(("sandbox", "upgrade-insecure-requests"))
#: HTML, section "Content security policy state" of <meta http-equiv>.
_HEADER_ONLY = frozenset(("frame-ancestors", "report-uri", "sandbox"))


class Why(enum.Enum):
    """Why a directive has no effect."""

    CHARACTERS = "a character that no value may hold"
    NAME = "no directive has this name"
    REPEATED = "the first directive of its name holds"
    REPORT_ONLY = "browsers ignore it in a policy that is only reported on"
    META = "browsers ignore it in <meta>"


class Dropped(NamedTuple):
    """A directive that has no effect; ``name`` is as it was written."""

    name: str
    values: tuple[str, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Received:
    """One policy: the directives that hold, by name in lower case, and those that do not.

    ``cut`` says that the field was longer than :data:`LIMIT` and this is what stood before it.
    """

    directives: tuple[tuple[str, tuple[str, ...]], ...]
    dropped: tuple[Dropped, ...] = ()
    enforced: bool = True
    in_meta: bool = False
    cut: bool = False

    def get(self, name: str) -> tuple[str, ...] | None:
        """Return the values of directive ``name``, or None where the policy has no such one."""
        return next((values for own, values in self.directives if own == name), None)


def receive(
    fields: str | Iterable[str], *, enforced: bool = True, in_meta: bool = False
) -> tuple[Received, ...]:
    """Read header fields (or one): each may hold several policies, with commas between.

    Never raises, and is linear in the length of what it reads.

    >>> receive("script-src 'self'; script-src *, img-src")[0].directives
    (('script-src', ("'self'",)),)
    >>> receive("script-src 'self'; script-src *, img-src")[1].directives
    (('img-src', ()),)
    """
    read = []
    for field in [fields] if isinstance(fields, str) else fields:
        parts = field[:LIMIT].split(",")
        for number, part in enumerate(parts, 1):
            cut = len(field) > LIMIT and number == len(parts)
            policy = _policy(part, enforced=enforced, in_meta=in_meta, cut=cut)
            if policy is not None:
                read.append(policy)
    return tuple(read)


def _policy(text: str, *, enforced: bool, in_meta: bool, cut: bool) -> Received | None:
    held: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    dropped = []
    for part in text.split(";"):
        words = [word for word in _SPACE.split(part) if word]
        if not words:
            continue
        written, values = words[0], tuple(words[1:])
        name = written.lower()
        if not _NAME.fullmatch(written):
            dropped.append(Dropped(written, values, Why.NAME))
        elif name in seen:
            dropped.append(Dropped(written, values, Why.REPEATED))
        else:
            seen.add(name)
            why = _why_without_effect(name, part, enforced=enforced, in_meta=in_meta)
            if why is None:
                held[name] = values
            else:
                dropped.append(Dropped(written, values, why))
    if not held and not dropped:
        return None
    return Received(tuple(held.items()), tuple(dropped), enforced, in_meta, cut)


def _why_without_effect(name: str, part: str, *, enforced: bool, in_meta: bool) -> Why | None:
    if not _VALUE.fullmatch(part):
        return Why.CHARACTERS
    if name not in DIRECTIVES:
        return Why.NAME
    if not enforced and name in _ENFORCED_ONLY:
        return Why.REPORT_ONLY
    if in_meta and name in _HEADER_ONLY:
        return Why.META
    return None
