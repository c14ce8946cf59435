"""Writing over HTTP: nothing typed is lost, nothing is public too early, no page needs a script or a log-in."""

import re
from html import unescape

import pytest

import webworld

TEXT = {"title-kk": "Ауылға таза су керек", "text-kk": "Құбыр тозған.", "title-ru": "", "text-ru": "", "language": "kk"}


def begin(portal, title="Ауылға таза су керек", language="kk"):
    answer = portal.post(f"/{language}/petitions/new/title", {"title": title, "written": language})
    assert (answer.status_code, answer["Location"]) == (303, f"/{language}/petitions/draft/addressee")
    return answer.cookies["dauys_draft"].value


def write(portal, revision=0, action="next", **fields):
    return portal.post(
        "/kk/petitions/draft/text",
        TEXT | {"revision": revision, "action": action} | {k.replace("_", "-"): v for k, v in fields.items()},
    )


def html_of(answer):
    return unescape(answer.content.decode())


def test_the_check_list_names_every_topic_in_force_with_its_source(portal):
    from django.utils import timezone

    from dauys.petitions.jurisdiction import rules_of

    for language in ("kk", "ru", "en"):
        answer = portal.get(f"/{language}/petitions/new")
        page = html_of(answer)
        for topic in rules_of(timezone.now()).forbidden_topics.values():
            assert topic.text.say(language) in page
            assert topic.source in page
        assert answer.cookies == {}
        assert "public" in answer["Cache-Control"]


def test_a_similar_petition_is_shown_before_writing_with_a_way_to_support_it(portal):
    petition = webworld.add_petition(60)
    page = html_of(portal.get("/ru/petitions/new/title", {"title": "Чистую воду нашему селу", "written": "ru"}))
    assert f'href="/ru/petitions/{petition.pk}"' in page
    assert "Прочитать и поддержать" in page
    assert "Моя о другом" in page
    page = html_of(portal.get("/ru/petitions/new/title", {"title": "Снизить цену на хлеб", "written": "ru"}))
    assert "пока никто не просил" in page


@pytest.mark.parametrize("title", ["", "  ", "..", "!?", "\0"])
def test_a_title_that_says_nothing_begins_no_draft(portal, title):
    from dauys.petitions.models import Draft

    assert portal.post("/kk/petitions/new/title", {"title": title}).status_code == 400
    assert not Draft.objects.exists()


def test_without_a_draft_the_pages_say_where_it_may_be(portal):
    for page in ("addressee", "text", "author", "preview", "handed-in", "link/nothing"):
        answer = portal.get(f"/ru/petitions/draft/{page}")
        assert answer.status_code == 404
        assert "личная ссылка" in html_of(answer)


def test_from_the_title_to_the_request_to_sign(portal):
    begin(portal)
    page = html_of(portal.get("/kk/petitions/draft/addressee", {"q": "алматы әкімдігі"}))
    assert re.findall(r'name="body" value="([^"]+)"', page)[0].startswith("akimat-almaty")
    assert portal.post("/kk/petitions/draft/addressee", {"body": "government"})["Location"].endswith("/draft/text")
    assert write(portal)["Location"].endswith("/draft/author")
    assert html_of(portal.get("/kk/petitions/draft/author")).count("✓") == 2  # nobody was at this page yet
    answer = portal.post("/kk/petitions/draft/author", {"shown_as": "initials", "action": "next"})
    assert answer["Location"].endswith("/draft/preview")
    page = html_of(portal.get("/kk/petitions/draft/preview"))
    assert page.count("✓") == 3
    assert "Құбыр тозған." in page
    assert "50 000" in page.replace("\u00a0", " ")
    answer = portal.post("/kk/petitions/draft/preview")
    assert answer.status_code == 303
    assert "/kk/act/" in answer["Location"]
    shown = html_of(portal.get(answer["Location"]))
    assert "Ауылға таза су керек" in shown
    assert "kind: petition.submission" in shown


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(portal):
    begin(portal)
    answer = write(portal, text_kk="", title_kk="а" * 200, text_ru="Только текст")
    page = html_of(answer)
    assert answer.status_code == 400
    for said in ("50 таңбаға ұзын", "Мәтін жазыңыз", "Аударманың тақырыбы да"):
        assert said in page, said
    assert "а" * 200 in page
    assert "Только текст" in page


def test_a_draft_changed_elsewhere_is_told_with_what_was_typed_still_there(portal):
    begin(portal)
    assert write(portal, text_kk="бірінші құрылғы").status_code == 303
    answer = write(portal, 0, text_kk="екінші құрылғы")
    page = html_of(answer)
    assert answer.status_code == 409
    assert "екінші құрылғы" in page
    assert 'name="revision" value="1"' in page
    assert write(portal, 1, text_kk="екінші құрылғы").status_code == 303
    assert "екінші құрылғы" in html_of(portal.get("/kk/petitions/draft/text"))


def test_the_page_saves_itself_and_says_its_revision(portal):
    begin(portal)
    answer = write(portal, 0, "keep", text_kk="жарты сөй")
    assert (answer.status_code, answer["X-Revision"]) == (204, "1")
    assert write(portal, 0, "keep").status_code == 409
    assert "жарты сөй" in html_of(portal.get("/ru/petitions/draft/text"))


