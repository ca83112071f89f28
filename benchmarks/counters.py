"""What is counted rather than timed: thread hops, and calls as a cross-check without noise."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from asgiref.sync import SyncToAsync
from django.utils.log import log_response


class Hops:
    """Counts the calls that leave the event loop's thread while :meth:`counting`."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count every ``sync_to_async`` call; put asgiref back afterwards.

        Django's handler logs each answer of 400 and above in a thread, whatever middlewares
        there are: that hop is nobody's and not counted.
        """
        original = SyncToAsync.__call__

        def counted(adapter: Any, *args: Any, **kwargs: Any) -> Any:
            self.count += adapter.func is not log_response
            return original(adapter, *args, **kwargs)

        SyncToAsync.__call__ = counted  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            SyncToAsync.__call__ = original  # type: ignore[method-assign]


def calls(function: Callable[[], object]) -> int:
    """Return how many Python and C functions a call of ``function`` enters, in this thread."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        if event in {"call", "c_call"}:
            count += 1

    gc.disable()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
        gc.enable()
    # The last c_call is that of sys.setprofile itself.
    return count - 1
