from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import LevelUnknown
from dauys.rules.levels import Level, level_of, overlapping
from dauys.rules.pack import load_pack
from dauys.rules.texts import Text

LEVELS = load_pack("kz", date(2026, 11, 21)).levels
ORGANS = [(level.unit, organ) for level in LEVELS.values() for organ in level.organs]
POPULATION = st.integers(1, 30_000_000)


@given(st.sampled_from(ORGANS), POPULATION)
def test_exactly_one_level_fits_an_organ_of_any_size(organ, population):
    unit, name = organ
    fitting = [
        level for level in LEVELS.values() if level.unit == unit and name in level.organs and level.holds(population)
    ]
    assert [level_of(LEVELS.values(), unit, name, population)] == fitting


@given(st.sampled_from([level for level in LEVELS.values() if level.needs_population]), POPULATION)
def test_a_share_is_reached_and_not_nearly_reached(level, population):
    signatures = level.signatures(population)
    assert signatures * 100 >= population * level.threshold_percent > (signatures - 1) * 100


def test_an_organ_that_the_law_does_not_name_has_no_level():
    with pytest.raises(LevelUnknown):
        level_of(LEVELS.values(), "region", "ministry", 1_000_000)


BOUND = st.none() | st.integers(1, 40)


@given(BOUND, BOUND, BOUND, BOUND)
def test_an_overlap_is_found_where_a_size_fits_both(over, up_to, other_over, other_up_to):
    one, other = (
        Level(
            code,
            Text("а", "а", "a"),
            "district",
            ("akimat",),
            20,
            threshold=1,
            population_over=low,
            population_up_to=high,
        )
        for code, low, high in (("one", over, up_to), ("other", other_over, other_up_to))
    )
    both = any(one.holds(size) and other.holds(size) for size in range(1, 60))
    assert (overlapping([one, other]) == ("one", "other")) is both
