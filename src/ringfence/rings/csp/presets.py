"""The named policies. docs/rings/csp.md says what each stops and whom it breaks."""

from __future__ import annotations

from ringfence.rings.csp.model import NONCE, CspPolicy

__all__ = ["PRESETS"]

PRESETS: dict[str, CspPolicy] = {
    # Breaks no page that works today. No form-action: Chromium applies it to the redirects that
    # follow a form's submission, which is how single sign-on and payment pages are reached.
    "base": CspPolicy(
        (
            ("object-src", ("'none'",)),
            ("base-uri", ("'self'",)),
            ("frame-ancestors", ("'self'",)),
        )
    ),
    # Without the fallbacks `https: 'unsafe-inline'` for browsers of before 2022 that do not know
    # 'strict-dynamic': in such a browser they allow every https script, and every inline one
    # where a response used no nonce, which is all that this policy is there to prevent.
    "strict": CspPolicy(
        (
            ("script-src", (NONCE, "'strict-dynamic'")),
            ("object-src", ("'none'",)),
            ("base-uri", ("'none'",)),
            ("frame-ancestors", ("'self'",)),
            ("form-action", ("'self'",)),
        )
    ),
    "self": CspPolicy(
        (
            ("default-src", ("'self'",)),
            ("object-src", ("'none'",)),
            ("base-uri", ("'none'",)),
            ("frame-ancestors", ("'self'",)),
            ("form-action", ("'self'",)),
        )
    ),
}
