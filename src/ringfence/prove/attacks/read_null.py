"""As ``read``, from a sandboxed frame, whose origin is ``null``: anybody can have that one."""

from __future__ import annotations

from ringfence.prove.reading import attack

__all__ = ["ATTACK"]

ATTACK = attack("read_null", title="read by a sandboxed frame (Origin: null)", sandboxed=True)
