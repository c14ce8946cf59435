"""When signatures arrive: the curve of a real petition, small enough to ship, and any series of counts as a curve.

The default curve is made from the one-minute counts of UK Parliament petition 700143 (24 November to 25 December
2024). Contains public sector information licensed under the Open Government Licence v3.0.

    python -m dauys.demo.curve SERIES.csv > src/dauys/demo/data/curve.csv
"""

from __future__ import annotations

import csv
import sys
from bisect import bisect_right
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dauys.errors import FileRejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STEPS = 500
DEFAULT_SECONDS = 2_706_007.0  # how long the month of the default curve was, from first to last reading
# Shares of the time, [0..1], by which 1/len, 2/len … of all signatures had come; not falling, the last is 1.
# Equal steps of signatures, not of time: the first hours, when a petition is alive or not, keep their shape.
Curve = tuple[float, ...]
# (Seconds since the first reading, count) of a petition's readings, in order of time.
Series = list[tuple[float, int]]

CREDIT = """\
# Arrival curve of UK Parliament petition 700143, 24 November to 25 December 2024, from its one-minute counts.
# Contains public sector information licensed under the Open Government Licence v3.0.
# Line i of 500: the share of the time by which i/500 of the signatures had come. Made by python -m dauys.demo.curve
"""


@cache
def default_curve() -> Curve:
    """Curve that ships with Dauys."""
    text = files("dauys.demo").joinpath("data", "curve.csv").read_text(encoding="utf-8")
    return tuple(float(line) for line in text.splitlines() if not line.startswith("#"))


def load_series(path: Path) -> Series:
    """Read a CSV file with a head line `timestamp,count` (ISO 8601); raises FileRejected."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            readings = sorted(
                (datetime.fromisoformat(row["timestamp"]), int(row["count"])) for row in csv.DictReader(lines)
            )
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as broken:
        raise FileRejected(what=f"{path.name} is not a series of timestamp,count lines ({broken})") from broken
    if len(readings) < 2 or readings[0][1] >= readings[-1][1]:
        raise FileRejected(what=f"{path.name} shows no growth: at least two readings and a rising count are needed")
    return [((moment - readings[0][0]).total_seconds(), count) for moment, count in readings]


def curve_of(series: Series, steps: int = STEPS) -> Curve:
    """Shape of a series as a curve of that many steps; a count that fell (a correction) waits to be passed again."""
    first, last = series[0][1], max(count for _, count in series)
    duration = series[-1][0]
    found: list[float] = []
    for (before, low), (moment, high) in pairwise(_rising(series)):
        while len(found) < steps and (wanted := first + (last - first) * (len(found) + 1) / steps) <= high:
            found.append((before + (moment - before) * (wanted - low) / (high - low)) / duration)
    return tuple(found)


def arrivals(n: int, curve: Curve | None = None) -> Iterator[float]:
    """Offsets of n arrivals in [0, 1), not falling, dense where the curve is steep; the last one stays below 1."""
    marks = (0.0, *(curve or default_curve()))
    steps = len(marks) - 1
    for arrival in range(n):
        step, within = divmod((arrival + 0.5) * steps / n, 1)
        yield marks[int(step)] + (marks[int(step) + 1] - marks[int(step)]) * within


def share_at(moment: float, curve: Curve | None = None) -> float:
    """Share of signatures that had come by that share of the time."""
    curve = curve or default_curve()
    return bisect_right(curve, moment) / len(curve)


def _rising(series: Series) -> Iterator[tuple[float, int]]:
    """Only the readings that show a new highest count, after the first."""
    highest = -1
    for moment, count in series:
        if count > highest:
            highest = count
            yield moment, count


def write_curve(curve: Sequence[float]) -> str:
    """Text of data/curve.csv; six decimals are 2.7 seconds of the month."""
    return CREDIT + "".join(f"{share:.6f}\n" for share in curve)


def main(arguments: Iterable[str]) -> None:
    """Print the curve of the series named in the arguments."""
    (name,) = arguments
    sys.stdout.write(write_curve(curve_of(load_series(Path(name)))))


if __name__ == "__main__":
    main(sys.argv[1:])
