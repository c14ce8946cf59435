import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

import webworld

PATHS = (
    "domains",
    "",
    "petitions/",
    "petitions/?q=су&state=open&sort=most",
    "petitions/?q=zzz",
    "receipt",
    "log",
    "privacy",
    "accessibility",
)
OF_A_PETITION = ("petitions/{}", "petitions/{}?text=ru", "petitions/{}/sign")


class Elements(HTMLParser):
    """Every element with its attributes, and the text inside scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.inline = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] in {"script", "style"}:
            self.inline += data.strip()


def every_page():
    petition = webworld.add_petition(1234)
    closed = webworld.add_petition(60_000, closes=timedelta(hours=-1))
    awaited = webworld.add_petition(opened=timedelta(days=-1), closes=timedelta(days=9))
    yield from PATHS
    yield from (path.format(petition.pk) for path in OF_A_PETITION)
    yield from (f"petitions/{each.pk}" for each in (closed, awaited))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_is_whole_in_every_language(portal, language):
    for path in every_page():
        answer = portal.get(f"/{language}/{path}")
        html = answer.content.decode()
        page = Elements(html)
        tags = [tag for tag, _ in page.elements]
        assert answer.status_code == 200, path
        assert ("html", language) == (page.elements[0][0], page.elements[0][1]["lang"])
        assert tags.count("h1") == 1, path
        assert tags.count("main") == 1, path
        assert not page.inline, path
        assert not any(
            name == "style" or name.startswith("on") for _, attributes in page.elements for name in attributes
        ), path
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), path
        assert "csrf" not in html
        assert not answer.cookies, path
        assert "DEMO" in html


def test_nothing_is_asked_of_another_site(portal):
    for path in every_page():
        page = Elements(portal.get(f"/kk/{path}").content.decode())
        asked = [
            a.get("src") or a["href"]
            for tag, a in page.elements
            if tag in {"script", "img", "link"} and a.get("rel") != "alternate"
        ]
        assert asked
        assert all(address.startswith("/static/") for address in asked), path


def test_every_label_names_a_field_and_every_field_has_a_label(portal):
    for path in every_page():
        page = Elements(portal.get(f"/kk/{path}").content.decode())
        fields = {
            a["id"] for tag, a in page.elements if tag in {"input", "select", "textarea"} and a.get("type") != "hidden"
        }
        assert fields == {a["for"] for tag, a in page.elements if tag == "label"}, path


def test_headings_never_skip_a_level(portal):
    for path in every_page():
        levels = [
            int(tag[1])
            for tag, _ in Elements(portal.get(f"/kk/{path}").content.decode()).elements
            if re.fullmatch("h[1-6]", tag)
        ]
        assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False)), (path, levels)


def test_the_root_speaks_the_readers_language(portal):
    for asked, given in (("ru-RU,ru;q=0.9", "ru"), ("en", "en"), ("de", "kk"), ("", "kk")):
        answer = portal.get("/", headers={"accept-language": asked})
        assert answer.headers["Location"] == f"/{given}/"
        assert "Accept-Language" in answer.headers["Vary"]


def test_the_language_switch_keeps_the_page(portal):
    petition = webworld.add_petition()
    html = portal.get(f"/kk/petitions/{petition.pk}?text=ru").content.decode()
    assert f'href="/ru/petitions/{petition.pk}?text=ru" lang="ru" hreflang="ru"' in html


def test_an_unknown_address_is_a_kind_404(portal):
    answer = portal.get("/ru/nowhere")
    assert answer.status_code == 404
    assert "Здесь ничего нет" in answer.content.decode()


def test_pages_may_be_kept_for_a_second_and_name_the_log_they_hold_at(portal):
    petition = webworld.add_petition(7)
    answer = portal.get(f"/en/petitions/{petition.pk}")
    assert answer.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=10"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Counted from the public log" in answer.content.decode()


def test_a_page_that_breaks_says_so_without_the_database(portal, monkeypatch):
    from dauys.petitions import queries

    monkeypatch.setattr(queries, "totals", lambda **_: 1 / 0)
    portal.raise_request_exception = False
    answer = portal.get("/kk/")
    assert answer.status_code == 500
    assert "ақау" in answer.content.decode()


def test_provisional_signatures_are_shown_beside_final_ones_and_move_nothing(portal):
    from dauys.desk.models import LedgerSubject

    petition = webworld.add_petition(50_000)
    LedgerSubject.objects.filter(name=petition.subject_name).update(published_final=49_988)
    page = portal.get(f"/en/petitions/{petition.pk}").content.decode()
    assert "49,988 confirmed + 12 awaiting confirmation that their keys were not revoked." in page
    assert "12 more confirmed signatures are needed to reach 50,000." in page
    for language, words in (("kk", "расталуын күтіп тұр"), ("ru", "ожидают подтверждения")):
        assert words in portal.get(f"/{language}/petitions/{petition.pk}/count").content.decode()
    LedgerSubject.objects.filter(name=petition.subject_name).update(published_final=50_000)
    assert "awaiting confirmation" not in portal.get(f"/en/petitions/{petition.pk}").content.decode()


def test_a_russian_sentence_that_ends_with_a_day_has_one_full_stop(portal):
    assert (
        "года"
        in portal.get(f"/ru/petitions/{webworld.add_petition(60_000, closes=timedelta(hours=-1)).pk}").content.decode()
    )
    for path in every_page():
        assert "г.." not in portal.get(f"/ru/{path}").content.decode(), path
