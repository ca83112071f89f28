"""The careful market with the holes that cannot stand beside those of ``settings``.

A browser takes ``SameSite=None`` for ``Lax`` where ``Secure`` is missing, and a frame or an opener
that the whole site allows would open the twins of single pages.
"""

from __future__ import annotations

from sieve.settings_careful import *  # noqa: F403

SESSION_COOKIE_SECURE = False  # hole: setting-secure
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "unsafe-url"  # hole: setting-referrer
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # hole: setting-opener
X_FRAME_OPTIONS = "ALLOWALL"  # hole: setting-frames
