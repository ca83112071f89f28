"""What can keep a sandbox from being built."""

from __future__ import annotations

__all__ = ["BrowserMissingError", "SandboxError"]


class SandboxError(Exception):
    """The site could not be booted, or what it needs is missing. The message says what to do."""


class BrowserMissingError(SandboxError):
    """No browser was found. There is no fallback: without a browser nothing is proved."""
