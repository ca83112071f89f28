"""Every registered code is one that something can find; a withdrawn one, none."""

from __future__ import annotations

import pytest

from ringfence.finding import REGISTER
from tests.architecture.imports import sources

ALL = "".join(
    path.read_text("utf-8") for name, path in sources().items() if name != "ringfence._codes"
)


@pytest.mark.parametrize("code", sorted(REGISTER))
def test_a_registered_code_is_found_by_something(code):
    assert (f'"{code}"' in ALL) is not REGISTER[code].withdrawn
