"""Files beside a text: signed with it, public with it, gone with their draft."""

import hashlib
import shutil
import struct
import zlib
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import webworld
from dauys.errors import AttachmentsNoRoom

NOW = datetime.now(UTC)


def png(width=1):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(width + 1)))
        + chunk(b"IEND", b"")
    )


def on_disk():
    places, _ = webworld.installation()
    return {file.name for file in (places.var / "attachments").glob("*")}


@pytest.fixture
def draft(portal):
    places, _ = webworld.installation()
    shutil.rmtree(places.var / "attachments", ignore_errors=True)
    answer = portal.post("/kk/petitions/new/title", {"title": "Ауылға таза су керек", "written": "kk"})
    portal.post("/kk/petitions/draft/addressee", {"body": "government"})
    return portal, answer.cookies["dauys_draft"].value


def send(draft, content, name="сурет.png", action="attach", text="Құбыр тозған."):
    from dauys.petitions.services import drafting

    portal, secret = draft
    fields = {"language": "kk", "title-kk": "Ауылға таза су керек", "text-kk": text, "action": action}
    fields["revision"] = drafting.find(secret).revision
    return portal.post("/kk/petitions/draft/text", fields | {"file": SimpleUploadedFile(name, content)})


def handed_in(secret):
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.services import drafting, handing_in

    draft = drafting.find(secret)
    facts = OFFICES["petition.submission"].describe(f"draft/{draft.pk}")
    _, keys = webworld.installation()
    return handing_in.hand_in(keys, draft, facts.sha256, webworld.evidence(), "Айгүл С.", NOW)


def test_a_file_is_signed_with_the_text_and_public_with_it(draft):
    from dauys.petitions.services import moderation

    portal, secret = draft
    assert send(draft, png()).status_code == 303
    digest = hashlib.sha256(png()).hexdigest()
    petition = handed_in(secret)
    address = f"/petitions/{petition.pk}/files/{digest}"
    assert portal.get(address).status_code == 404
    _, keys = webworld.installation()
    moderation.accept(keys, petition.pk, webworld.MODERATOR, NOW + timedelta(seconds=1))
    answer = portal.get(address)
    assert (answer.getvalue(), answer["Content-Type"]) == (png(), "image/png")
    assert answer.streaming  # a cache of pages would keep megabytes in memory
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    text = portal.get(f"/petitions/{petition.pk}/text.txt").content
    assert text.decode().endswith(f"\ndauys-attachments/v1\n{digest} {len(png())} image/png сурет.png\n")
    assert hashlib.sha256(text).hexdigest() == petition.life.text_sha256
    assert "сурет.png" in unescape(portal.get(f"/kk/petitions/{petition.pk}").content.decode())
    assert portal.get(f"/petitions/{petition.pk}/files/{'0' * 64}").status_code == 404
    assert portal.get(f"/petitions/{petition.pk}/files/..").status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"#!/bin/sh", 422, "Тек PDF"),
        (b"%PDF-1.7 << /S /JavaScript >> %%EOF", 422, "JavaScript"),
        (png() + bytes(5_000_001), 413, "5 МБ"),
    ],
)
def test_a_file_that_is_refused_costs_no_words(draft, content, status, said):
    portal, _ = draft
    answer = send(draft, content, text="Осы сөздер жоғалмасын.")
    assert answer.status_code == status
    assert said in unescape(answer.content.decode())
    for page in (answer, portal.get("/kk/petitions/draft/text")):
        assert "Осы сөздер жоғалмасын." in unescape(page.content.decode())


def test_as_many_files_as_the_rules_say_each_once_and_they_can_be_removed(draft):
    portal, _ = draft
    for width in (1, 2):
        assert send(draft, png(width)).status_code == 303
    assert send(draft, png(2), "басқа аты.png").status_code == 422
    assert send(draft, png(3)).status_code == 303
    answer = send(draft, png(4))
    assert answer.status_code == 422
    assert "3 файл ғана" in unescape(answer.content.decode())
    assert len(on_disk()) == 3
    send(draft, b"", action="remove:" + hashlib.sha256(png(2)).hexdigest())
    assert on_disk() == {hashlib.sha256(png(width)).hexdigest() for width in (1, 3)}
    portal.post("/kk/petitions/draft/delete")
    assert on_disk() == set()


