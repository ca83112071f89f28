"""The placeholder of a nonce: all of this package that most sites ever import by name."""

from __future__ import annotations

__all__ = ["NONCE"]

#: Stands for the response's nonce in a policy. Equal to Django's ``CSP.NONCE``, so that either
#: may be written in either setting.
NONCE = "<CSP_NONCE_SENTINEL>"
