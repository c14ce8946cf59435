"""The page of a petition in every state: what it says, what it hides, what it costs."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

import webworld
from webworld import MODERATOR, SECOND_MODERATOR, Official, evidence, installation

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
TITLE = webworld.TEXTS["en"][0]


def page(portal, petition, language="en", status=200):
    answer = portal.get(f"/{language}/petitions/{petition.pk}")
    assert answer.status_code == status
    return answer.content.decode()


def refused(reason="no-demand", span=""):
    from dauys.petitions.services import moderation

    _, keys = installation()
    petition = webworld.hand_in(NOW - 10 * DAY)
    moderation.propose(keys, petition.pk, "refuse", [reason], "Түсіндірме.", MODERATOR, NOW - DAY, span=span)
    return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, NOW - DAY)


def removed():
    from dauys.petitions.services import moderation

    _, keys = installation()
    petition = webworld.add_petition(700)
    moderation.propose(keys, petition.pk, "remove", ["court-order"], "Сот шешімі.", MODERATOR, NOW)
    return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, NOW)


def registered(since):
    from dauys.petitions.services import deadlines

    _, keys = installation()
    petition = webworld.add_petition(60_000, opened=NOW - since + 5 * DAY, listed=False)
    deadlines.run_deadlines(keys, since)
    return petition


def test_a_petition_in_moderation_says_whose_turn_it_is_and_nothing_of_its_text(portal):
    html = page(portal, webworld.hand_in(NOW - 80 * DAY))
    assert "Being checked" in html
    assert "The moderators" in html
    assert "working days late" in html
    assert "may appeal against this silence" in html
    assert TITLE not in html


def test_a_refused_petition_stays_with_its_reason_explanation_and_text(portal):
    html = page(portal, refused(span="Қысым әлсіз."))
    assert "Decided by officials No. 1, 2 of this portal." in html
    assert "officials No. 1, 2 ·" in html  # beside the step
    for words in (TITLE, "Why it was refused", "no-demand", "Түсіндірме.", "Қысым әлсіз.", "working days left"):
        assert words in html


def test_a_text_that_a_reason_forbids_is_shown_nowhere(portal):
    from dauys.desk.models import PublicText

    petition = refused("insult", span="Қысым әлсіз.")
    html = page(portal, petition)
    assert "insult" in html
    assert "Түсіндірме." in html
    for path in (f"/en/petitions/{petition.pk}", f"/petitions/{petition.pk}.json", "/en/petitions/?state=refused"):
        body = portal.get(path).content.decode()
        assert not any(words in body for pair in webworld.TEXTS.values() for words in (pair[0], "Қысым әлсіз"))
    assert "1 petition<" not in portal.get("/en/petitions/?state=refused&q=су").content.decode()
    answer = portal.get(f"/petitions/{petition.pk}/text.txt")
    assert (answer.status_code, "text-withheld" in answer.content.decode()) == (410, True)
    assert not PublicText.objects.filter(content__contains="Қысым").exists()


def test_a_removed_petition_is_a_tombstone_that_says_why(portal):
    petition = removed()
    html = page(portal, petition, status=410)
    for words in ("Why it was removed", "court-order", "Сот шешімі.", "Petition No.", "700"):
        assert words in html
    assert TITLE not in html
    assert portal.get(f"/petitions/{petition.pk}.json").status_code == 410
    assert f"/petitions/{petition.pk}" in portal.get("/en/petitions/?state=refused").content.decode()


@pytest.mark.usefixtures("portal")
def test_signatures_of_a_removed_petition_stay_in_the_sum():
    from dauys.petitions.queries import totals

    before = totals(now=NOW)["signed"]
    removed()
    assert totals(now=NOW)["signed"] == before + 700


def test_a_granted_appeal_brings_a_removed_text_back(portal):
    from dauys.petitions.services import appeals, authoring

    places, keys = installation()
    petition = removed()
    webworld.publish(places, keys)
    digest = petition.life.text_sha256
    assert (places.log / "text" / f"{digest}.withheld").read_text() == "court-order\n"
    assert not (places.log / "text" / digest).exists()
    authoring.appeal(keys, petition.pk, "removal", "Мен келіспеймін.", evidence(), NOW + timedelta(hours=1))
    reviewer = Official(3, "reviewer")
    appeals.decide_appeal(keys, petition.pk, True, "Негізі жоқ.", reviewer, NOW + timedelta(hours=2))
    webworld.publish(places, keys)
    assert hashlib.sha256((places.log / "text" / digest).read_bytes()).hexdigest() == digest
    assert not (places.log / "text" / f"{digest}.withheld").exists()
    assert "Негізі жоқ." in page(portal, petition)


def test_an_overdue_ministry_is_told_in_working_days(portal):
    from datetime import date

    from dauys.petitions.terms import terms_of

    petition = registered(NOW - 120 * DAY)
    calendar = terms_of(petition.rules).pack.calendar
    petition.refresh_from_db()
    late = calendar.between(date.fromisoformat(petition.life.due), calendar.local_day(datetime.now(UTC)))
    html = page(portal, petition)
    assert f"<strong>{late}</strong> working days late" in html
    assert f'data-over="{late}"' in html
    listing = portal.get("/en/petitions/?state=awaiting").content.decode()
    assert f"{late} working days late" in listing
    assert "1 answer is overdue." in listing


def test_a_merged_petition_leads_to_the_other_one(portal):
    from dauys.petitions.services import moderation

    _, keys = installation()
    other = webworld.add_petition(100)
    petition = webworld.add_petition(50)
    moderation.merge(keys, petition.pk, other.pk, "Бірдей.", MODERATOR, NOW)
    html = page(portal, petition)
    assert f'href="/en/petitions/{other.pk}"' in html
    assert "sign again there" in html
    assert "/sign" not in html


def test_first_supporters_are_invited_by_link_and_code(portal):
    petition = webworld.add_petition(12, listed=False)
    html = page(portal, petition)
    assert "12 of 50 have signed" in html
    assert "QR code of this page" in html
    assert "First supporters can be found until" in html
    assert "</strong> until" not in html  # one clock at the button: the nearer one
    assert 'content="noindex"' in html


def test_every_step_has_a_proof_that_holds_offline(portal):
    from dauys.translog.proof import verify_receipt

    places, keys = installation()
    petition = refused()
    later = webworld.hand_in()
    step = petition.events.last()
    assert portal.get(f"/petitions/{petition.pk}/steps/{step.index}.tlog-proof").status_code == 404  # not public yet
    webworld.publish(places, keys)
    receipt = portal.get(f"/petitions/{petition.pk}/steps/{step.index}.tlog-proof").content.decode()
    proven, checkpoint = verify_receipt(receipt, [keys.log.verifier])
    assert (proven.entry, proven.index) == (bytes(step.entry), step.index)
    assert checkpoint.size > step.index
    assert "verdict--yes" in portal.post("/en/receipt", {"text": receipt}).content.decode()
    assert portal.get(f"/petitions/{later.pk}/steps/{step.index}.tlog-proof").status_code == 404


def test_lists_for_programs_say_what_the_pages_say(portal):
    petition = registered(NOW - 120 * DAY)
    refused()
    found = json.loads(portal.get("/petitions.json?state=awaiting").content)
    assert [each["number"] for each in found["petitions"]] == [petition.pk]
    assert found["petitions"][0]["clock"]["late"] is True
    rows = portal.get("/petitions.csv?state=refused").content.decode().splitlines()
    assert rows[0].startswith("number,state,since,turn,due")
    assert ",refused," in rows[1]


def test_a_table_holds_no_formula(portal):
    texts = {"kk": ("=HYPERLINK(1)", "мәтін")}
    webworld.add_petition(texts=texts)
    assert "'=HYPERLINK(1)" in portal.get("/petitions.csv").content.decode()


def test_a_million_signatures_cost_the_same_queries_as_ten(portal):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few, many = webworld.add_petition(10), webworld.add_petition(1_000_000, opened=timedelta(days=150))
    asked = []
    for petition in (few, many):
        with CaptureQueriesContext(connection) as captured:
            page(portal, petition)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 8
    assert "1,000,000" in page(portal, many)


def test_what_happens_next_names_the_law_of_its_own_rules(portal):
    from dauys.petitions.models import Petition

    petition = webworld.add_petition()
    assert "Articles 90-4 and 90-5" in portal.get(f"/en/petitions/{petition.pk}").content.decode()
    Petition.objects.filter(pk=petition.pk).update(rules="site/2026-01-01")
    page = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "Articles 90-4" not in page
    assert "must consider it" not in page  # an addressee owes a site nothing
    assert "This site&#x27;s own rules" in page
    assert "discussed at a public hearing" not in page
