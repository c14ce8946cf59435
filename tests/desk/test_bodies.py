"""Bodies come from the rules and from the folder that the operator adds."""

from datetime import UTC, datetime

import pytest

from webworld import installation


@pytest.fixture(autouse=True)
def _installed():
    installation()


def test_the_demo_adds_its_districts_to_the_bodies_of_the_rules():
    from dauys.desk.bodies import all_bodies, body_name, known_body

    codes = [each.body.code for each in all_bodies(datetime.now(UTC))]
    assert len(set(codes)) == len(codes)
    assert {"government", "demo-akimat-sarybel"} <= set(codes)
    assert known_body("demo-akimat-sarybel", datetime.now(UTC)).population == 2_900
    assert body_name("demo-akimat-sarybel", "en") == "Akimat of Sarybel district"


@pytest.mark.parametrize("folder", [None, "missing"])
def test_without_such_a_folder_the_rules_alone_name_them(monkeypatch, tmp_path, folder):
    from django.conf import settings

    from dauys.desk.bodies import all_bodies, find_body

    monkeypatch.setattr(settings, "DAUYS_BODIES", folder and tmp_path / folder)
    assert find_body("demo-akimat-sarybel") is None
    assert find_body("government") is not None
    assert all(not each.body.code.startswith("demo-") for each in all_bodies(datetime.now(UTC)))
