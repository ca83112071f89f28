"""The market with its settings mended: the twin of each hole in ``settings`` and its like."""

from __future__ import annotations

from sieve.settings import *  # noqa: F403

ALLOWED_HOSTS = ["victim.localhost", "localhost", "127.0.0.1"]  # twin: setting-hosts
SESSION_COOKIE_HTTPONLY = True  # twin: setting-httponly
SESSION_COOKIE_SAMESITE = "Lax"  # twin: setting-samesite
SESSION_COOKIE_SECURE = True  # twin: setting-secure
CSRF_COOKIE_SECURE = True
SECURE_CONTENT_TYPE_NOSNIFF = True  # twin: setting-nosniff
SECURE_SSL_REDIRECT = True  # twin: setting-redirect
SECURE_HSTS_SECONDS = 31_536_000  # twin: setting-hsts
SECURE_REFERRER_POLICY = "same-origin"  # twin: setting-referrer
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"  # twin: setting-opener
X_FRAME_OPTIONS = "DENY"  # twin: setting-frames
