"""Officials at their desks: a refusal by two, an appeal granted, a hearing planned, a decision signed by the head."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SCENE = Path(__file__).parent / "desk_scene.py"
# Places on the demo's log-in page, as dauys.demo.officials lists them.
FIRST, SECOND, REVIEWER, CLERK, HEAD = range(5)


@pytest.fixture
def scene(installation):
    """Plays one of the scenes; the petition's number."""

    def play(*arguments):
        environment = installation | {"PYTHONPATH": str(SCENE.parents[1])}
        command = [sys.executable, str(SCENE), *map(str, arguments)]
        return int(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)

    return play


@pytest.fixture
def official(browser, portal, width):
    """Logs an official in, in a browser of their own, and opens a page; every page fits the screen."""
    contexts = []

    def at(who, path):
        context = browser.new_context(viewport={"width": width, "height": 800}, base_url=portal.base_url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{path[:4]}login/?role=official&next={path}")
        page.locator("main form button").first.click()
        page.locator("#demo form button").nth(who).click()
        page.locator("button[value=yes]").click()
        page.wait_for_url(re.compile(re.escape(path) + "$"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        return page

    yield at
    for context in contexts:
        context.close()


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
    page.wait_for_url(re.compile(r"/appeals/$"))
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
    page.wait_for_url(re.compile(rf"/agency/{number}$"))
    page.goto(f"/{language}/petitions/{number}")
    told = page.locator("main").inner_text()
    assert "Құбыр ауыстырылады." in told
    assert "Жобаны бекіту" in told
