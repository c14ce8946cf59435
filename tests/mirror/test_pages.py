"""A mirror's pages: what the log says, removed and erased by the rule, found by a search without a server."""

import asyncio
import hashlib
import json
import re

import httpx
import pytest
from playwright.sync_api import sync_playwright

from dauys.errors import DauysError
from dauys.ledger.leaves import LogOpened, PetitionOpened, PetitionSignature, encode_leaf, to_text
from dauys.ledger.petition_leaves import Removed, Submitted, Transferred, Translation
from dauys.ledger.vault_leaves import TextErased
from dauys.mirror.app import create_app
from dauys.mirror.folder import MirrorFolder
from dauys.mirror.keeper import Keeper
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.sources import FolderSource
from made_log import SIGNER

RULES, MOMENT = "kz/2024-04-04", "2026-11-20T04:30:00Z"
TEXTS = {
    1: ("Мектеп автобусы", "Әр ауыл баласына мектеп автобусы керек."),
    2: ("Карьердегі көл", "Ескі карьер көліне түсуге рұқсат беріңіз."),
    3: ("Жол & жарық <шам>", "Көшеге «жарық» керек: <script>alert(1)</script>"),
}
EXPLANATION = "Мәтін адам өміріне қауіп төндіреді.\n"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(number):
    return "\n\n".join(TEXTS[number]) + "\n"


def opening(number):
    sha256 = digest(text_of(number))
    return [
        Submitted(MOMENT, f"petition/{number}", 1, "government", "A" * 43, "2026-12-21", "kk", "government", RULES, sha256, "mobile"),
        PetitionOpened("Үкімет", 16, "2027-05-21T19:00:00Z", "kk", "2026-11-20T19:00:00Z", RULES, f"petition/{number}", sha256,
                       50_000, ["desktop", "mobile"], TEXTS[number][0], "A" * 43),
    ]  # fmt: skip


def signature(number, n):
    name = to_text(hashlib.sha256(bytes([n])).digest())
    return PetitionSignature("A" * 43, "2026-11-21T15Z", name, f"petition/{number}", "mobile")


@pytest.fixture
def country(log):
    """A log of three petitions with two signatures, and their texts."""
    leaves = [
        LogOpened("demo", "2026-11-20T00:00:00Z", SIGNER.name),
        *opening(1),
        *opening(2),
        *opening(3),
        signature(1, 1),
        signature(1, 2),
    ]
    log.grow(0, entries=[encode_leaf(leaf) for leaf in leaves])
    for number in TEXTS:
        log.write(f"text/{digest(text_of(number))}", text_of(number).encode())
    return log


@pytest.fixture
def keep(tmp_path):
    """A round of a new process; the mirror's folder."""

    def make(log):
        folder = MirrorFolder(tmp_path / "mirror")
        folder.path.mkdir(exist_ok=True)
        sources = [FolderSource(log.folder)]
        keeper = Keeper(folder, begin_or_resume(folder, sources, [sources[0].name], [log.vkey]), sources)
        keeper.round()
        return folder

    return make


def page(folder, path):
    return (folder.path / path / "index.html").read_text()


def test_every_page_says_what_it_is_a_copy_of(country, keep):
    folder = keep(country)
    pages = [file for file in folder.path.rglob("index.html") if file.parent != folder.path]
    assert len(pages) == 3 * (1 + 2 + 3)
    for file in pages:
        text = file.read_text()
        assert SIGNER.name in text
        assert "DEMO" in text
        links = re.findall(r'(?:href|src)="([^"#]+)"', text)
        assert all((file.parent / link).is_file() for link in links), [
            link for link in links if not (file.parent / link).is_file()
        ]
    assert "first 9 entries" in page(folder, "en/petitions/1")
    assert "первые записи в количестве 9" in page(folder, "ru")


def test_a_translation_of_an_office_is_shown_as_one(country, keep):
    said, translated = "Іс министрліктің құзыретінде.\n", "Это дело министерства.\n"
    leaf = Transferred(
        moment="2026-11-21T16:00:00Z", subject="petition/1", body="ministry-health", explanation=digest(said), officials=[4],
        translations=[Translation("ru", digest(said), digest(translated))],
    )  # fmt: skip
    country.grow(0, entries=[encode_leaf(leaf)])
    for text in (said, translated):
        country.write(f"text/{digest(text)}", text.encode())
    shown = page(keep(country), "kk/petitions/1")
    counts, _, translation = shown.partition("(Русский):")
    assert said.strip() in counts
    assert re.match(rf'</p><div lang="ru">.*?{translated.strip()}.*?</div>', translation, re.DOTALL)


def test_a_petition_with_its_count_and_its_text_as_it_was_written(country, keep):
    folder = keep(country)
    text = page(folder, "en/petitions/1")
    for words in (*TEXTS[1], "Mobile e-signature", "50\u202f000", "entry No. 2", digest(text_of(1))):
        assert words in text
    assert json.loads((folder.path / "petitions/1/count.json").read_bytes()) == {
        "final": 0, "signatures": 2, "size": 9, "subject": "petition/1",
    }  # fmt: skip
    assert "<script>alert" not in page(folder, "kk/petitions/3")
    assert "&lt;script&gt;alert" in page(folder, "kk/petitions/3")


