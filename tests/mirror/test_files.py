"""Files of petitions on a mirror: as their texts list them or not at all, dropped where the log erases them, safe to serve."""

import re
from hashlib import sha256

import pytest

from asgi_client import running
from dauys.ledger.attached import Attached
from dauys.ledger.leaves import LogOpened, PetitionOpened, encode_leaf
from dauys.ledger.petition_leaves import Removed, Submitted
from dauys.ledger.vault_leaves import TextErased
from dauys.mirror import keeper
from dauys.mirror.app import create_app
from dauys.mirror.folder import MirrorFolder
from dauys.mirror.keeper import Keeper
from dauys.mirror.keys import begin_or_resume
from dauys.mirror.sources import open_sources
from dauys.petitions.canonical import text_bytes
from made_log import SIGNER, MadeLog
from mirror.test_command import serve

RULES, MOMENT = "kz/2024-04-04", "2026-11-20T04:30:00Z"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n not looked into further"
ACTIVE = b"%PDF-1.7\n1 0 obj << /S /JavaScript >> endobj\n%%EOF\n"
PAGE = b"<script>alert(1)</script>"


def listed(name, content, kind="application/pdf"):
    return Attached(name, kind, len(content), sha256(content).hexdigest())


PLAN, PICTURE = listed('сызба "1".pdf', PDF), listed("құбыр.png", PNG, "image/png")


@pytest.fixture
def portal(tmp_path):
    """A web root as a portal's: /log, and files at their petitions."""
    log = MadeLog(tmp_path / "portal" / "log")
    log.grow(0, entries=[encode_leaf(LogOpened("demo", MOMENT, SIGNER.name))])
    return log


def open_petition(log, number, *files):
    """Hands in and opens a petition whose text lists files; the text's hash."""
    text = text_bytes(f"Петиция {number}", "Мәтін.", files)
    digest = sha256(text).hexdigest()
    log.write(f"text/{digest}", text)
    log.grow(0, entries=[encode_leaf(leaf) for leaf in (
        Submitted(MOMENT, f"petition/{number}", 1, "government", "A" * 43, "2026-12-21", "kk", "government", RULES, digest, "mobile"),
        PetitionOpened("Үкімет", 16, "2027-05-21T19:00:00Z", "kk", "2026-11-20T19:00:00Z", RULES, f"petition/{number}", digest,
                       50_000, ["desktop", "mobile"], f"Петиция {number}", "A" * 43),
    )])  # fmt: skip
    return digest


def show(log, number, file, content):
    log.write(f"../petitions/{number}/files/{file.sha256}", content)


@pytest.fixture
def keep(tmp_path, portal):
    """A round of a new process over HTTP; the mirror's folder."""

    def make(root=None, name="mirror"):
        folder = MirrorFolder(tmp_path / name)
        folder.path.mkdir(exist_ok=True)
        with serve(root or portal.folder.parent) as address, open_sources([address]) as sources:
            Keeper(folder, begin_or_resume(folder, sources, [address], [portal.vkey]), sources).round()
        return folder

    return make


def kept(folder):
    return {file.name: file.read_bytes() for file in (folder.path / "files").glob("*")}


def erase(log, digest):
    log.grow(0, entries=[encode_leaf(TextErased(MOMENT, [1, 2], "", "personal-data", digest))])


def test_files_are_kept_once_and_linked_from_the_pages_of_all_languages(portal, keep):
    open_petition(portal, 1, PLAN, PICTURE)
    open_petition(portal, 2, PLAN)
    for number, file, content in ((1, PLAN, PDF), (1, PICTURE, PNG), (2, PLAN, PDF)):
        show(portal, number, file, content)
    folder = keep()
    assert kept(folder) == {f"{PLAN.sha256}.pdf": PDF, f"{PICTURE.sha256}.png": PNG}
    for language, heading in (("kk", "Файлдар"), ("ru", "Файлы"), ("en", "Files")):
        page = folder.path / language / "petitions/1/index.html"
        text = page.read_text()
        assert f"<h3>{heading}</h3>" in text
        assert 'download="сызба &quot;1&quot;.pdf"' in text
        assert "dauys-attachments" not in text
        links = re.findall(r'href="([^"]+)" download', text)
        assert [(page.parent / link).read_bytes() for link in links] == [PDF, PNG]
    assert "dauys-attachments" not in (folder.path / "kk/petitions.js").read_text()


def test_a_mirror_of_a_mirror_has_them_too(portal, keep):
    open_petition(portal, 1, PLAN)
    show(portal, 1, PLAN, PDF)
    assert kept(keep(keep().path, "second")) == {f"{PLAN.sha256}.pdf": PDF}


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        (PLAN, PDF + b"\n"), (PLAN, PNG), (PLAN, None), (listed("a.pdf", ACTIVE), ACTIVE), (listed("a.pdf", PAGE), PAGE),
        (listed("a.html", PAGE, "text/html"), PAGE), (listed("a.svg", PAGE, "image/svg+xml"), PAGE),
        (PLAN._replace(size=len(PDF) + 1), PDF),
    ],
)  # fmt: skip
def test_what_is_not_as_listed_or_could_act_is_not_kept(portal, keep, file, shown):
    open_petition(portal, 1, file)
    if shown is not None:
        show(portal, 1, file, shown)
    folder = keep()
    assert kept(folder) == {}
    assert "This file is not here" in (folder.path / "en/petitions/1/index.html").read_text()


