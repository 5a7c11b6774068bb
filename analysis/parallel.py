"""Work on many tasks in several processes, with results in the order of the tasks."""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def map_in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, processes: int
) -> Iterator[Result]:
    """Yield `work(task)` for every task; only a few tasks are ever under way.

    With one process, or one task, no other process is started; otherwise they start at
    once. `work` and the tasks must be picklable, as for `multiprocessing`.

    >>> list(map_in_order(len, ["خبر", "نبأ عاجل"], processes=1))
    [3, 8]
    """
    remaining = iter(tasks)
    first = list(islice(remaining, 2))
    if processes == 1 or len(first) < 2:
        return map(work, chain(first, remaining))
    context = get_context(_start_method())
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent)
    under_way = deque(pool.submit(work, task) for task in first)
    return _collect(pool, work, remaining, under_way, 2 * processes)


def _start_method() -> str:
    """Fork a process that has no other thread: it starts at once, with all that is loaded.

    Where there are threads, or pyarrow with its own, a forked process could wait for a lock
    that nobody opens. From Python 3.12 on, NumPy's idle threads are warned of too.
    """
    alone = threading.active_count() == 1 and "pyarrow" not in sys.modules
    can_fork = sys.platform == "linux" and sys.version_info < (3, 12)
    return "fork" if can_fork and alone else "spawn"


def _end_with_parent() -> None:
    """Make this process end when the one that started it is gone, killed for instance."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for_end, args=(parent.join,), daemon=True).start()


def _wait_for_end(join: Callable[[], None]) -> None:
    join()
    os._exit(1)


def _collect(
    pool: ProcessPoolExecutor,
    work: Callable[[Task], Result],
    tasks: Iterator[Task],
    under_way: deque[Future[Result]],
    ahead: int,
) -> Iterator[Result]:
    try:
        for task in tasks:
            under_way.append(pool.submit(work, task))
            if len(under_way) > ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
