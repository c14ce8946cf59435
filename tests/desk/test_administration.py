"""The administrator's desk over HTTP: appointing, dismissing, the record of it."""

import html
import re

import pytest

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
    assert f"official/{row.pk}" in record
    assert "Қызметкерді босатты" in record
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


def test_the_last_administrator_stays(client, administrator):
    answer = client.post("/en/desk/people/", {"step": "dismiss", "official": administrator.pk})
    assert (answer.status_code, "only administrator" in words(answer)) == (409, True)
    other = deskworld.official("administrator", name="Екінші Е.")
    assert client.post("/en/desk/people/", {"step": "dismiss", "official": other.pk}).status_code == 303


def test_bodies_without_anybody_stand_out(client):
    deskworld.official("clerk", "ministry-health")
    page = client.get("/en/desk/bodies/").content.decode()
    rows = {row.split("<code>")[1].partition("<")[0]: row for row in page.split("<tr>") if "<code>ministry" in row}
    assert "nobody" not in rows["ministry-health"]
    assert "nobody" in rows["ministry-water-resources"]