def test_what_moderators_remove_stays_under_its_tombstone(country, keep):
    keep(country)
    removed = Removed(MOMENT, "petition/2", "2026-12-21", digest(EXPLANATION), [1, 2], "danger-to-life")
    country.grow(0, entries=[encode_leaf(removed)])
    country.write(f"text/{digest(EXPLANATION)}", EXPLANATION.encode())
    sha256 = digest(text_of(2))
    (country.folder / "text" / sha256).unlink()
    country.write(f"text/{sha256}.withheld", b"danger-to-life\n")
    text = page(keep(country), "en/petitions/2")
    assert 'class="tombstone"' in text
    assert "Removed" in text
    assert EXPLANATION.strip() in text
    assert TEXTS[2][1] in text


def test_a_mirror_that_came_later_says_that_it_never_had_the_text(country, keep):
    sha256 = digest(text_of(2))
    (country.folder / "text" / sha256).unlink()
    country.write(f"text/{sha256}.withheld", b"danger-to-life\n")
    folder = keep(country)
    text = page(folder, "en/petitions/2")
    assert "withheld this text before this mirror first asked" in text
    assert TEXTS[2][1] not in text
    assert (folder.log / "text" / f"{sha256}.withheld").read_text() == "danger-to-life\n"
    (country.folder / "text" / f"{sha256}.withheld").unlink()  # an appeal was granted: the text is public again
    country.write(f"text/{sha256}", text_of(2).encode())
    folder = keep(country)
    assert TEXTS[2][1] in page(folder, "en/petitions/2")
    assert not (folder.log / "text" / f"{sha256}.withheld").exists()


def test_what_the_log_erases_is_dropped_and_its_hash_stays(country, keep):
    folder = keep(country)
    sha256 = digest(text_of(1))
    assert (folder.log / "text" / sha256).is_file()
    country.grow(0, entries=[encode_leaf(TextErased(MOMENT, [1, 2], "", "personal-data", sha256))])
    folder = keep(country)
    for _ in range(2):  # the source still serves it: it is not fetched again
        assert not (folder.log / "text" / sha256).exists()
        assert (folder.log / "text" / f"{sha256}.withheld").read_text() == "personal-data\n"
        everything = "".join(file.read_text() for file in folder.path.rglob("*") if file.suffix in {".html", ".js"})
        assert TEXTS[1][1] not in everything
        assert TEXTS[1][0] not in everything
        assert "entry No. 9, personal-data" in page(folder, "en/petitions/1")
        assert sha256 in page(folder, "en/petitions/1")
        folder = keep(country)


def test_a_changed_text_is_not_kept(country, keep):
    country.write(f"text/{digest(text_of(3))}", b"another text\n")
    folder = keep(country)
    assert not (folder.log / "text" / digest(text_of(3))).exists()
    assert "not public yet" in page(folder, "en/petitions/3")


def test_counts_are_recounted_not_copied(country, keep):
    country.write("counts.json", b'{"final":{},"size":9,"subjects":{"petition/1":{"mobile":2000}}}')
    counts = json.loads((keep(country).log / "counts.json").read_bytes())
    assert counts == {"final": {}, "size": 9, "subjects": {"petition/1": {"mobile": 2}}}


@pytest.mark.browser
def test_the_search_works_from_a_folder_and_without_kazakh_letters(country, keep):
    folder = keep(country)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        problems = []
        tab.on("pageerror", lambda problem: problems.append(str(problem)))
        tab.goto((folder.path / "kk/index.html").as_uri())
        assert tab.locator("#petitions li").count() == 3
        tab.fill("#search", "КОЛ")  # көл
        assert tab.locator("#petitions a").all_text_contents() == [TEXTS[2][0]]
        assert "1" in tab.locator("#found").text_content()
        tab.click("#petitions a")
        assert tab.locator("h1").text_content() == TEXTS[2][0]
        tab.go_back()
        tab.fill("#search", "шам")
        assert tab.locator("#petitions a").all_text_contents() == [TEXTS[3][0]]
        tab.fill("#search", "")
        assert tab.locator("#petitions li").count() == 3
        assert problems == []
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto((folder.path / "kk/index.html").as_uri())
        assert plain.locator("#petitions li").count() == 3
        assert not plain.locator("#search").is_visible()
        browser.close()


def test_pages_say_when_the_source_was_last_reached(country, keep):
    folder = keep(country).path
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((folder / "en" / "index.html").as_uri())
        assert page.inner_text("#age").startswith("Source last reached 20")
        (folder / "reached.js").write_text(
            'window.REACHED = {"reached": "2026-01-02T03:04:05Z", "newest": "2026-01-01T00:00:00Z"};'
        )
        page.reload()
        assert page.inner_text("#age").startswith(
            "Source last reached 2026-01-02 03:04 UTC: what came since is missing"
        )
        browser.close()


def test_a_round_that_reaches_nobody_leaves_the_time_as_it_was(country, keep):
    folder = keep(country)
    before = (folder.path / "reached.js").read_bytes()
    (country.folder / "checkpoint").unlink()
    with pytest.raises(DauysError):
        keep(country)
    assert (folder.path / "reached.js").read_bytes() == before


def test_the_door_of_a_demo_says_so_and_the_search_its_language(country, keep):
    folder = keep(country).path
    assert "DEMO" in (folder / "index.html").read_text()
    assert "in the language in which it was signed" in (folder / "en" / "index.html").read_text()


def test_people_are_told_in_words_what_is_not_there(country, keep):
    async def answers():
        transport = httpx.ASGITransport(create_app(keep(country)))
        async with httpx.AsyncClient(transport=transport, base_url="http://mirror.example") as client:
            shown = await client.get("/nothing", headers={"accept": "text/html"})
            return shown, await client.get("/nothing"), await client.get("/icon.svg")

    shown, for_programs, icon = asyncio.run(answers())
    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "/en/index.html" in shown.text
    assert (for_programs.json()["code"], icon.status_code) == ("not-found", 200)
