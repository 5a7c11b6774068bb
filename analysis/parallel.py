"""Work on many tasks in several processes, with results in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def map_in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, processes: int
) -> Iterator[Result]:
    """Yield `work(task)` for every task; only a few tasks are ever under way.

    With one process, or one task, no other process is started. `work` and the tasks must be
    picklable, as for `multiprocessing`.

    >>> list(map_in_order(len, ["خبر", "نبأ عاجل"], processes=1))
    [3, 8]
    """
    remaining = iter(tasks)
    first = list(islice(remaining, 2))
    if processes == 1 or len(first) < 2:
        yield from map(work, chain(first, remaining))
        return
    # Spawned, because a forked process would inherit the locks of pyarrow's threads.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    under_way: deque[Future[Result]] = deque()
    try:
        for task in chain(first, remaining):
            under_way.append(pool.submit(work, task))
            if len(under_way) > 2 * processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
