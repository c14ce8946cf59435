"""Officials at their desks: a refusal by two, an appeal granted, a hearing planned, a decision signed by the head."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from journeys.offices import CLERK, FIRST, HEAD, REVIEWER, SECOND

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_two_moderators_refuse_and_a_reviewer_grants_the_appeal(official, scene, language):
    number = scene("waiting")
    path = f"/{language}/desk/moderation/{number}"
    page = official(FIRST, path)
    page.keyboard.press("KeyR")
    page.locator("#refuse input[value=no-demand]").check()
    page.locator("#refuse [name=span]").fill("мұндай сөз жоқ")
    page.locator("#refuse [name=explanation]").fill("Нақты талап жазылмаған.")
    page.locator("#refuse button[value=refuse]").click()
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.locator("#refuse [name=explanation]").input_value() == "Нақты талап жазылмаған."
    assert page.locator("#refuse input[value=no-demand]").is_checked()
    page.locator("#refuse [name=span]").fill("Қысым әлсіз.")
    page.locator("#refuse button[value=refuse]").click()
    page.wait_for_url(re.compile(r"/moderation/\?done="))
    page = official(SECOND, path)
    assert "Нақты талап жазылмаған." in page.locator(".proposal").inner_text()
    page.locator("button[value=confirm]").click()
    page.wait_for_url(re.compile(r"/moderation/\?done="))
    page.goto(f"/{language}/petitions/{number}")
    assert "Нақты талап жазылмаған." in page.locator("main").inner_text()
    scene("appeal", number)
    page = official(REVIEWER, f"/{language}/desk/appeals/")
    page.locator(f"a[href$='/appeals/{number}']").click()
    assert "Талап бар: құбырды ауыстырыңыз." in page.locator(".sides").inner_text()
    page.locator("input[value=grant]").check()
    page.locator("[name=explanation]").fill("Талап мәтінде бар.")
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/appeals/\?done="))
    page.goto(f"/{language}/petitions/{number}")
    assert page.locator(f"a[href$='/petitions/{number}/sign']").is_visible()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_clerk_plans_a_hearing(official, scene, language):
    number = scene("considered")
    page = official(CLERK, f"/{language}/desk/agency/")
    page.locator(f"a[href$='/agency/{number}']").click()
    page.locator("[name=group]").fill("Ахметов Б., төраға")
    page.locator("button[value=group]").click()
    today = datetime.now(UTC).date()
    sunday = today + timedelta(days=20 - today.weekday())
    page.locator("[name=day]").fill(sunday.isoformat())
    page.locator("[name=place]").fill("Астана, Мәңгілік Ел 8")
    page.locator("[name=draft]").fill("Құбырды ауыстыру ұсынылады.")
    page.locator("button[value=hearing]").click()
    assert page.locator(".doubts").is_visible()
    assert page.locator("[name=place]").input_value() == "Астана, Мәңгілік Ел 8"
    page.locator("[name=sure]").check()
    page.locator("button[value=hearing]").click()
    page.locator(".doubts").wait_for(state="hidden")
    page.goto(f"/{language}/petitions/{number}")
    assert "Астана, Мәңгілік Ел 8" in page.locator("main").inner_text()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_head_signs_what_the_clerk_wrote(official, scene, language):
    number = scene("heard")
    page = official(CLERK, f"/{language}/desk/agency/{number}")
    page.locator("#decision input[value=satisfied]").check()
    page.locator("#decision [name=decision]").fill("Құбыр ауыстырылады.")
    page.locator("#decision [name=promise]").first.fill("Жобаны бекіту")
    page.locator("#decision [name=promise_due]").first.fill("2027-06-01")
    page.locator("button[value=decision]").click()
    assert "Жобаны бекіту" in page.locator(".preview").inner_text()
    page = official(HEAD, f"/{language}/desk/agency/{number}")
    page.locator(".preview form button").click()
    page.wait_for_url(re.compile(r"/act/"))
    page.locator("#demo form button").first.click()
    page.wait_for_url(re.compile(rf"/agency/{number}\?done=decided$"))
    page.goto(f"/{language}/petitions/{number}")
    told = page.locator("main").inner_text()
    assert "Құбыр ауыстырылады." in told
    assert "Жобаны бекіту" in told


def test_the_queue_is_worked_by_keys_alone_whatever_letters_are_on(official, scene):
    """As the guide says: by places on the keyboard, so that Kazakh letters serve as well."""
    first, second = scene("waiting"), scene("waiting")
    page = official(FIRST, "/kk/desk/moderation/")
    titles = page.locator("[data-task] [data-open]")
    order = [int(link.get_attribute("href").rpartition("/")[2]) for link in titles.all()]
    page.keyboard.press("KeyJ")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith(f"/{order[0]}")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyX")
    assert page.locator("[name=number]:checked").get_attribute("value") == str(order[1])
    assert page.locator("[data-chosen]").inner_text() == "1"
    page.locator("[data-all]").click()
    assert page.locator("[data-chosen]").inner_text() == str(len(order))
    page.locator("[data-all]").click()
    assert page.locator("[name=number]:checked").count() == 0
    page.keyboard.press("KeyK")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/moderation/{order[0]}$"))
    page.keyboard.press("KeyJ")
    page.wait_for_url(re.compile(f"/moderation/{order[1]}$"))
    page.keyboard.press("KeyU")
    page.wait_for_url(re.compile("/moderation/$"))
    page.goto(f"/kk/desk/moderation/{second}")
    page.keyboard.press("KeyR")
    assert page.locator("#refuse").get_attribute("open") is not None
    page.locator("#refuse [name=explanation]").focus()
    page.keyboard.type("aur")  # in a text they are letters
    assert page.locator("#refuse [name=explanation]").input_value() == "aur"
    page.goto(f"/kk/desk/moderation/{first}")
    page.keyboard.press("KeyA")
    assert page.locator("button[value=accept]").is_visible()  # not taken yet
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"\?done={first}$"))
    assert str(first) in page.locator("[role=status]").first.inner_text()


def test_ready_words_follow_the_chosen_reason(official, scene):
    page = official(FIRST, f"/kk/desk/moderation/{scene('waiting')}")
    page.keyboard.press("KeyR")
    page.locator("#refuse .beginnings summary").click()
    assert page.locator("#refuse [data-words]:visible").count() > 20
    page.locator("#refuse input[value=duplicate]").check()
    page.locator("#refuse [data-words]:visible").click()
    page.locator("#refuse button[value=refuse]").click()
    assert page.locator(".govuk-error-summary").is_visible()  # its dots are not filled
    explanation = page.locator("#refuse [name=explanation]")
    explanation.fill(explanation.input_value().replace("…", "12"))
    page.locator("#refuse button[value=refuse]").click()
    page.wait_for_url(re.compile(r"/moderation/\?done="))
