import os

import pytest

from analysis.parallel import map_in_order


def square(number: int) -> int:
    return number * number


def process_of(_: int) -> int:
    return os.getpid()


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_tasks(processes: int) -> None:
    assert list(map_in_order(square, range(20), processes=processes)) == [n * n for n in range(20)]
    assert list(map_in_order(square, [], processes=processes)) == []


def test_one_task_starts_no_process() -> None:
    assert list(map_in_order(process_of, [1], processes=2)) == [os.getpid()]
    assert os.getpid() not in list(map_in_order(process_of, [1, 2], processes=2))


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks():
        for number in range(1000):
            taken.append(number)
            yield number

    results = map_in_order(square, tasks(), processes=2)
    assert next(results) == 0
    assert len(taken) < 20
    results.close()


def test_an_error_of_the_work_is_raised() -> None:
    with pytest.raises(ValueError, match="three"):
        list(map_in_order(fail_at_three, range(10), processes=2))
