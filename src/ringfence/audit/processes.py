"""Work spread over several processes. Imported only where there is enough of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import TypeVar

__all__ = ["BrokenExecutor", "spread"]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def spread(
    work: Callable[[list[_Given]], list[_Made]], batches: Sequence[list[_Given]], jobs: int
) -> Iterator[tuple[_Given, _Made]]:
    """Yield what is given to ``work`` and what it makes of each, batch by batch, in any order.

    :raises BrokenExecutor: if a process ended before its work did.
    """
    with ProcessPoolExecutor(min(jobs, len(batches)), mp_context=_context()) as pool:
        futures: dict[Future[list[_Made]], list[_Given]] = {
            pool.submit(work, batch): batch for batch in batches
        }
        try:
            for future in as_completed(futures):
                # A result that was yielded is held no longer: facts of a large tree are large.
                yield from zip(futures.pop(future), future.result(), strict=True)
        except GeneratorExit:
            pool.shutdown(cancel_futures=True)
            raise


def _context() -> BaseContext:
    """Forking is fastest, and safe where there is one thread only."""
    single = threading.active_count() == 1
    return get_context("fork" if single and sys.platform == "linux" else "spawn")
