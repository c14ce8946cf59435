import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import webworld

pytestmark = pytest.mark.usefixtures("portal")


def of(petition, until=None):
    from dauys.petitions import queries
    from dauys.petitions.curve import curve

    found = queries.find(petition.pk)
    return curve(found.subject_id, found.threshold, found.opens_at, until or datetime.now(UTC))


@pytest.mark.parametrize("days", [0.02, 1, 3, 20, 180, 900])
def test_any_span_fits_few_steps_and_loses_no_signature(days):
    petition = webworld.add_petition(1001, opened=timedelta(days=days))
    drawn = of(petition)
    assert 1 <= len(drawn.steps) <= 48
    assert drawn.total == 1001 == sum(step.added for step in drawn.steps)
    assert sum(drawn.by_tier.values()) == 1001
    assert all(a.until < b.until and a.total <= b.total for a, b in pairwise(drawn.steps))


def test_steps_of_a_day_end_at_midnight_here():
    drawn = of(webworld.add_petition(50, opened=timedelta(days=30)))
    assert {(step.until + timedelta(hours=5)).hour for step in drawn.steps[:-1]} == {0}


def test_nothing_signed_is_a_flat_line():
    drawn = of(webworld.add_petition(0, opened=timedelta(hours=2)))
    assert drawn.total == 0
    assert {step.total for step in drawn.steps} == {0}
    assert drawn.line.startswith("M0 400L")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9), st.integers(1, 10**7))
def test_the_scale_holds_all_that_is_drawn(total, threshold):
    from dauys.petitions.curve import Curve, Step

    now = datetime(2026, 11, 21, tzinfo=UTC)
    drawn = Curve(now, (Step(now, total, total),), {}, threshold)
    assert drawn.top >= total
    assert drawn.top <= 4 * max(total, threshold if drawn.shows_threshold else 1, 4)
    assert not drawn.shows_threshold or drawn.top >= threshold
    assert drawn.shows_threshold == (2 * total >= threshold)
    assert [tick.value for tick in drawn.ticks] == [drawn.top, drawn.top // 2]


@pytest.mark.parametrize(
    ("totals", "early"), [([], False), ([0, 10, 95, 99], True), ([0, 10, 40, 99], False), ([0, 10, 20, 30], False)]
)
def test_the_label_of_the_threshold_keeps_clear_of_the_curve(totals, early):
    from dauys.petitions.curve import Curve, Step

    now = datetime.now(UTC)
    assert Curve(now, tuple(Step(now, 0, total) for total in totals), {}, 90).is_early is early


def test_a_longer_span_never_takes_more_steps_than_are_drawn():
    from dauys.petitions.curve import MOST_STEPS, step_hours

    for hours in range(1, 24 * 366 * 3, 7):
        assert hours // step_hours(hours) < MOST_STEPS


def test_the_drawing_is_well_formed_and_stands_beside_a_table_of_the_same_numbers(portal):
    petition = webworld.add_petition(30_000)
    html = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    svg = html[html.index("<svg") : html.rindex("</svg>") + 6]
    drawing = ET.fromstring(svg.replace("&nbsp;", " "))
    assert drawing.attrib["role"] == "img"
    assert [path.attrib["d"][:6] for path in drawing.iter("path")] == ["M0 400", "M0 400"]
    rows = ET.fromstring(html[html.index("<table") : html.index("</table>") + 8]).findall("tbody/tr")
    totals = [int(row[2].text.replace(",", "")) for row in rows]
    assert totals == [step.total for step in of(petition).steps]
    assert totals[-1] == 30_000
    assert "threshold 50,000" in svg
