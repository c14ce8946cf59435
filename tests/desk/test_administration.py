"""The administrator's desk over HTTP: appointing, dismissing, the record of it."""

import html
import re

import pytest
from django.conf import settings

import deskworld
import webworld
from dauys.demo.people import citizen


@pytest.fixture
def administrator():
    webworld.installation()
    yield deskworld.official("administrator", name="Әкімші Ә.")
    deskworld.nobody_in()


@pytest.fixture
def client(administrator):
    return deskworld.browser(administrator)


def words(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def appointing(number, **other):
    return {
        "step": "appoint",
        "iin": citizen(number).iin,
        "name": "Жаңа Ж.",
        "role": "clerk",
        "body": "ministry-health",
    } | other


def test_a_clerk_of_a_body_is_appointed_and_dismissed_at_once(client, administrator):
    from dauys.desk.models import Action, Official

    assert client.post("/kk/desk/people/", appointing(70_001)).status_code == 303
    page = words(client.get("/kk/desk/people/"))
    assert "Жаңа Ж." in page
    assert "Денсаулық сақтау министрлігі" in page
    row = Official.objects.get(name="Жаңа Ж.", active=True)
    hers = deskworld.browser(row)
    assert hers.get("/kk/desk/agency/").status_code == 200
    assert client.post("/kk/desk/people/", {"step": "dismiss", "official": row.pk}).status_code == 303
    assert hers.get("/kk/desk/agency/").status_code == 303  # logged out
    told = Action.objects.filter(subject=f"official/{row.pk}").order_by("pk").values_list("by", "kind", "detail")
    assert list(told) == [(administrator.pk, "staff.appointed", "clerk"), (administrator.pk, "staff.dismissed", "")]
    record = words(client.get(f"/kk/desk/record/?by={administrator.pk}&kind=staff.dismissed"))
    assert "Жаңа Ж." in record.partition("Қызметкерді босатты")[2]
    assert f"official/{row.pk}" not in record
    appointed = client.get(f"/kk/desk/record/?about=official/{row.pk}").content.decode()
    assert f'href="/kk/desk/people/#official-{row.pk}"' in appointed
    assert "Мемлекеттік орган қызметкері" in words(client.get(f"/kk/desk/record/?about=official/{row.pk}"))
    assert "Ондай әрекет жоқ" in words(client.get("/kk/desk/record/?day=1999-01-01"))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"iin": "990101300001"}, 422), ({"body": ""}, 400), ({"body": "ministry-of-magic"}, 400), ({"role": "king"}, 400),
        ({"name": ""}, 400), ({"step": "crown"}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_the_name_stays_in_the_form(client, sent, status):
    from dauys.desk.models import Official

    answer = client.post("/ru/desk/people/", appointing(70_002, name="Кто-то К.") | sent)
    assert answer.status_code == status
    assert citizen(70_002).iin not in answer.content.decode()
    if status != 404 and sent.get("name") != "":
        assert 'value="Кто-то К."' in answer.content.decode()
    assert not Official.objects.filter(name="Кто-то К.").exists()


def test_bodies_to_choose_from_stand_under_their_places(client):
    page = client.get("/ru/desk/people/").content.decode()
    places = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page))
    assert 'value="ministry-health"' in places["Казахстан"]
    assert len(places) > 10
    assert re.findall(r'value="(\w+)" data-of-a-body', page) == ["clerk", "head"]


def test_the_last_administrator_stays(client, administrator):
    answer = client.post("/en/desk/people/", {"step": "dismiss", "official": administrator.pk})
    assert (answer.status_code, "only administrator" in words(answer)) == (409, True)
    other = deskworld.official("administrator", name="Екінші Е.")
    assert client.post("/en/desk/people/", {"step": "dismiss", "official": other.pk}).status_code == 303


def test_one_task_is_taken_and_the_others_stay(client, administrator):
    from dauys.desk.models import Action, StaffChange

    row = deskworld.official("moderator", name="Екі міндетті Е.")
    row.duties.create(role="reviewer")
    theirs = deskworld.browser(row)
    page = client.get("/kk/desk/people/").content.decode()
    assert 'name="role" value="reviewer"' in page
    sent = {"step": "dismiss", "official": row.pk, "role": "reviewer"}
    done = client.post("/kk/desk/people/", sent)
    assert "Шағымдарды қараушы" in words(client.get(done.headers["Location"])).split("тізіміне жазылды")[0]
    assert theirs.get("/kk/desk/appeals/").status_code == 403
    assert theirs.get("/kk/desk/moderation/").status_code == 200  # still logged in
    told = Action.objects.filter(subject=f"official/{row.pk}").values_list("by", "kind", "detail")
    assert list(told) == [(administrator.pk, "staff.dismissed", "reviewer")]
    assert StaffChange.objects.get(official=row).role == "reviewer"
    assert client.post("/kk/desk/people/", sent).status_code == 404  # they have it no more
    assert client.post("/kk/desk/people/", sent | {"role": "moderator"}).status_code == 303
    assert theirs.get("/kk/desk/moderation/").status_code == 303  # with the last task the office ends
    assert "Екі міндетті Е. енді қызметте емес" in words(client.get("/kk/desk/people/?done=1"))


def test_the_last_administrator_keeps_that_task(client, administrator):
    administrator.duties.create(role="reviewer")
    sent = {"step": "dismiss", "official": administrator.pk, "role": "administrator"}
    assert client.post("/en/desk/people/", sent).status_code == 409
    assert client.post("/en/desk/people/", sent | {"role": "reviewer"}).status_code == 303


def test_bodies_without_anybody_stand_out(client):
    deskworld.official("clerk", "ministry-health")
    page = client.get("/en/desk/bodies/").content.decode()
    rows = {row.split("<code>")[1].partition("<")[0]: row for row in page.split("<tr>") if "<code>ministry" in row}
    assert "nobody" not in rows["ministry-health"]
    assert "nobody" in rows["ministry-water-resources"]


def test_a_mistyped_number_is_told_beside_its_field(client):
    told = "контрол|последняя цифра"
    page = client.post("/ru/desk/people/", appointing(70_004, iin="990101300001")).content.decode()
    assert re.search(f'id="iin-error">[^<]*({told})', page)
    assert "сертификат" not in page
    assert 'id="iin-error"' not in client.post("/ru/desk/people/", appointing(70_004, role="king")).content.decode()


def test_the_demo_offers_somebody_to_appoint_who_then_stands_at_the_log_in(client, monkeypatch):
    from dauys.demo.candidates import offered
    from dauys.demo.officials import login_people
    from dauys.desk.models import Official

    def at_log_in():
        return [shown["name"] for shown in login_people(None, "official")]

    monkeypatch.setattr(settings, "DAUYS_CANDIDATE", "dauys.demo.candidates.offered")
    who = offered()
    assert who["iin"] in words(client.get("/ru/desk/people/"))
    assert who["name"] not in at_log_in()
    client.post("/ru/desk/people/", {"step": "appoint", "role": "moderator", "body": ""} | who)
    assert who["name"] in at_log_in()
    assert offered()["iin"] != who["iin"]
    page = words(client.get("/ru/desk/people/"))
    assert who["iin"] not in page
    row = Official.objects.get(name=who["name"], active=True)
    assert re.search(rf"{who['name']}\s+[^№]*№ {row.pk}", page)
    client.post("/ru/desk/people/", {"step": "dismiss", "official": row.pk})
    assert who["name"] not in at_log_in()
