"""Asks for several things at once and gives them in order: what waits for a network waits together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from dauys.translog.audit import Gather

T = TypeVar("T")
R = TypeVar("R")


def gather(at_once: int) -> Gather:
    """`map` that asks for so many items at once, and holds no more; one at a time is `map` itself, without a thread."""
    return map if at_once == 1 else partial(_in_order, at_once)


def _in_order(at_once: int, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
    pool, waiting = ThreadPoolExecutor(at_once, thread_name_prefix="ahead"), deque[Future[R]]()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) == at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever stops reading waits for no answer
