"""A public text goes for good when two administrators agree, and a mark, the hash and an entry of the log stay."""

import hashlib
import secrets
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import deskworld
import webworld
from dauys.ledger import sqlite
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.vault_leaves import TextErased, erased_texts
from deskworld import words
from webworld import MODERATOR, SECOND_MODERATOR, TEXTS, installation

pytestmark = pytest.mark.usefixtures("portal", "offices")

PATH = "/kk/desk/erasures/"


@pytest.fixture
def two():
    rows = [deskworld.official("administrator", name=name) for name in ("Бірінші Ә.", "Екінші Ә.")]
    return rows, [deskworld.browser(row) for row in rows]


def new_petition():
    """One whose texts no other has: erased, they are erased in the log of all tests."""
    mark = secrets.token_hex(8)
    return webworld.add_petition(
        texts={language: (title, f"{text} {mark}") for language, (title, text) in TEXTS.items()}
    )


def stop(petition):
    from dauys.petitions.services import moderation

    _, keys = installation()
    now = datetime.now(UTC)
    moderation.propose(
        keys,
        petition.pk,
        "stop",
        ["done"],
        f"Оспан Оспанов, 87011234567, сұрады. {secrets.token_hex(8)}",
        MODERATOR,
        now,
    )
    return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, now)


def log():
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        return [decode_leaf(entry) for entry in sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)]


def ask(petition, sha256, step="propose", **other):
    return {"petition": petition.pk, "sha256": sha256, "step": step, "reason": "personal-data"} | other


def test_two_administrators_erase_an_explanation(portal, two):
    (one, other), (first, second) = two
    petition = stop(new_petition())
    digest, page = petition.life.explanation, f"/ru/petitions/{petition.pk}"
    assert "87011234567" in words(portal.get(page))
    assert "87011234567" in words(first.get(f"{PATH}?petition={petition.pk}"))
    assert first.post(PATH, ask(petition, digest)).headers["Location"].endswith(f"?petition={petition.pk}")
    assert first.post(PATH, ask(petition, digest, "confirm")).status_code == 403
    assert "87011234567" in words(portal.get(page))
    assert "87011234567" in words(second.get(PATH))
    assert second.post(PATH, ask(petition, digest, "confirm")).status_code == 303
    assert "87011234567" not in words(portal.get(page))
    assert "персональные данные" in words(portal.get(page))
    leaf = log()[-1]
    assert isinstance(leaf, TextErased)
    assert (leaf.text, leaf.reason, leaf.officials, leaf.order) == (
        digest,
        "personal-data",
        sorted([one.pk, other.pk]),
        "",
    )
    assert digest in erased_texts(log())
    places, keys = installation()
    webworld.publish(places, keys)
    assert (places.log / "text" / f"{digest}.withheld").read_text() == "personal-data\n"
    assert not (places.log / "text" / digest).exists()
    assert second.post(PATH, ask(petition, digest)).status_code == 404
    from dauys.desk.models import Action

    kinds = Action.objects.filter(subject=petition.subject_name).order_by("-pk").values_list("kind", "by")[:2]
    assert list(kinds) == [("text.erased", other.pk), ("text.erasure-proposed", one.pk)]


def test_what_is_signed_now_cannot_be_erased_and_goes_after_a_stop(portal, two):
    from dauys.petitions.models import Petition, PetitionText

    _, (first, second) = two
    petition = new_petition()
    own, page = petition.life.text_sha256, f"/kk/petitions/{petition.pk}"
    refused = first.post(PATH, ask(petition, own))
    assert (refused.status_code, refused.context["problem"] != "") == (409, True)
    stop(petition)
    order = SimpleUploadedFile("order.pdf", b"the court decided")
    assert first.post(PATH, ask(petition, own, reason="court-order", order=order)).status_code == 303
    assert second.post(PATH, ask(petition, own, "confirm")).status_code == 303
    assert log()[-1].order == hashlib.sha256(b"the court decided").hexdigest()
    petition = Petition.objects.get(pk=petition.pk)
    assert not petition.text_public
    shown = portal.get(page)
    assert shown.status_code == 200
    text = TEXTS["kk"][1][:40]
    assert text not in words(shown)
    assert "Мәтін өшірілді" in words(shown)
    assert portal.get(f"{page}/text").status_code in (404, 410)
    assert {version.text for version in PetitionText.objects.filter(petition=petition)} == {"—"}
    assert str(petition.pk) not in [
        str(each.pk) for each in portal.get("/kk/petitions/?q=" + TEXTS["kk"][0][:9]).context["page"]
    ]


