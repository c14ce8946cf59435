"""A petition's whole life by the clicks of everyone in it: refused, appealed, mended, signed, heard, answered, carried out.

The author and the citizens of the Kazakh one have phones without JavaScript. Nothing is put into the database: 90
signatures oblige the akimat of an invented district, and the hearing is moved to where the clock is.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from journeys import writing
from journeys.citizens import sign
from journeys.fresh.life_words import WORDS
from journeys.offices import DISTRICT_CLERK, DISTRICT_HEAD, FIRST, REVIEWER, SECOND
from journeys.public import PublicPage, audited, citizens_sign

pytestmark = pytest.mark.browser

GATE, THRESHOLD = 50, 90
LIFE = [
    "submitted", "refused", "appealed", "appeal-decided", "submitted", "opened", "listed", "registered", "grouped", "convened",
    "convened", "heard", "decided", "fulfilled",
]  # fmt: skip


class Life:
    """Everyone in one petition's life; each method is a station, and says what the public page shows after it."""

    def __init__(self, language, someone, official, script):
        self.language, self.words, self.official = language, WORDS[language], official
        self.author, self.citizen, reader = (someone(script=script) for _ in range(3))
        self.number = self.hand_in_first()
        self.public = PublicPage(reader, language, self.number)

    def path(self, rest):
        return f"/{self.language}/{rest}"

    def hand_in_first(self):
        writing.start(self.author, self.language, self.words["title"])
        writing.choose_whom_to_ask(self.author, self.words["body"])
        writing.write(self.author, self.language, self.words["vague"])
        writing.hand_in(self.author)
        self.log_in_author()
        self.author.locator(".mine a").first.click()
        return int(self.author.url.rpartition("/")[2])

    def log_in_author(self):
        self.author.goto(self.path("account/"))
        self.author.locator("main form button").first.click()
        self.author.locator("#demo form button").first.click()
        self.author.locator("button[value=yes]").click()
        self.author.wait_for_url(re.compile(r"/account/$"))

    def refuse(self):
        desk = self.official(FIRST, self.path(f"desk/moderation/{self.number}"))
        desk.locator("#refuse summary").first.click()
        desk.locator("#refuse input[value=no-demand]").check()
        desk.locator("#refuse [name=span]").fill(self.words["span"])
        desk.locator("#refuse [name=explanation]").fill(self.words["refusal"])
        desk.locator("#refuse button[value=refuse]").click()
        desk.wait_for_url(re.compile(r"/moderation/\?done="))
        assert self.public.standing()["state"] == "moderation"  # one moderator alone decides nothing
        desk = self.official(SECOND, self.path(f"desk/moderation/{self.number}"))
        desk.locator("button[value=confirm]").click()
        desk.wait_for_url(re.compile(r"/moderation/\?done="))

    def appeal(self):
        self.author.reload()
        self.author.get_by_text(self.words["refusal"]).first.wait_for()
        self.author.locator("a[href$='/appeal']").click()
        self.author.locator("[name=text]").fill(self.words["appeal"])
        self.author.locator("main form button").click()
        self.author.locator("pre.statement", has_text="kind: petition.appeal").wait_for()
        self.author.locator("#demo form button").first.click()
        self.author.wait_for_url(re.compile(rf"/petitions/mine/{self.number}(\?|$)"), timeout=20_000)

    def uphold_the_refusal(self):
        desk = self.official(REVIEWER, self.path("desk/appeals/"))
        desk.locator(f"a[href$='/appeals/{self.number}']").click()
        desk.locator("input[value=reject]").check()
        desk.locator("[name=explanation]").fill(self.words["review"])
        desk.locator("main form button").click()
        desk.wait_for_url(re.compile(r"/appeals/\?done="))

    def mend(self):
        self.author.goto(self.path(f"petitions/mine/{self.number}"))
        assert self.words["review"] in self.author.locator("main").inner_text()
        self.author.locator("a[href$='/mend']").click()
        self.author.locator("main form button").click()
        self.author.wait_for_url(re.compile(r"/draft/text$"))
        assert self.author.locator(f"#text-{self.language}").input_value().replace("\r", "") == self.words["vague"]
        writing.write(self.author, self.language, self.words["mended"])
        writing.hand_in(self.author)

    def accept(self):
        desk = self.official(SECOND, self.path(f"desk/moderation/{self.number}"))
        told = desk.locator("main").inner_text()  # what was wrong with it before, too
        assert all(self.words[said] in told for said in ("span", "refusal", "review"))
        desk.locator("button[value=accept]").click()
        desk.wait_for_url(re.compile(r"/moderation/\?done="))

    def consider(self, scene):
        """The working group, a hearing called in good time, moved to now, and held."""
        desk = self.official(DISTRICT_CLERK, self.path("desk/agency/"))
        desk.locator(f"a[href$='/agency/{self.number}']").click()
        desk.locator("[name=group]").fill(self.words["group"])
        desk.locator("button[value=group]").click()
        tuesday = datetime.now(UTC).date() + timedelta(days=15)
        tuesday += timedelta(days=(1 - tuesday.weekday()) % 7)
        desk.locator("[name=day]").fill(tuesday.isoformat())
        desk.locator("[name=place]").fill(self.words["place"])
        desk.locator("[name=draft]").fill(self.words["draft"])
        desk.locator("button[value=hearing]").click()
        desk.locator(".stage--done", has_text=self.words["place"]).wait_for()
        assert self.public.wait_for("hearing")["turn"] == "body"
        assert str(tuesday.day) in self.public.page.locator("#hearing + .lead").inner_text()
        assert desk.locator("button[value=minutes]").count() == 0  # before its hour nobody tells of it
        scene("hearing-now", self.number)
        desk.reload()
        desk.locator("[name=attended]").fill("64")
        desk.locator("[name=minutes]").fill(self.words["minutes"])
        desk.locator("button[value=minutes]").click()
        self.decide(desk)

    def decide(self, desk):
        desk.locator("#decision input[value=satisfied]").check()
        desk.locator("#decision [name=decision]").fill(self.words["decision"])
        desk.locator("#decision [name=promise]").first.fill(self.words["promise"])
        desk.locator("#decision [name=promise_due]").first.fill("2027-06-01")
        desk.locator("button[value=decision]").click()
        desk.locator(".preview").wait_for()
        head = self.official(DISTRICT_HEAD, self.path(f"desk/agency/{self.number}"))
        head.locator(".preview form button").click()
        head.locator("#demo form button").first.click()
        head.wait_for_url(re.compile(rf"/agency/{self.number}\?done=decided$"))

    def carry_out(self):
        desk = self.official(DISTRICT_CLERK, self.path(f"desk/agency/{self.number}"))
        desk.locator("details.step summary").first.click()
        desk.locator("[name=kept]").fill(self.words["kept"])
        desk.locator("button[value=kept]").click()
        desk.locator("text=" + self.words["kept"]).wait_for()


