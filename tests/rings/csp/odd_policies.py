"""Seeded policies, odd on purpose: for a browser, and for other evaluators, to differ about."""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["policies"]

NONCE = "'nonce-r4nd0mr4nd0mr4nd0mr4nd0'"
HASH = "'sha256-5jFwrAK0UV47oFbVg/iCCBbxD8X1w+QvoOUepu4C2YA='"

NAMES = [
    *["script-src"] * 6,
    *["default-src"] * 4,
    *["script-src-elem"] * 2,
    *["script-src-attr"] * 2,
    *["object-src", "base-uri", "style-src", "frame-ancestors", "form-action", "img-src"] * 2,
    "style-src-elem",
    "style-src-attr",
    "font-src",
    "connect-src",
    "frame-src",
    "child-src",
    "worker-src",
    "media-src",
    "manifest-src",
    "require-trusted-types-for",
    "trusted-types",
    "report-uri",
    "report-to",
    "sandbox",
    "upgrade-insecure-requests",
    "block-all-mixed-content",
    "Script-Src",
    "script-src:",
    "scripts-src",
    "reflected-xss",
    "plugin-types",
]
SOURCES = [
    *["'self'"] * 6,
    *["'none'"] * 2,
    *["'unsafe-inline'"] * 4,
    *["'unsafe-eval'"] * 2,
    *["'strict-dynamic'"] * 2,
    *[NONCE] * 3,
    *[HASH] * 2,
    *["*", "https:", "http:", "data:", "blob:"],
    *["https://o.test", "o.test", "*.o.test", "http://o.test", "https://o.test:8443"] * 2,
    "https://o.test/js/",
    "https://o.test/a.js",
    "https://o.test/a.js?v=1",
    "https://*",
    "https://*:8443",
    "*:*",
    "HTTPS://O.TEST",
    "site.test",
    "o.test:*",
    "http://o.test:80",
    "https://10.0.0.1",
    "https://cdnjs.cloudflare.com",
    "https://ajax.googleapis.com/ajax/libs/",
    "*.googleapis.com",
    "https://www.google-analytics.com",
    "https://unpkg.com",
    "https://code.jquery.com",
    "'unsafe-hashes'",
    "'wasm-unsafe-eval'",
    "'trusted-types-eval'",
    "'report-sample'",
    "'report-sha256'",
    "'Unsafe-Inline'",
    "'SELF'",
    "'nonce-abc'",
    "'nonce-a$b'",
    "'nonce-'",
    "'sha256-xxxx'",
    "'sha256-xxxxx'",
    "'sha-256-abcd'",
    "'sha1-abcd'",
    "'bogus'",
    "self",
    "unsafe-inline",
    "none",
    '"self"',
    "object-src",
    "//o.test",
    "o_x.test",
    "https://[::1]",
    "o.test.",
    "\u2018self\u2019",
    "javascript:",
    "ftp:",
]
OTHERS = {
    "require-trusted-types-for": ["'script'", "'script'", "script", "'SCRIPT'", ""],
    "trusted-types": ["*", "'none'", "default", "a b 'allow-duplicates'", ""],
    "report-uri": ["/csp", "http://o.test/csp", ""],
    "report-to": ["csp"],
    "sandbox": ["", "allow-scripts", "allow-scripts allow-same-origin", "allow-forms"],
    "upgrade-insecure-requests": [""],
    "block-all-mixed-content": [""],
    "reflected-xss": ["block"],
    "plugin-types": ["application/pdf"],
}
SPACES = [" "] * 12 + ["  ", "\t"]


def _directive(random_: random.Random) -> str:
    name = random_.choice(NAMES)
    if name in OTHERS:
        return f"{name} {random_.choice(OTHERS[name])}".strip()
    values = random_.choices(SOURCES, k=random_.choice((0, 1, 1, 1, 2, 2, 3, 4, 5)))
    return random_.choice(SPACES).join((name, *values))


def policies(count: int, seed: int = 4) -> Iterator[str]:
    """Yield ``count`` header values, the same ones for the same seed."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(count):
        parts = [
            random_.choice(("; ", "; ", "; ", ";")).join(
                _directive(random_) for _ in range(random_.choice((1, 1, 2, 2, 3, 4, 5, 6)))
            )
            for _ in range(random_.choice((1,) * 14 + (2,)))
        ]
        yield ", ".join(parts)
