"""The arrival curve: reproducible from its source, monotone, and true to the series."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.demo.curve import arrivals, curve_of, default_curve, load_series, share_at, write_curve
from dauys.errors import FileRejected

SOURCE = Path(__file__).parents[3] / "shared/data/petitions/uk_700143_counts_1min.csv"
SHIPPED = Path(__file__).parents[2] / "src/dauys/demo/data/curve.csv"


def test_the_shipped_curve_is_made_from_its_source():
    if not SOURCE.exists():
        pytest.skip(f"the source series {SOURCE.name} is not beside the repository")
    assert write_curve(curve_of(load_series(SOURCE))) == SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_curve_is_credited_and_small():
    assert "Open Government Licence v3.0" in SHIPPED.read_text(encoding="utf-8")
    assert len(default_curve()) == 500
    assert default_curve()[-1] == 1
    assert all(before <= after for before, after in pairwise(default_curve()))


def test_most_of_the_real_signatures_came_in_the_first_days():
    assert share_at(2 / 31) > 0.6
    assert share_at(1) == 1


@given(st.integers(0, 3000))
def test_arrivals_are_n_not_falling_and_below_one(n):
    found = list(arrivals(n))
    assert len(found) == n
    assert all(0 <= before <= after < 1 for before, after in pairwise([0.0, *found]))


def test_arrivals_follow_the_curve():
    found = list(arrivals(10_000))
    for moment in (0.01, 0.05, 0.2, 0.5):
        assert sum(arrival <= moment for arrival in found) / 10_000 == pytest.approx(share_at(moment), abs=0.003)


def test_a_straight_series_gives_a_straight_curve(tmp_path):
    path = write(tmp_path, [("2026-01-01 00:00:00", 0), ("2026-01-01 01:00:00", 100), ("2026-01-01 02:00:00", 200)])
    assert curve_of(load_series(path), steps=4) == (0.25, 0.5, 0.75, 1.0)


def test_a_correction_downward_does_not_turn_time_back(tmp_path):
    path = write(
        tmp_path,
        [("2026-01-01T00:00", 0), ("2026-01-01T01:00", 80), ("2026-01-01T02:00", 40), ("2026-01-01T04:00", 160)],
    )
    curve = curve_of(load_series(path), steps=4)
    assert list(curve) == sorted(curve)
    assert curve[1] == 0.25
    assert curve[3] == 1.0


@pytest.mark.parametrize("text", ["", "timestamp,count\n", "timestamp,count\n2026-01-01,5\n", "a,b\n1,2\n3,4\n",
                                  "timestamp,count\nnoon,1\nlater,2\n", "timestamp,count\n2026-01-01,5\n2026-01-02,5\n"])  # fmt: skip
def test_a_file_that_is_no_series_is_refused(tmp_path, text):
    path = tmp_path / "series.csv"
    path.write_text(text)
    with pytest.raises(FileRejected):
        load_series(path)


def test_bytes_and_absent_files_are_refused(tmp_path):
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("bytes.csv", "absent.csv"):
        with pytest.raises(FileRejected):
            load_series(tmp_path / name)


def write(folder, readings):
    path = folder / "series.csv"
    path.write_text("timestamp,count\n" + "".join(f"{moment},{count}\n" for moment, count in readings))
    return path