@pytest.mark.parametrize(("language", "width", "script"), [("kk", 360, False), ("ru", 1280, True)])
def test_from_the_first_draft_to_a_promise_kept(language, script, someone, official, scene, installation, portal):
    life = Life(language, someone, official, script)
    public, words = life.public, life.words
    standing = public.standing()
    assert (standing["state"], standing["turn"], standing["left"]) == ("moderation", "moderator", "20")
    assert words["span"] not in public.text()  # nobody publishes through moderation

    life.refuse()
    standing = public.wait_for("refused")
    assert (standing["turn"], standing["reasons"]) == ("author", "no-demand")
    assert all(words[said] in public.text() for said in ("refusal", "span", "may appeal"))

    life.appeal()
    public.wait_for("refused", reviewLeft="10")
    life.uphold_the_refusal()
    public.wait_for("refused", reviewLeft="")
    assert words["review"] in public.text()
    assert words["may appeal"] not in public.page.locator("section:has(#standing)").inner_text()  # once was all

    life.mend()
    standing = public.wait_for("moderation")
    assert (standing["turn"], standing["left"], standing["reasons"]) == ("moderator", "20", "")

    life.accept()
    standing = public.wait_for("gathering")
    assert (standing["turn"], standing["left"]) == ("supporters", "10")
    assert public.page.locator("meta[name=robots][content=noindex]").count() == 1
    assert not public.is_listed(words["title"])

    sign(life.citizen, language, life.number)
    citizens_sign(installation, portal, life.number, GATE - 1, 1_000_000)
    public.wait_for("collecting")
    assert public.count() == GATE
    assert public.is_listed(words["title"])

    citizens_sign(installation, portal, life.number, THRESHOLD - GATE, 1_001_000)
    standing = public.wait_for("registered")
    assert (standing["turn"], standing["left"], public.count()) == ("body", "20", THRESHOLD)
    assert public.page.locator("a[href$='/sign']").count() == 1
    assert words["until answered"] in public.page.locator(".panel--count").inner_text()
    assert words["review"] not in public.text()  # an appeal of the text before stands in the history

    life.consider(scene)
    assert public.wait_for("decided")["due"] == "2027-06-01"
    assert all(words[said] in public.text() for said in ("decision", "promise"))
    assert "64" in public.page.locator("section:has(#hearing)").inner_text()  # who came
    assert public.page.locator("a[href$='/sign']").count() == 0

    life.carry_out()
    assert public.wait_for("carried-out")["turn"] == "nobody"
    assert words["kept"] in public.text()
    assert public.history() == LIFE
    report = audited(installation, portal)
    assert report["sound"], report
