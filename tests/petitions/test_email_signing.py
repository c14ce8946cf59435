"""Signing by e-mail under the rules of an independent site: the letter, the click, the limits, and what stays of it."""

import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

import webworld
from dauys.ledger import sqlite
from dauys.ledger.leaves import PetitionSignature, decode_leaf, from_text
from dauys.ledger.opener import OperatorOpener
from dauys.ledger.vault_audit import VaultAudit
from dauys.ledger.withdrawal_leaves import SignatureWithdrawn
from webworld import MODERATOR, evidence, installation

ADDRESS = "ai.gul+x@gmail.com"


@pytest.fixture
def portal(monkeypatch, tmp_path):
    webworld.installation()
    from django.conf import settings
    from django.test import Client

    from dauys.desk.models import Mail
    from dauys.petitions.models import Quota

    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", tmp_path / "mail")
    yield Client()
    Mail.objects.all().delete()
    Quota.objects.all().delete()
    webworld.clear()


@pytest.fixture
def petition(portal):  # noqa: ARG001 - the installation it stands on
    """Open for signing, under the rules that promise to count e-mail."""
    from dauys.petitions.services import authoring, moderation
    from dauys.rules.pack import load_pack

    _, keys = installation()
    now = datetime.now(UTC)
    rules = load_pack("site", date(2026, 11, 21))
    handed_in = authoring.submit(keys, rules, webworld.submission(level="country"), evidence(), now - timedelta(days=2))
    return moderation.accept(keys, handed_in.pk, MODERATOR, now - timedelta(days=1))


def letters(portal):
    """What the worker handed over."""
    from dauys.desk.mail import send_due

    send_due(installation()[1], datetime.now(UTC) + timedelta(seconds=1))
    return portal.get("/kk/demo/mail").content.decode()


def ask(portal, petition, address=ADDRESS, language="kk"):
    return portal.post(f"/{language}/petitions/{petition.pk}/sign/email", {"address": address, "declare": "yes"})


def link(page):
    return re.search(r"/(?:kk|ru)/petitions/email/[A-Za-z0-9:_-]+", page)[0]


