"""The fixture ``ringfence_prove``. pytest loads this everywhere: it imports nothing until used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ringfence.prove.testing import Proven

__all__ = ["ringfence_prove"]


@pytest.fixture(scope="session")
def ringfence_prove() -> Callable[..., Proven]:
    """Give :func:`ringfence.prove.testing.prove`, which attacks the site once for the session.

    Called again with the same arguments it gives the same proof.
    """
    from ringfence.prove.testing import prove  # noqa: PLC0415 - needs Django, and is seldom used

    proofs: dict[str, Proven] = {}

    def once(**asked: Any) -> Proven:
        key = repr(sorted(asked.items()))
        if key not in proofs:
            proofs[key] = prove(**asked)
        return proofs[key]

    return once