def test_a_file_that_two_drafts_have_stays_until_both_are_gone(draft):
    from dauys.petitions.services import drafting, sweeping

    portal, secret = draft
    send(draft, png())
    other = drafting.begin("Басқа", "kk", NOW)[1]
    portal.cookies["dauys_draft"] = other
    send((portal, other), png())
    sweeping.forget(secret, NOW)
    assert len(on_disk()) == 1
    assert sweeping.sweep_drafts(NOW + timedelta(days=91)) == 1
    assert on_disk() == set()


def test_a_files_name_is_a_name():
    from dauys.petitions.services.attachments import named

    assert named("C:\\папка\\сызба.exe", ".pdf") == "сызба.pdf"
    assert named("../../etc/passwd", ".png") == "passwd.png"
    assert named("a\u202egnp.b\n", ".jpg") == "agnp.jpg"
    assert named(" . ", ".pdf") == "file.pdf"


def test_a_disk_is_not_a_strangers_to_fill(draft, monkeypatch):
    from dauys.petitions.services import attachments

    _, secret = draft
    monkeypatch.setattr(attachments, "MOST_KEPT", len(png()) + 10)
    assert send(draft, png()).status_code == 303
    answer = send(draft, png(9))
    assert answer.status_code == AttachmentsNoRoom.status
    handed_in(secret)


def test_a_draft_shows_its_files_to_those_who_hold_it(draft):
    from django.test import Client

    portal, _ = draft
    send(draft, png())
    address = f"/kk/petitions/draft/files/{hashlib.sha256(png()).hexdigest()}"
    assert portal.get(address).getvalue() == png()
    assert Client().get(address).status_code == 404


def test_the_preview_lists_the_files(draft):
    portal, _ = draft
    send(draft, png())
    page = unescape(portal.get("/kk/petitions/draft/preview").content.decode())
    assert "сурет.png" in page
    assert portal.post("/kk/petitions/draft/preview").status_code == 303


def test_programs_find_the_files_of_a_petition_by_its_public_facts(draft):
    from dauys.petitions.services import moderation

    portal, secret = draft
    send(draft, png())
    petition = handed_in(secret)
    address = f"/petitions/{petition.pk}.json"
    assert portal.get(address).json()["attachments"] == []  # nobody has judged it yet
    moderation.accept(webworld.installation()[1], petition.pk, webworld.MODERATOR, NOW + timedelta(seconds=1))
    (told,) = portal.get(address).json()["attachments"]
    (file,) = petition.attached
    assert told == file.attached._asdict() | {"address": f"/petitions/{petition.pk}/files/{file.sha256}"}
    assert hashlib.sha256(portal.get(told["address"]).getvalue()).hexdigest() == told["sha256"]


def test_a_mirror_finds_them_at_the_portal(draft, tmp_path):
    """Text and file as the portal publishes them, read as a mirror reads: what is signed is what is mirrored."""
    from dauys.mirror.folder import MirrorFolder
    from dauys.mirror.keeper import Keeper
    from dauys.mirror.keys import begin_or_resume
    from dauys.mirror.sources import FolderSource
    from dauys.petitions.services import moderation

    portal, secret = draft
    send(draft, png(7), text=f"Құбыр тозған. {secret}")
    petition = handed_in(secret)
    places, keys = webworld.installation()
    moderation.accept(keys, petition.pk, webworld.MODERATOR, NOW + timedelta(seconds=1))
    webworld.publish(places, keys)

    class Portal(FolderSource):
        def file(self, number, file):
            answer = portal.get(f"/petitions/{number}/files/{file.sha256}")
            return answer.getvalue() if answer.status_code == 200 else None

    folder, sources = MirrorFolder(tmp_path), [Portal(places.log)]
    state = begin_or_resume(folder, sources, ["portal"], [keys.log.verifier.vkey])
    Keeper(folder, state, sources).round()
    digest = hashlib.sha256(png(7)).hexdigest()
    assert (tmp_path / f"files/{digest}.png").read_bytes() == png(7)
    assert 'download="сурет.png"' in (tmp_path / f"kk/petitions/{petition.pk}/index.html").read_text()