def signatures(petition):
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        entries = sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)
    leaves = map(decode_leaf, entries)
    return [x for x in leaves if isinstance(x, PetitionSignature) and x.subject == petition.subject_name]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_letter_a_click_and_it_counts_once(portal, petition, language):
    assert (
        f"/{language}/petitions/{petition.pk}/sign/email"
        in portal.get(f"/{language}/petitions/{petition.pk}").content.decode()
    )
    assert ask(portal, petition, language=language).status_code == 200
    address = link(letters(portal))
    page = portal.get(address).content.decode()
    assert "tier: email" in page
    assert "age&gt;=14" in page
    assert not {"азаматы", "гражданином", "citizen"} & set(re.split(r"[^\\w]+", page))
    assert signatures(petition) == []  # a mail program that looks signs nothing
    answers = [portal.post(address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert f'action="/{language}/petitions/{petition.pk}/follow"' in answers[0].content.decode()
    assert [leaf.tier for leaf in signatures(petition)] == ["email"]
    receipt = portal.post(f"{address}/receipt").content.decode()
    assert receipt.startswith("c2sp.org/tlog-proof")


def test_another_spelling_of_the_same_mailbox_counts_no_second_time(portal, petition):
    for address in (ADDRESS, "AIGUL@googlemail.com"):
        ask(portal, petition, address)
        assert portal.post(link(letters(portal))).status_code == 200
    assert len(signatures(petition)) == 1


def test_nothing_of_the_address_stays(portal, petition):
    places, _ = installation()
    ask(portal, petition, "very.special.person@example.kz")
    portal.post(link(letters(portal)))
    for file in places.database.parent.glob("dauys.sqlite3*"):
        content = file.read_bytes()
        assert b"very.special.person" not in content
        assert b"veryspecialperson" not in content


def test_bad_links_and_late_ones_sign_nothing(portal, petition):
    ask(portal, petition)
    address = link(letters(portal))
    assert portal.post(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 403
    assert portal.get("/kk/petitions/email/nonsense").status_code == 403
    from dauys.errors import LetterExpired
    from dauys.petitions.services import email_signing

    with pytest.raises(LetterExpired):
        email_signing.confirm(installation()[1], address.rpartition("/")[2], datetime.now(UTC) + timedelta(days=3))
    assert signatures(petition) == []


@pytest.mark.parametrize(("address", "status"), [("a@mailinator.com", 400), ("nobody", 400), ("", 400)])
def test_an_unfit_address_is_told_on_the_form_and_kept_there(portal, petition, address, status):
    answer = ask(portal, petition, address)
    assert answer.status_code == status
    assert f'value="{address}"' in answer.content.decode()


def test_a_mailbox_is_not_flooded_and_a_domain_is_limited(portal, petition):
    from dauys.petitions.email_links import LETTERS_A_DAY
    from dauys.rules.mailboxes import letters_an_hour

    assert [ask(portal, petition).status_code for _ in range(LETTERS_A_DAY + 1)] == [200] * LETTERS_A_DAY + [429]
    limit = letters_an_hour("a@small.kz")
    answers = [ask(portal, petition, f"a{n}@small.kz").status_code for n in range(limit + 1)]
    assert answers[-1] == 429 or answers.count(429) <= 1  # an hour may end between two


def test_the_law_of_the_country_admits_no_e_mail(portal):
    petition = webworld.add_petition()
    assert ask(portal, petition).status_code == 409
    assert "sign/email" not in portal.get(f"/kk/petitions/{petition.pk}").content.decode()


@pytest.fixture
def signed(portal, petition):
    """A petition with one signature by e-mail; the letter that made it is gone."""
    ask(portal, petition)
    portal.post(link(letters(portal)))
    clear_letters()
    return petition


def clear_letters():
    from django.conf import settings

    for file in settings.EMAIL_FILE_PATH.glob("*"):
        file.unlink()


def ask_back(portal, petition, address=ADDRESS, language="kk"):
    """The page of the link that comes to a mailbox whose address is typed."""
    answer = portal.post(f"/{language}/petitions/{petition.pk}/unsign/email", {"address": address})
    return answer, re.search(r"/(?:kk|ru)/petitions/unsign/[A-Za-z0-9_-]+", letters(portal))[0]


def withdrawn(petition):
    """(entry, leaf) of each."""
    places, _ = installation()
    with closing(sqlite.connect(places.database)) as connection:
        entries = sqlite.read_entries(connection, 0, sqlite.read_tail(connection).size)
    leaves = enumerate(map(decode_leaf, entries))
    return [(n, x) for n, x in leaves if isinstance(x, SignatureWithdrawn) and x.subject == petition.subject_name]


def vault_findings(index):
    """What an auditor with the vault says of one entry; alone, since in one database of many tests names recur."""
    places, keys = installation()
    with closing(sqlite.connect(places.database)) as connection:
        audit = VaultAudit(connection, OperatorOpener(connection, keys), trust=None)
        audit.survey()
        audit.check([index])
    return [finding.sentence for finding in audit.findings if finding.index == index]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_signature_by_e_mail_is_taken_back_once_and_for_good(portal, signed, language):
    assert (
        f"/{language}/petitions/{signed.pk}/unsign/email"
        in portal.get(f"/{language}/petitions/{signed.pk}/unsign").content.decode()
    )
    answer, address = ask_back(portal, signed, language=language)
    assert answer.status_code == 200
    assert "kind: petition.signature-withdrawal" in portal.get(address).content.decode()
    assert withdrawn(signed) == []  # a mail program that looks withdraws nothing
    assert [portal.post(address).status_code for _ in range(2)] == [200, 200]
    ((index, leaf),) = withdrawn(signed)
    assert leaf.tier == "email"
    assert vault_findings(index) == []
    clear_letters()
    ask(portal, signed)
    assert portal.post(link(letters(portal))).status_code == 200  # looks as if it stood still
    assert len(signatures(signed)) == 1


def test_the_form_tells_nobody_who_has_signed(portal, signed):
    answers = [ask_back(portal, signed, address) for address in (ADDRESS, "somebody.else@gmail.com")]
    said = [
        answer.content.decode().replace(ADDRESS, "").replace("somebody.else@gmail.com", "") for answer, _ in answers
    ]
    assert said[0] == said[1]


def test_a_mailbox_that_never_signed_withdraws_nothing(portal, signed):
    _, address = ask_back(portal, signed, "somebody.else@gmail.com")
    assert portal.post(address).status_code == 409
    assert withdrawn(signed) == []


def test_a_link_to_sign_withdraws_nothing_and_the_other_way_round(portal, signed):
    _, address = ask_back(portal, signed)
    token = address.rpartition("/")[2]
    assert portal.post(f"/kk/petitions/email/{token}").status_code == 403
    clear_letters()
    ask(portal, signed, "another@gmail.com")
    token = link(letters(portal)).rpartition("/")[2]
    assert portal.post(f"/kk/petitions/unsign/{token}").status_code == 403


def test_an_auditor_finds_a_withdrawal_that_no_letter_made(signed):
    from dauys.ledger import withdrawals
    from dauys.ledger.keyless import link_evidence

    places, keys = installation()
    (signature,) = signatures(signed)
    name, pseudonym = signed.subject_name, from_text(signature.pseudonym)
    with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
        evidence = link_evidence(keys, name, pseudonym, b"kind: petition.signature\n", bytes(16), datetime.now(UTC))
        withdrawals.withdraw_by_link(connection, keys, name, pseudonym, evidence, datetime.now(UTC))
    ((index, _),) = withdrawn(signed)
    assert vault_findings(index) != []


def test_a_late_link_is_answered_with_a_page_that_says_so(portal, signed, monkeypatch):
    _, address = ask_back(portal, signed)
    late = datetime.now(UTC) + timedelta(days=3)
    monkeypatch.setattr("dauys.petitions.views.unsigning.timezone.now", lambda: late)
    answer = portal.get(address)
    assert answer.status_code == 410
    assert "letter-expired" in answer.content.decode()
