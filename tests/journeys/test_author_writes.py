"""An author writes: from the check-list over similar petitions, addressee, text and name to a petition in moderation."""

import re

import pytest

from journeys import writing
from journeys.writing import choose_whom_to_ask, hand_in
from made_pictures import jpeg_of_a_phone

pytestmark = pytest.mark.browser

WORDS = {
    "kk": (
        "Ауыл балаларына мектеп автобусы керек",
        "Балалар мектепке жаяу барады.\n\nӘр ауылға автобус беріңіздер.",
        "мектеп",
    ),
    "ru": ("Школьный автобус для детей села", "Дети ходят в школу пешком.\n\nДайте автобус каждому селу.", "школ"),
}


def start(page, language):
    """From the home page to the draft's first page, past what is similar."""
    title, _, similar = WORDS[language]
    assert similar in writing.start(page, language, title)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_from_the_check_list_to_moderation(page, language, tmp_path):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    start(page, language)
    choose_whom_to_ask(page, "алматы әкімд" if language == "kk" else "акимат алмат")
    title, text, _ = WORDS[language]
    page.locator(f"#text-{language}").fill(text)
    with page.expect_response(re.compile("/draft/text")) as kept:  # nobody pressed anything
        page.locator(f"#text-{language}").press("End")
        page.locator(f"#text-{language}").type(" ")
    assert kept.value.status == 204
    page.reload()
    assert page.locator(f"#text-{language}").input_value() == text
    picture = tmp_path / "құбыр.jpg"
    picture.write_bytes(jpeg_of_a_phone())
    page.locator("#file").set_input_files(picture)
    page.locator("button[value=attach]").click()
    assert "құбыр.jpg" in page.locator(".files").inner_text()
    page.locator("button[value=next]").click()
    page.locator("#shown-initials").check()
    page.locator("button[value=next]").click()
    page.wait_for_url(re.compile(r"/draft/preview$"))
    assert page.locator("h1").inner_text() == title
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    hand_in(page)
    assert title in page.locator("main").inner_text()
    assert "20" in page.locator(".panel--count").inner_text()
    assert complaints == []


def test_it_works_without_javascript(plain_page):
    page = plain_page
    start(page, "kk")
    choose_whom_to_ask(page, "үкімет")
    title, text, _ = WORDS["kk"]
    page.locator("button[value=next]").click()
    assert page.locator(".govuk-error-summary a").get_attribute("href") == "#text-kk"
    page.locator("#text-kk").fill(text)
    page.locator("#language-ru").check()
    page.locator("button[value=save]").click()
    assert page.locator("#title-kk").input_value() == title  # a version outlives the change of the signed language
    page.locator("#language-kk").check()
    page.locator("button[value=next]").click()
    page.locator("#shown-chosen").check()
    page.locator("#chosen_name").fill("Ауыл тұрғындары")
    page.locator("button[value=next]").click()
    assert "Ауыл тұрғындары" in page.locator(".facts").inner_text()
    hand_in(page)


def test_a_draft_goes_on_in_another_browser_with_a_co_author(page, browser, portal):
    start(page, "ru")
    link = page.locator("code.private").inner_text()
    other = browser.new_context(base_url=portal.base_url)
    friend = other.new_page()
    friend.goto(link)
    friend.locator("#name").fill("Мадина")
    friend.locator("form:has(#name) button").click()
    assert friend.locator(".verdict--yes").count()
    friend.locator("form:not(:has(#name)) button").first.click()
    friend.wait_for_url(re.compile(r"/draft/text$"))
    friend.locator("#text-ru").fill("Написано вдвоём.")
    friend.locator("button[value=next]").click()
    page.goto(page.url.replace("addressee", "preview"))
    shown = page.locator("main").inner_text()
    assert "Написано вдвоём." in shown
    assert "и 1 соавтор" in shown
    assert page.locator(".govuk-error-summary a").count() == 1  # whom it asks
    other.close()


def test_pressing_a_button_while_the_page_saves_itself_loses_nothing(page):
    start(page, "kk")
    choose_whom_to_ask(page, "үкімет")

    def slowly(route):
        page.wait_for_timeout(800 if b"keep" in (route.request.post_data_buffer or b"") else 0)
        route.continue_()

    page.route(re.compile("/draft/text$"), slowly)
    with page.expect_request(re.compile("/draft/text$")):
        page.locator("#text-kk").fill("Жазып жатырмын.")
    page.locator("button[value=next]").click()
    page.wait_for_url(re.compile(r"/draft/author$"))
    page.goto(page.url.replace("author", "text"))
    assert page.locator("#text-kk").input_value() == "Жазып жатырмын."


def test_two_windows_tell_each_other(page):
    start(page, "ru")
    choose_whom_to_ask(page, "правительство")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#text-ru").fill("Второе окно.")
    other.locator("button[value=save]").click()
    other.wait_for_load_state()
    page.locator("#text-ru").fill("Первое окно.")
    page.get_by_text("Тем временем изменено").wait_for()
    page.locator("button[value=save]").click()
    assert "Посмотреть другую версию" in page.locator(".govuk-error-summary").inner_text()
    assert page.locator("#text-ru").input_value() == "Первое окно."
    page.locator("button[value=save]").click()
    page.wait_for_load_state()
    page.reload()
    assert page.locator("#text-ru").input_value() == "Первое окно."
