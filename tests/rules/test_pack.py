from datetime import date

import pytest

from dauys.errors import BadInput
from dauys.rules.pack import load_pack, unverified

PACK = load_pack("kz", date(2026, 11, 21))


@pytest.mark.parametrize(("level", "population", "threshold"), [
    ("government", 0, 50_000), ("region-maslikhat", 1_000_000, 20_000), ("region-akimat", 1_000_001, 10_001),
    ("district-akimat", 0, 2_500), ("district-maslikhat", 0, 5_000), ("small-district-akimat", 12_400, 620),
])  # fmt: skip
def test_thresholds_of_the_law(level, population, threshold):
    assert PACK.threshold(level, population) == threshold


def test_a_share_needs_a_population_and_a_level_must_be_known():
    for level in ("region-akimat", "galaxy"):
        with pytest.raises(BadInput):
            PACK.threshold(level)


def test_a_pack_is_chosen_by_its_day():
    assert load_pack("kz", date(2024, 4, 4)).id == PACK.id == "kz/2024-04-04"
    with pytest.raises(BadInput):
        load_pack("kz", date(2024, 4, 3))
    with pytest.raises(BadInput):
        load_pack("atlantis", date(2026, 1, 1))


def test_every_value_names_its_source_and_whether_it_was_verified():
    assert {"gate.supporters", "level.government.threshold", "signing.age"} <= {source.path for source in PACK.sources}
    assert all(source.source for source in PACK.sources)
    waiting = {source.path for source in unverified(PACK)}
    assert {"signing.collection_months", "ForbiddenTopic.public-morality"} <= waiting
    assert "gate.supporters" not in waiting