def test_what_came_later_or_was_not_finished_is_fetched_later(portal, keep):
    open_petition(portal, 1, PLAN, PICTURE)
    show(portal, 1, PLAN, PDF)
    folder = keep()
    unfinished = folder.path / "files" / f".{PICTURE.sha256}.png.x"
    unfinished.write_bytes(PNG[:5])
    (portal.folder.parent / "petitions/1/files" / PLAN.sha256).unlink()  # what is here is not asked for again
    show(portal, 1, PICTURE, PNG)
    keep()
    assert kept(folder) == {f"{PLAN.sha256}.pdf": PDF, f"{PICTURE.sha256}.png": PNG}
    assert not unfinished.exists()


def test_one_process_asks_again_only_after_a_while(portal, tmp_path, monkeypatch):
    open_petition(portal, 1, PLAN)
    clock = iter(range(0, 10_000, 100))
    now = 0.0
    monkeypatch.setattr(keeper.time, "monotonic", lambda: now)
    folder = MirrorFolder(tmp_path / "mirror")
    folder.path.mkdir()
    with serve(portal.folder.parent) as address, open_sources([address]) as sources:
        made = Keeper(folder, begin_or_resume(folder, sources, [address], [portal.vkey]), sources)
        made.round()
        show(portal, 1, PLAN, PDF)
        rounds = []
        for now in clock:  # noqa: B007 - the clock that the keeper reads
            made.round()
            rounds.append(len(kept(folder)))
            if kept(folder):
                break
    assert rounds == [0, 0, 0, 0, 0, 0, 1]
    assert "download=" in (folder.path / "en/petitions/1/index.html").read_text()


def test_what_the_log_erases_is_dropped_and_never_fetched_again(portal, keep):
    open_petition(portal, 1, PLAN, PICTURE)
    show(portal, 1, PLAN, PDF)
    show(portal, 1, PICTURE, PNG)
    keep()
    erase(portal, PLAN.sha256)
    for _ in range(2):  # the portal still serves it
        folder = keep()
        assert kept(folder) == {f"{PICTURE.sha256}.png": PNG}
        text = (folder.path / "en/petitions/1/index.html").read_text()
        assert "The log erased this file (entry No. 3, personal-data)" in text
        assert PLAN.sha256 in text
        assert "сызба" not in text


def test_files_go_with_the_text_that_alone_lists_them(portal, keep):
    first = open_petition(portal, 1, PLAN, PICTURE)
    open_petition(portal, 2, PLAN)
    for number, file, content in ((1, PLAN, PDF), (1, PICTURE, PNG), (2, PLAN, PDF)):
        show(portal, number, file, content)
    keep()
    erase(portal, first)
    folder = keep()
    assert kept(folder) == {f"{PLAN.sha256}.pdf": PDF}
    assert "download=" not in (folder.path / "en/petitions/1/index.html").read_text()


def test_what_moderators_remove_stays_with_its_text_under_the_tombstone(portal, keep):
    digest = open_petition(portal, 1, PLAN)
    show(portal, 1, PLAN, PDF)
    keep()
    portal.grow(
        0, entries=[encode_leaf(Removed(MOMENT, "petition/1", "2026-12-21", "0" * 64, [1, 2], "danger-to-life"))]
    )
    (portal.folder / "text" / digest).unlink()
    portal.write(f"text/{digest}.withheld", b"danger-to-life\n")
    (portal.folder.parent / "petitions/1/files" / PLAN.sha256).unlink()
    folder = keep()
    text = (folder.path / "kk/petitions/1/index.html").read_text()
    assert 'class="tombstone"' in text
    assert "download=" in text
    assert kept(folder) == {f"{PLAN.sha256}.pdf": PDF}


def test_they_are_served_for_saving_and_nothing_in_them_runs(portal, keep):
    open_petition(portal, 1, PLAN)
    show(portal, 1, PLAN, PDF)
    folder = keep()
    (folder.path / "files/page.html").write_bytes(PAGE)
    with running(create_app(folder)) as client:
        served = client.get(f"/files/{PLAN.sha256}.pdf")
        assert (served.status_code, served.content) == (200, PDF)
        assert served.headers["content-type"] == "application/pdf"
        assert served.headers["content-disposition"] == "attachment"
        assert served.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in served.headers["content-security-policy"]
        for path in ("page.html", PLAN.sha256, f"{PLAN.sha256}.png", "", f"x/{PLAN.sha256}.pdf"):
            assert client.get(f"/files/{path}").status_code == 404
