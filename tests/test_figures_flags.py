"""Where the names of events stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.flags import place_flags


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(5, 150)), min_size=1, max_size=10),
    st.booleans(),
)
def test_names_of_a_row_never_touch_and_no_staff_runs_through_a_name(names, may_cross):
    staffs, widths = zip(*sorted(names), strict=True)
    flags = place_flags(staffs, widths, 400, most_rows=5, may_cross=may_cross)
    if flags is None:
        return
    for number, flag in enumerate(flags):
        assert 0 <= flag.row < 5
        assert 0 <= flag.left <= flag.right <= 400
        assert flag.right - flag.left == widths[number]
        assert flag.staff == staffs[number]
        assert flag.staff in {flag.left, flag.right}
        for other in flags[:number]:
            if flag.row == other.row:
                assert flag.left >= other.right or other.left >= flag.right
            elif not may_cross:
                lower, higher = sorted([flag, other], key=lambda one: one.row)
                assert not lower.left < higher.staff < lower.right


@pytest.mark.parametrize(
    ("staffs", "widths", "rows", "expected"),
    [
        ([0], [100], 1, [0]),
        ([100], [100], 1, [0]),
        ([50], [60], 9, None),
        # Two names fly to either side in one row.
        ([40, 60], [40, 40], 1, [0, 0]),
        ([40, 60], [20, 40], 1, [0, 0]),
        # A name that reaches over the next staff stands above its name.
        ([0, 10, 20], [50, 50, 50], 3, [2, 1, 0]),
        ([0, 10, 20], [50, 50, 50], 2, None),
        ([80, 90, 100], [50, 50, 50], 3, [0, 1, 2]),
    ],
)
def test_names_take_the_fewest_rows(staffs, widths, rows, expected):
    flags = place_flags(staffs, widths, 100, most_rows=rows)
    assert (flags and [flag.row for flag in flags]) == expected


def test_names_from_edge_to_edge_may_stand_on_staffs_as_a_last_resort():
    staffs = list(range(0, 101, 5))
    options = {"room": 100, "most_rows": len(staffs)}
    assert place_flags(staffs, [12] * 21, **options) is None
    assert place_flags(staffs, [12] * 21, may_cross=True, **options) is not None
