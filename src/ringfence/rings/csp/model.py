"""What a Content Security Policy is, once read: immutable values that render a header.

A policy compiles to two things: the header of a response whose nonce nobody read, and the pieces
between which the nonce of any other response is put. Neither costs more than a join per response.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ringfence.rings.csp.placeholder import NONCE

__all__ = [
    "HEADER",
    "HEADER_REPORT_ONLY",
    "NONCE",
    "NONE",
    "CompiledPolicy",
    "CspPolicy",
    "CspRing",
    "compile_policies",
    "is_nonce",
]

HEADER = "Content-Security-Policy"
HEADER_REPORT_ONLY = "Content-Security-Policy-Report-Only"

NONE = "'none'"

#: django-csp's placeholder is an object known by its repr; it is recognised without importing
#: the package, which need not be installed.
_DJANGO_CSP_NONCE = "csp.constants.NONCE"

_HASHES = ("'sha256-", "'sha384-", "'sha512-")


def is_nonce(value: object) -> bool:
    """Whether ``value`` is a placeholder for the nonce: ours, Django's or django-csp's.

    >>> is_nonce(NONCE), is_nonce("'self'")
    (True, False)
    """
    if isinstance(value, str):
        return value == NONCE
    return type(value).__name__ == "Nonce" and repr(value) == _DJANGO_CSP_NONCE


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """A header value, ready: ``plain`` without a nonce, ``nonce.join(pieces)`` with one."""

    plain: str
    pieces: tuple[str, ...]

    def render(self, nonce: str | None) -> str:
        """Return the header's value for a response whose nonce is ``nonce`` (None: never read).

        >>> CompiledPolicy("script-src 'none'", ("script-src 'nonce-", "'")).render("c2VjcmV0")
        "script-src 'nonce-c2VjcmV0'"
        """
        return self.plain if nonce is None else nonce.join(self.pieces)


@dataclass(frozen=True, slots=True)
class CspPolicy:
    """One policy: its directives in order, each a name and its values.

    :data:`NONCE` among the values stands for the response's nonce. ``frame_ancestors_explicit``
    says that a developer wrote ``frame-ancestors`` (a preset's own may follow X-Frame-Options).
    ``keep_unsafe_inline`` is for policies read from other packages' settings: see
    :meth:`compile`.
    """

    directives: tuple[tuple[str, tuple[str, ...]], ...]
    frame_ancestors_explicit: bool = False
    keep_unsafe_inline: bool = False

    @property
    def uses_nonce(self) -> bool:
        """Whether any directive holds the nonce's placeholder."""
        return any(NONCE in values for _, values in self.directives)

    def get(self, name: str) -> tuple[str, ...] | None:
        """Return the values of directive ``name``, or None where the policy has no such one."""
        for directive, values in self.directives:
            if directive == name:
                return values
        return None

    def with_directive(self, name: str, values: tuple[str, ...] | None) -> CspPolicy:
        """Return this policy with directive ``name`` set to ``values``; with None, without it.

        >>> CspPolicy((("base-uri", ("'self'",)),)).with_directive("base-uri", None).directives
        ()
        """
        if values is None:
            kept = tuple(item for item in self.directives if item[0] != name)
        elif self.get(name) is None:
            kept = (*self.directives, (name, values))
        else:
            kept = tuple((name, values) if item[0] == name else item for item in self.directives)
        return replace(self, directives=kept)

    def with_frame_ancestors(self, value: tuple[str, ...] | None) -> CspPolicy:
        """Return this policy with ``frame-ancestors`` replaced; with None, removed."""
        return self.with_directive("frame-ancestors", value)

    def compile(self) -> CompiledPolicy:
        """Prepare the header.

        In the header without a nonce a directive must not become weaker than it is beside one:

        - a directive that held nothing but the nonce becomes ``'none'``. Left out, its fallback
          would hold (CSP3, section 6.8.3), and for ``script-src`` that may be no limit at all;
        - ``'unsafe-inline'`` goes with the nonce. Beside a nonce browsers ignore it (CSP3,
          section 6.7.3.2), so without this a page would allow inline scripts exactly when it
          uses none. ``keep_unsafe_inline`` turns this off, for settings that were written
          for a package which leaves it there.
        """
        plain = []
        marked = []
        for name, values in self.directives:
            if NONCE in values:
                rest = tuple(value for value in values if value != NONCE)
                if not self.keep_unsafe_inline and not _ignores_unsafe_inline(rest):
                    rest = tuple(value for value in rest if value.lower() != "'unsafe-inline'")
                plain.append(_serialize(name, rest or (NONE,)))
                quoted = (f"'nonce-{value}'" if value == NONCE else value for value in values)
                marked.append(_serialize(name, tuple(quoted)))
            else:
                text = _serialize(name, values)
                plain.append(text)
                marked.append(text)
        return CompiledPolicy("; ".join(plain), tuple("; ".join(marked).split(NONCE)))


def _ignores_unsafe_inline(values: tuple[str, ...]) -> bool:
    # CSP3, section 6.7.3.2: a hash, or 'strict-dynamic', switches 'unsafe-inline' off as well.
    return any(
        value.lower() == "'strict-dynamic'" or value.lower().startswith(_HASHES) for value in values
    )


def _serialize(name: str, values: tuple[str, ...]) -> str:
    return " ".join((name, *values))


def compile_policies(policies: Iterable[CspPolicy]) -> CompiledPolicy:
    """Prepare one header field for several policies, all of which then hold.

    A comma separates policies in one field (CSP3, section 2.2.2, "serialized CSP list"). No
    policy compiles to an empty value, for which no header is sent. What was compiled lately is
    remembered: a view that departs from the site's policy departs in the same way each time.

    >>> one = CspPolicy((("object-src", ("'none'",)),))
    >>> compile_policies([one, CspPolicy((("script-src", (NONCE,)),))]).plain
    "object-src 'none', script-src 'none'"
    """
    return _compile(tuple(policies))


@functools.lru_cache(maxsize=256)
def _compile(policies: tuple[CspPolicy, ...]) -> CompiledPolicy:
    plain: list[str] = []
    marked: list[str] = []
    for policy in policies:
        if policy.directives:
            compiled = policy.compile()
            plain.append(compiled.plain)
            marked.append(NONCE.join(compiled.pieces))
    return CompiledPolicy(", ".join(plain), tuple(", ".join(marked).split(NONCE)))


@dataclass(frozen=True, slots=True)
class CspRing:
    """The site's policies: those that browsers enforce and those they only report on.

    ``reporting_endpoints`` is the value of the ``Reporting-Endpoints`` header, "" for none.
    """

    enforce: tuple[CspPolicy, ...] = ()
    report_only: tuple[CspPolicy, ...] = ()
    reporting_endpoints: str = ""

    @property
    def uses_nonce(self) -> bool:
        """Whether any of the policies needs the response's nonce."""
        return any(policy.uses_nonce for policy in self.enforce + self.report_only)
