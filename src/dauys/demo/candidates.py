"""People whom the administrator of the demo country may appoint: made up, and offered at log-in once they are in office."""

from __future__ import annotations

from dauys.demo.people import Citizen, citizen, shown_name, visitor
from dauys.desk.installation import keys
from dauys.desk.staff import Official

MOST = 50  # more appointments than a visitor makes


def offered() -> dict[str, str] | None:
    """`{"iin", "name"}` of the first who was never in office; None after the last."""
    people = _candidates()
    known = set(Official.objects.filter(person__in=people).values_list("person", flat=True))
    fresh = next((each for person, each in people.items() if person not in known), None)
    return {"iin": fresh.iin, "name": shown_name(fresh)} if fresh else None


def appointed() -> list[tuple[Citizen, Official]]:
    """Those in office, with their rows."""
    people = _candidates()
    rows = Official.objects.filter(person__in=people, active=True).prefetch_related("duties").order_by("pk")
    return [(people[row.person], row) for row in rows]


def _candidates() -> dict[str, Citizen]:
    """The candidates by the `person` of their official's row, in the order in which they are offered."""
    found = (citizen(visitor(f"candidate {place}")) for place in range(MOST))
    return {keys().person(f"iin|{each.iin}"): each for each in found}
