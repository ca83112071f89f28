"""The words of a Content Security Policy, level 3: its directives, keywords and flags.

Section numbers are those of the W3C draft "Content Security Policy Level 3".
"""

from __future__ import annotations

__all__ = ["DEPRECATED", "KEYWORDS", "NONCE_DIRECTIVES", "SANDBOX", "SOURCE_LISTS", "VALUELESS"]

#: Section 6.1 (fetch directives), 6.3.1 (base-uri), 6.4.1 (form-action); fenced-frame-src is of
#: the Fenced Frame draft.
SOURCE_LISTS = frozenset(
    [
        "base-uri",
        "child-src",
        "connect-src",
        "default-src",
        "fenced-frame-src",
        "font-src",
        "form-action",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "prefetch-src",
        "navigate-to",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "worker-src",
    ]
)


#: Where a nonce is looked at: sections 6.1.10 to 6.1.13 and, by fallback, default-src.
NONCE_DIRECTIVES = frozenset(
    ["default-src", "script-src", "script-src-elem", "style-src", "style-src-elem"]
)


#: Withdrawn or replaced; the second item says what to write instead.
DEPRECATED = {
    "block-all-mixed-content": "Write upgrade-insecure-requests; browsers block the rest anyway.",
    "navigate-to": "Leave it out: no browser shipped it.",
    "plugin-types": "Write object-src 'none'.",
    "prefetch-src": "Leave it out: default-src governs prefetching.",
    "referrer": "Use the Referrer-Policy header.",
    "reflected-xss": "Leave it out: no browser has a filter to steer any more.",
    "require-sri-for": "Leave it out: browsers removed it; write integrity attributes.",
}


#: Directives that say something without any value.
VALUELESS = frozenset(
    ("block-all-mixed-content", "sandbox", "trusted-types", "upgrade-insecure-requests")
)


#: keyword-source of section 2.3.1, with 'inline-speculation-rules' of the Speculation Rules.
KEYWORDS = frozenset(
    [
        "'self'",
        "'unsafe-inline'",
        "'unsafe-eval'",
        "'strict-dynamic'",
        "'unsafe-hashes'",
        "'report-sample'",
        "'unsafe-allow-redirects'",
        "'wasm-unsafe-eval'",
        "'trusted-types-eval'",
        "'report-sha256'",
        "'report-sha384'",
        "'report-sha512'",
        "'unsafe-webtransport-hashes'",
        "'inline-speculation-rules'",
    ]
)


#: The sandboxing flags of HTML, section "Sandboxing".
SANDBOX = frozenset(
    [
        "allow-downloads",
        "allow-forms",
        "allow-modals",
        "allow-orientation-lock",
        "allow-pointer-lock",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-presentation",
        "allow-same-origin",
        "allow-scripts",
        "allow-storage-access-by-user-activation",
        "allow-top-navigation",
        "allow-top-navigation-by-user-activation",
        "allow-top-navigation-to-custom-protocols",
    ]
)