def test_pages_of_a_draft_are_never_kept_by_caches(portal):
    secret = begin(portal)
    for page in ("addressee", "text", "author", "preview", f"link/{secret}"):
        answer = portal.get(f"/kk/petitions/draft/{page}")
        assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_another_device_goes_on_by_the_link_and_a_stranger_does_not(portal):
    from django.test import Client

    secret = begin(portal)
    other = Client()
    assert "Ауылға таза су керек" in html_of(other.get(f"/ru/petitions/draft/link/{secret}"))
    assert other.get("/ru/petitions/draft/text").status_code == 404  # looking is not taking
    assert other.post(f"/ru/petitions/draft/link/{secret}")["Location"].endswith("/draft/text")
    assert "Ауылға таза су керек" in html_of(other.get("/ru/petitions/draft/text"))


def test_a_co_author_agrees_by_the_link_and_is_seen_by_those_who_have_it(portal):
    from django.test import Client

    secret = begin(portal)
    Client().post(f"/kk/petitions/draft/link/{secret}", {"name": "Ерлан <b>"})
    page = portal.get("/kk/petitions/draft/author").content.decode()
    assert "Ерлан &lt;b&gt;" in page
    portal.post("/kk/petitions/draft/author", {"shown_as": "name", "leave": "Ерлан <b>"})
    assert "Ерлан" not in portal.get("/kk/petitions/draft/author").content.decode()


def test_a_deleted_draft_is_gone_with_its_cookie(portal):
    secret = begin(portal)
    answer = portal.post("/kk/petitions/draft/delete")
    assert answer.cookies["dauys_draft"].value == ""
    assert portal.get(f"/kk/petitions/draft/link/{secret}").status_code == 404


def test_a_petition_in_moderation_shows_its_clock_to_its_author_alone(portal):
    from datetime import UTC, datetime

    from django.test import Client

    from dauys.petitions.acts import OFFICES
    from dauys.petitions.services import drafting, handing_in

    _, keys = webworld.installation()
    secret = begin(portal)
    portal.post("/kk/petitions/draft/addressee", {"body": "government"})
    write(portal)
    draft = drafting.find(secret)
    facts = OFFICES["petition.submission"].describe(f"draft/{draft.pk}")
    handing_in.hand_in(keys, draft, facts.sha256, webworld.evidence(), "Айгүл С.", datetime.now(UTC))
    page = html_of(portal.get("/kk/petitions/draft/handed-in"))
    assert "20 жұмыс күні қалды" in page
    assert facts.sha256 in page
    assert portal.get("/kk/petitions/draft/text")["Location"].endswith("/draft/handed-in")
    assert write(portal, 1).status_code == 409
    assert Client().get("/kk/petitions/draft/handed-in").status_code == 404


def logged_in(person):
    """A browser in which this person is logged in as a citizen."""
    from datetime import UTC, datetime

    from django.test import Client

    from dauys.desk.access import SESSION
    from dauys.desk.sessions import CITIZEN, open_session
    from dauys.desk.transactions import office_transaction

    client = Client()
    with office_transaction():
        client.cookies[SESSION] = open_session(person, CITIZEN, "Айгүл С.", datetime.now(UTC))
    return client


def test_a_refused_petition_is_mended_by_its_author_with_the_span_in_sight(portal):
    from datetime import UTC, datetime

    from dauys.petitions.models import Petition
    from dauys.petitions.services import moderation

    _, keys = webworld.installation()
    petition, now = webworld.hand_in(), datetime.now(UTC)
    moderation.propose(
        keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", webworld.MODERATOR, now, span="Қысым әлсіз."
    )
    petition = moderation.confirm(keys, petition.pk, webworld.SECOND_MODERATOR, now)
    address = f"/kk/petitions/{petition.pk}/mend"
    assert "/login/" in portal.get(address)["Location"]
    assert logged_in("somebody else").get(address).status_code == 403
    assert logged_in("somebody else").post(address).status_code == 403
    author = logged_in(petition.author.person)
    page = html_of(author.get(address))
    for said in ("“Қысым әлсіз.”", "Талап жоқ.", "Мәтінді түзету"):
        assert said in page, said
    assert author.post(address)["Location"].endswith("/draft/text")
    page = html_of(author.get("/kk/petitions/draft/text"))
    assert webworld.TEXTS["kk"][0] in page
    assert webworld.TEXTS["ru"][0] in page
    assert "түзетіп жатырсыз" in page
    author.post("/kk/petitions/draft/addressee", {"body": "akimat-almaty-city"})
    assert Petition.objects.get().mending.get().body == petition.body  # it asks whom it asked
    Petition.objects.filter(pk=petition.pk).update(state="moderation")
    assert "бір рет қана" in html_of(author.get(address))
    assert author.post(address).status_code == 409
    assert logged_in("x").get("/kk/petitions/999999/mend").status_code == 404


def test_a_library_begins_many_drafts_and_a_machine_is_stopped(portal, monkeypatch):
    from dauys.petitions.models import Draft, Quota
    from dauys.petitions.services import drafting

    Quota.objects.all().delete()
    assert drafting.DRAFTS_AN_HOUR >= 300
    monkeypatch.setattr(drafting, "DRAFTS_AN_HOUR", 2)
    words = {"title": "Ауыл мектебіне автобус керек", "written": "kk"}
    answers = [portal.post("/kk/petitions/new/title", words) for _ in range(4)]
    assert [answer.status_code for answer in answers][-1] == 429  # an hour may end in between
    assert "drafts-too-many" in answers[-1].content.decode()
    assert Draft.objects.count() <= 4
    assert portal.post("/kk/petitions/new/title", words, REMOTE_ADDR="192.0.2.7").status_code == 303
    assert not Quota.objects.filter(key__contains="127.0.0.1").exists()
    Quota.objects.all().delete()
