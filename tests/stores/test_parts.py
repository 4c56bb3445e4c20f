"""Small jobs by the part: the results and errors of `Executor.map`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from clearway.stores.parts import map_parts


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 100])
@pytest.mark.parametrize("together", [1, 16])
def test_results_are_in_the_order_of_the_items(count: int, together: int) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert list(map_parts(pool, str, range(count), together)) == [str(number) for number in range(count)]


def test_all_is_handed_over_before_the_first_result_is_asked_for() -> None:
    done: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        map_parts(pool, done.append, range(40))
    assert done == list(range(40))


def test_an_error_is_raised_where_its_part_is_reached() -> None:
    with ThreadPoolExecutor(2) as pool:
        results = map_parts(pool, lambda number: 10 // (20 - number), range(40))
        with pytest.raises(ZeroDivisionError):
            list(results)
