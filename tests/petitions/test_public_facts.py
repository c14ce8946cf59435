"""Every public fact on a page equals what is derived from the log alone, clocks and reasons included."""

import json
import random
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

import webworld
from dauys.ledger.leaves import decode_leaf
from petition_lives import folded, log_entries, play

pytestmark = pytest.mark.usefixtures("portal")
CLOCK = ("state", "since", "turn", "due", "left", "over", "reasons", "review-due", "review-left", "review-over")


class Told(HTMLParser):
    """What a page says: data attributes of its clocks, its steps, its words."""

    def __init__(self, html):
        super().__init__()
        self.clock, self.steps, self.words = {}, [], ""
        self.feed(html)

    def handle_starttag(self, _tag, attributes):
        facts = {name.removeprefix("data-"): value for name, value in attributes if name.startswith("data-")}
        if "turn" in facts:
            self.clock = facts
        if "kind" in facts:
            self.steps.append((int(facts["index"]), f"petition.{facts['kind']}"))

    def handle_data(self, data):
        self.words += data


def derived(petition, now):
    """State, clocks, reasons and steps by the log and the rule pack; nothing of this comes from a row."""
    from dauys.petitions.terms import terms_of

    life = folded(petition)
    calendar = terms_of(life.rules).pack.calendar

    def clock(due):
        if not due:
            return dict.fromkeys(("due", "left", "over"), "")
        last, today = date.fromisoformat(due), calendar.local_day(now)
        return {"due": due, "left": str(calendar.between(today, last)), "over": str(calendar.between(last, today))}

    runs = life.turn != "nobody" and life.due and not spent(life, terms_of(life.rules))
    own, review = clock(life.due if runs else ""), clock(life.appeal.due if life.appeal else "")
    facts = {"state": life.state, "since": life.since, "turn": life.turn, "reasons": " ".join(life.reasons)}
    return life, {name: str(value) for name, value in (facts | own).items()} | {
        f"review-{name}": value for name, value in review.items()
    }


def spent(life, terms):
    """Whether an author appealed in vain and may not hand in once more: no clock runs for nothing."""
    in_vain = any(each.decided and not each.granted and each.since >= life.since for each in life.appeals)
    again = life.state == "refused" and life.attempt <= terms.resubmissions
    return life.turn == "author" and not life.appeal and in_vain and not again


def steps_of(petition):
    steps = [(index, decode_leaf(entry)) for index, entry in enumerate(log_entries())]
    kinds = [
        (index, type(leaf).__struct_config__.tag) for index, leaf in steps if leaf_of(leaf) == petition.subject_name
    ]
    return kinds[::-1]


def leaf_of(leaf):
    return getattr(leaf, "subject", "") if type(leaf).__name__ != "PetitionSignature" else ""


def compare(client, petition, now):
    life, expected = derived(petition, now)
    answer = client.get(f"/en/petitions/{petition.pk}")
    assert answer.status_code == (410 if life.state == "removed" else 200)
    told = Told(answer.content.decode())
    assert {name: told.clock[name] for name in CLOCK} == expected
    assert told.steps == steps_of(petition)
    # Who signs is not late, and an author who appealed waits.
    waits = life.state == "collecting" or (life.turn == "author" and life.appeal)
    for late in ("" if waits else expected["over"], expected["review-over"]):
        assert not late.strip("0") or f"{late} working day" in told.words
    assert all(reason in told.words for reason in life.reasons)
    compare_texts(told, life)
    facts = json.loads(client.get(f"/petitions/{petition.pk}.json").content)
    assert (facts["state"], facts["turn"], facts["reasons"]) == (life.state, life.turn, list(life.reasons))
    assert [step["index"] for step in facts["steps"]] == [index for index, _ in reversed(told.steps)]
    assert [bool(promise["kept"]) for promise in facts["promises"]] == [bool(each.kept) for each in life.promises]


def compare_texts(told, life):
    """The author's text is shown exactly when the life says so; what officials say always is."""
    from dauys.desk.models import PublicText
    from dauys.petitions.public import text_is_public
    from dauys.petitions.terms import terms_of

    title = webworld.TEXTS["en"][0]
    assert (title in told.words) == text_is_public(life, terms_of(life.rules))
    for digest in filter(None, (life.explanation, life.decision, life.heard, life.place)):
        spoken = " ".join(PublicText.objects.get(pk=digest).content.split())
        assert life.state in ("moderation", "gathering", "collecting") or spoken in re.sub(r"\s+", " ", told.words)


def test_pages_say_what_the_log_says(portal, monkeypatch, long):
    from dauys.petitions.views import open_data, page

    moment = [datetime.now(UTC)]
    for module in (open_data, page):
        monkeypatch.setattr(module.timezone, "now", lambda: moment[0])

    def look(petition, now):
        moment[0] = now
        compare(portal, petition, now)

    first, reached = random.randrange(10**6), set()
    print("seed", first)
    for seed in range(first, first + (60 if long else 3)):
        webworld.clear()
        reached |= play(seed, 150 if long else 40, look)
    assert {"moderation", "refused", "removed", "gathering"} & reached


def test_lists_say_what_the_log_says(portal):
    """The same over the columns that lists ask for: each petition stands in the list of its folded state, with its clock."""
    from dauys.petitions import queries

    seed = random.randrange(10**6)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(4):
        play(rng.randrange(10**6), 30)
    now = datetime.now(UTC)
    for each in queries.with_texts(queries.listed(now=now)):
        assert (each.state, each.text_public) == (str(folded(each).state), each.life.state != "removed")
    for state in queries.FILTERS:
        rows = json.loads(portal.get(f"/petitions.json?state={state}").content)["petitions"]
        for row in rows:
            petition = queries.shown(row["number"])
            assert row["state"] == folded(petition).state
            assert (row["due"] or None) == (petition.due.isoformat() if petition.due else None)