def test_the_exact_text_is_gone_with_its_reason(portal, two):
    from django.urls import reverse

    _, (first, second) = two
    petition = stop(new_petition())
    address = reverse("petition-text", args=[petition.pk])
    assert portal.get(address).status_code == 200
    first.post(PATH, ask(petition, petition.life.text_sha256))
    second.post(PATH, ask(petition, petition.life.text_sha256, "confirm"))
    assert portal.get(address).status_code == 410


def test_a_file_goes_from_the_disk(portal, two):
    from dauys.petitions.models import PetitionFile
    from dauys.petitions.services.attachments import path_of

    _, (first, second) = two
    petition = new_petition()
    content = b"%PDF-1.4 somebody's passport" + secrets.token_bytes(8)
    digest = hashlib.sha256(content).hexdigest()
    PetitionFile.objects.create(
        petition=petition, attempt=1, position=1, name="паспорт.pdf", media_type="application/pdf", size=len(content), sha256=digest,
    )  # fmt: skip
    path_of(digest).parent.mkdir(parents=True, exist_ok=True)
    path_of(digest).write_bytes(content)
    stop(petition)
    address = f"/petitions/{petition.pk}/files/{digest}"
    shown = portal.get(address)
    assert b"".join(shown.streaming_content) == content
    shown.close()
    first.post(PATH, ask(petition, digest))
    second.post(PATH, ask(petition, digest, "confirm"))
    assert not path_of(digest).exists()
    assert "бұл файл өшірілген" in words(portal.get(f"/kk/petitions/{petition.pk}"))
    assert portal.get(address).status_code == 410


def test_a_proposal_can_be_dropped_and_the_text_stays(two, portal):
    _, (first, second) = two
    petition = stop(new_petition())
    digest = petition.life.explanation
    size = len(log())
    first.post(PATH, ask(petition, digest))
    assert second.post(PATH, ask(petition, digest, "drop")).status_code == 303
    assert second.post(PATH, ask(petition, digest, "confirm")).status_code == 404
    assert "87011234567" in words(portal.get(f"/kk/petitions/{petition.pk}"))
    assert len(log()) == size


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": "court-order"}, 400), ({"reason": "we-dislike-it"}, 400), ({"order_sha256": "ab" * 32}, 400),
        ({"sha256": "ab" * 32}, 404), ({"petition": 999_999}, 404), ({"petition": ""}, 404), ({"step": "burn"}, 404),
    ],
)  # fmt: skip
def test_what_is_no_proposal(two, changes, status):
    _, (first, _) = two
    petition = stop(new_petition())
    size = len(log())
    assert first.post(PATH, ask(petition, petition.life.explanation) | changes).status_code == status
    assert len(log()) == size


def test_only_administrators(first):
    petition = stop(new_petition())
    client = deskworld.browser(first)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, ask(petition, petition.life.explanation)).status_code == 403


def test_a_removed_text_that_was_erased_is_not_shown_again_by_an_appeal():
    from dauys.desk.texts import is_erased
    from dauys.petitions.services import erasing
    from webworld import Official

    petition = stop(new_petition())
    own, now = petition.life.text_sha256, datetime.now(UTC)
    erasing.propose(petition.pk, own, "personal-data", "", Official(8, "administrator"), now)
    erasing.confirm(petition.pk, own, Official(9, "administrator"), now)
    assert is_erased(own)
    petition.refresh_from_db()
    petition.follow(petition.life)
    assert not petition.text_public
