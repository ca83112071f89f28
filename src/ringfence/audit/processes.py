"""Work spread over several processes. Imported only where there is enough of it."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import TypeVar

__all__ = ["BrokenExecutor", "spread"]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def spread(
    work: Callable[[list[_Given]], list[_Made]],
    batches: Sequence[list[_Given]],
    jobs: int,
    own: Callable[[list[_Given]], list[_Made] | None] = lambda _batch: None,
) -> Iterator[tuple[_Given, _Made]]:
    """Yield what is given to ``work`` and what it makes of each, batch by batch, in any order.

    This process is one of ``jobs``, but not the only one: while the others are at work, it does
    with ``own`` what stands last, unless that returns None.

    :raises BrokenExecutor: if a process ended before its work did.
    """
    waiting = deque(batches)
    others = max(min(jobs - 1, len(batches)), 1)
    futures: dict[Future[list[_Made]], list[_Given]] = {}
    with ProcessPoolExecutor(others, mp_context=_context()) as pool:
        try:
            while waiting or futures:
                # One more than there are hands for, so that nobody waits for this process.
                while waiting and len(futures) <= others:
                    batch = waiting.popleft()
                    futures[pool.submit(work, batch)] = batch
                done = [future for future in futures if future.done()]
                made = own(waiting[-1]) if waiting and not done else None
                if made is not None:
                    yield from zip(waiting.pop(), made, strict=True)
                    continue
                for future in done or wait(futures, return_when=FIRST_COMPLETED).done:
                    # A result that was yielded is held no longer: facts of a large tree are large.
                    yield from zip(futures.pop(future), future.result(), strict=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _context() -> BaseContext:
    """Forking is fastest, and safe where there is one thread only."""
    single = threading.active_count() == 1
    return get_context("fork" if single and sys.platform == "linux" else "spawn")
