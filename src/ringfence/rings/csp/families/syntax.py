"""What a browser passes over in one policy: names, values, repetitions, words in the wrong place.

None of these has false positives: each is something that has another effect than it seems to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from ringfence.rings.csp.browser.receive import LIMIT, Dropped, Received, Why
from ringfence.rings.csp.browser.source import Kind, read_source
from ringfence.rings.csp.grammar import DIRECTIVES, check_directive, check_name
from ringfence.rings.csp.problem import Problem
from ringfence.rings.csp.words import DEPRECATED, KEYWORDS, SOURCE_LISTS, VALUELESS

__all__ = ["CHECKS", "TOKENS"]

#: Values of one policy that are looked at; whoever writes more wants no advice.
TOKENS = 2000
_SHOWN = 120

_LISTS = SOURCE_LISTS | {"frame-ancestors"}

_INLINE = frozenset(
    [
        "default-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
    ]
)
_SCRIPT = frozenset(
    ["default-src", "script-src", "script-src-elem", "script-src-attr", "worker-src"]
)
#: Where a keyword has an effect; those that are not here have one everywhere.
_EFFECTIVE_IN = {
    "'unsafe-inline'": _INLINE,
    "'unsafe-hashes'": _INLINE,
    **dict.fromkeys(
        (
            "'unsafe-eval'",
            "'wasm-unsafe-eval'",
            "'trusted-types-eval'",
            "'strict-dynamic'",
            "'inline-speculation-rules'",
            "'report-sha256'",
            "'report-sha384'",
            "'report-sha512'",
        ),
        _SCRIPT,
    ),
}

#: 128 bits (CSP3, section 7.1) are 22 characters of base64.
_NONCE_LENGTH = 22

_HEADER = re.compile(
    r"(?:x-(?:webkit-)?)?content-security-policy(?:-report-only)?:?", re.IGNORECASE
)


def dropped(policy: Received) -> Iterator[Problem]:
    """Yield the directives that have no effect at all."""
    for item in islice(policy.dropped, TOKENS):
        yield from _dropped(item)


def _dropped(item: Dropped) -> Iterator[Problem]:
    name, shown = item.name, " ".join((item.name, *islice(item.values, 20)))[:_SHOWN]
    if item.why is Why.REPEATED:
        yield Problem(
            "CSP005", shown, "browsers obey the first directive of a name.", "Write it once."
        )
    elif item.why is Why.CHARACTERS:
        yield Problem(
            "CSP109",
            shown,
            "browsers drop a directive that holds a character outside printable ASCII, and the "
            "next of the same name with it.",
            "Write straight quotes, hosts in their ASCII form (xn--…), paths percent-encoded.",
        )
    elif item.why is Why.REPORT_ONLY:
        yield Problem("CSP212", shown, f"{item.why.value}.", "Send it in Content-Security-Policy.")
    elif item.why is Why.META:
        yield Problem("CSP228", shown, f"{item.why.value}.", "Send it in the header.")
    elif _HEADER.fullmatch(name):
        yield Problem(
            "CSP001",
            shown,
            "the header's name stands in its value, and the directive after it is lost.",
            "Remove the header's name.",
        )
    else:
        problem = check_name(name.rstrip(":")) or Problem(
            "CSP001", name, "a directive's name takes no colon.", f"Write {name.rstrip(':')}."
        )
        yield problem._replace(value=shown)


def cut(policy: Received) -> Iterator[Problem]:
    """Yield that a policy is too long to arrive."""
    if policy.cut:
        yield Problem(
            "CSP110",
            None,
            f"the header is longer than {LIMIT} characters, more than servers and proxies carry; "
            "what follows them was not read.",
            "Allow hosts by wildcard, or scripts by nonce and 'strict-dynamic'.",
        )


def values(policy: Received) -> Iterator[Problem]:
    """Yield what is wrong with the values of the directives that hold."""
    left = TOKENS
    for name, given in policy.directives:
        tokens = list(islice(dict.fromkeys(given), left))
        left -= len(tokens)
        if not tokens and name not in VALUELESS:
            yield Problem(
                "CSP111", name, "it has no value, which browsers read as 'none'.", "Write 'none'."
            )
            continue
        rest = []
        for written in tokens:
            special = _special(name, written)
            if special is None:
                rest.append(written)
            else:
                yield from special
        if rest or name in VALUELESS:
            for problem in check_directive(name, rest):
                value = "" if problem.value is None else f" {problem.value[:_SHOWN]}"
                yield problem._replace(value=f"{name}{value}")


def _special(name: str, written: str) -> Iterator[Problem] | None:
    """Return what to say of a value that the grammar's check is not to see; None: it is."""
    lowered = written.lower()
    if lowered in DIRECTIVES and name in _LISTS:
        return iter(
            [
                Problem(
                    "CSP113",
                    f"{name} {written}",
                    f"{lowered} is read as a host of {name}: a semicolon is missing before it.",
                    f"Write '; {lowered}'.",
                )
            ]
        )
    if lowered.startswith("'nonce-") and name in _LISTS:
        return _nonce(name, written)
    if name == "require-trusted-types-for" and written != "'script'":
        # Trusted Types, section 4.1.1: the sink group's name is compared with its case.
        return iter(
            [
                Problem(
                    "CSP101", f"{name} {written}", "its one value is 'script'.", "Write 'script'."
                )
            ]
        )
    if name.endswith("-attr") and _is_url(written):
        return iter([_without_effect(name, written)])
    if name in _LISTS and lowered in KEYWORDS:
        where = _EFFECTIVE_IN.get(lowered)
        if where is not None and name not in where:
            return iter([_without_effect(name, written)])
    return None


def _is_url(written: str) -> bool:
    source = read_source(written)
    # A bare word is rather a keyword without its quotes.
    return source is not None and source.has_url and not written.replace("-", "").isalpha()


def _without_effect(name: str, written: str) -> Problem:
    return Problem("CSP229", f"{name} {written}", f"it has no effect in {name}.", "Remove it.")


def _nonce(name: str, written: str) -> Iterator[Problem]:
    source = read_source(written)
    shown = f"{name} {written[:_SHOWN]}"
    if name not in _INLINE:
        yield _without_effect(name, written[:_SHOWN])
    elif source is None:
        yield Problem(
            "CSP114",
            shown,
            "it is no nonce: browsers skip what is not base64, and 'unsafe-inline' holds.",
            "Write letters, digits, + and / only, fresh in each response (CSP.NONCE does).",
        )
    elif source.kind is Kind.NONCE and len(source.value.rstrip("=")) < _NONCE_LENGTH:
        yield Problem(
            "CSP115",
            shown,
            f"a nonce of {len(source.value)} characters can hold fewer than 128 bits (CSP3, "
            "section 7.1).",
            "Make it of 16 random bytes: secrets.token_urlsafe(16), or CSP.NONCE.",
        )


def deprecated(policy: Received) -> Iterator[Problem]:
    """Yield the directives that browsers have dropped."""
    for name, _ in policy.directives:
        if name in DEPRECATED:
            yield Problem(
                "CSP211", name, "browsers have dropped it, or never had it.", DEPRECATED[name]
            )


#: Each is given one policy as it was received.
CHECKS: tuple[Callable[[Received], Iterator[Problem]], ...] = (dropped, cut, values, deprecated)
