"""What an office says in other languages: logged by hash, shown to readers of that language, bound by the head's signature."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

import deskworld
from dauys.errors import BadInput, ExplanationUnfinished, TextChanged
from deskworld import refusal
from webworld import MODERATOR, SECOND_MODERATOR, Official, evidence, hand_in, installation

pytestmark = pytest.mark.usefixtures("portal", "offices")

CLERK = Official(4, "clerk")
KK, RU, EN = "Құбырды ауыстырамыз.", "Заменим трубу.", "We replace the pipe."


def last_leaf(petition):
    from dauys.ledger.leaves import decode_leaf

    return decode_leaf(bytes(petition.events.order_by("-index").first().entry))


def digest(words):
    return hashlib.sha256(f"{words}\n".encode()).hexdigest()


def called(others, now=None):
    from dauys.petitions.services import consideration

    _, keys = installation()
    now = now or datetime.now(UTC)
    petition = deskworld.considered(keys, now - timedelta(days=20))
    held = now - timedelta(days=2)
    return consideration.call_hearing(keys, petition.pk, KK, held, "Астана", CLERK, now - timedelta(days=19), others)


def panel(client, language, petition, name):
    page = client.get(f"/{language}/petitions/{petition.pk}").content.decode()
    return re.search(rf'<section class="panel[^>]*aria-labelledby="{name}".*?</section>', page, re.DOTALL)[0]


def first_said(html):
    return re.findall(r'<div class="said" lang="(..)">\s*<p>(.*?)</p>', html)


def test_the_leaf_names_each_translation_beside_what_it_translates():
    petition = called({"ru": RU, "en": f" {EN}\r\n"})
    made = [(each.language, each.of, each.text) for each in last_leaf(petition).translations]
    assert made == [("en", digest(KK), digest(EN)), ("ru", digest(KK), digest(RU))]


@pytest.mark.parametrize("others", [{}, {"ru": "  "}, {"ru": KK}])
def test_without_translations_the_entry_has_the_bytes_it_always_had(others):
    petition = called(others)
    assert b"translations" not in bytes(petition.events.order_by("-index").first().entry)


def test_dots_of_ready_words_and_languages_that_are_none_are_refused():
    with pytest.raises(ExplanationUnfinished):
        called({"ru": "Потому что … и всё."})
    with pytest.raises(BadInput):
        called({"de": "Wir tauschen das Rohr."})


@pytest.mark.parametrize(
    ("made", "fits"),
    [
        ([("ru", KK, RU), ("en", KK, EN)], True),
        ([("ru", KK, RU), ("ru", KK, EN)], False),  # two that both claim to be it
        ([("ru", RU, EN)], False),  # of nothing that this step says
        ([("kk", KK, RU)], False),  # in the language of what counts
    ],
)
def test_an_auditor_refuses_translations_of_nothing(made, fits):
    from dauys.errors import StepForbidden
    from dauys.ledger.petition_leaves import Translation
    from dauys.petitions.life import step
    from dauys.petitions.terms import terms_of

    petition = called({})
    leaf = replace(
        last_leaf(petition),
        translations=[Translation(language, digest(of), digest(text)) for language, of, text in made],
    )
    if fits:
        assert step(petition.life, leaf, terms_of(petition.rules)).draft == digest(KK)
    else:
        with pytest.raises(StepForbidden):
            step(petition.life, leaf, terms_of(petition.rules))


def test_each_reader_sees_their_language_and_what_counts(portal):
    petition = called({"ru": RU})
    for language, shown, said, counts in (("kk", "kk", KK, True), ("ru", "ru", RU, False), ("en", "kk", KK, True)):
        hearing = panel(portal, language, petition, "hearing")
        assert (shown, said) in first_said(hearing)
        other = {KK: RU, RU: KK}[said]
        assert re.search(rf"<details[^>]*said__other.*?{other}", hearing, re.DOTALL)
        assert ("translated" not in hearing) == counts
        assert hearing.count('class="seal"') == 1
    assert "Силу имеет текст: Қазақша" in panel(portal, "ru", petition, "hearing")


def test_no_translation_stands_where_the_text_that_counts_was_taken_away(portal):
    from dauys.desk.texts import withhold_text
    from dauys.desk.transactions import office_transaction

    petition = called({"ru": RU})
    with office_transaction():
        withhold_text(digest(KK), "danger-to-life")
    assert RU not in panel(portal, "ru", petition, "hearing")


def test_a_translation_can_be_erased_as_every_text():
    from dauys.petitions.services.erasing import erasable

    petition = called({"ru": RU})
    assert digest(RU) in [each.sha256 for each in erasable(petition)]


def test_a_moved_hearing_keeps_its_translations_at_the_desk(clerk):
    petition = called({"ru": RU})
    page = deskworld.browser(clerk).get(f"/en/desk/agency/{petition.pk}").content.decode()
    assert re.search(rf'name="draft-ru"[^>]*>{RU}<', page)


def test_the_head_signs_for_the_translations_too(clerk, head):
    from dauys.ledger.office_acts import Evidence, SignedAct
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.services import consideration

    _, keys = installation()
    petition = called({})
    consideration.hold_hearing(keys, petition.pk, "Хаттама", 4, CLERK, datetime.now(UTC), {"ru": "Протокол."})
    client, path = deskworld.browser(clerk), f"/ru/desk/agency/{petition.pk}"
    sent = {"step": "decision", "answer": "satisfied", "decision": KK, "decision-ru": RU}
    assert client.post(path, sent).status_code == 303
    assert RU in client.get(path).content.decode()  # the preview has it
    reference = f"decision/{petition.pk}"
    office = OFFICES["petition.decision"]
    shown = office.describe(reference).sha256
    signed_for = f"answer: satisfied\npromises: 0\ntranslation ru: {digest(RU)}\n\n{KK}\n"
    assert shown == hashlib.sha256(signed_for.encode()).hexdigest()
    signature = Evidence(head.person, b"an envelope", b"fedcba9876543210", "mobile")
    client.post(path, sent | {"decision-ru": "Не заменим."})
    with pytest.raises(TextChanged):
        office.take(SignedAct(reference, shown, "ru", signature, "Б.", datetime.now(UTC)))
    client.post(path, sent)
    office.take(SignedAct(reference, shown, "ru", signature, "Б.", datetime.now(UTC)))
    petition.refresh_from_db()
    (made,) = last_leaf(petition).translations
    assert (petition.state, made.text) == ("decided", digest(RU))


def test_a_decision_without_translations_is_signed_as_ever():
    from dauys.petitions.canonical import decision_bytes

    assert decision_bytes("refused", KK, []) == f"answer: refused\npromises: 0\n\n{KK}\n".encode()


def test_a_refusal_is_explained_in_the_authors_and_in_readers_languages(portal, first, second):
    petition = hand_in(datetime.now(UTC) - timedelta(days=1))
    path = f"/kk/desk/moderation/{petition.pk}"
    one, other = deskworld.browser(first), deskworld.browser(second)
    unfinished = refusal() | {"explanation-ru": "Требования нет: … Напишите его."}
    assert one.post(path, unfinished).status_code == 400
    assert one.post(path, refusal() | {"explanation-ru": "Требования нет."}).status_code == 303
    assert "Требования нет." in other.get(path).content.decode()  # who confirms has read it
    assert other.post(path, {"step": "confirm"}).status_code == 303
    page = portal.get(f"/ru/petitions/{petition.pk}").content.decode()
    assert re.search(r'<div class="said" lang="ru">\s*<p>“Қысым әлсіз\.”</p>\s*<p>Требования нет\.</p>', page)


def test_mergers_transfers_and_appeals_can_be_translated():
    from dauys.petitions.services import appeals, authoring, moderation

    _, keys = installation()
    now = datetime.now(UTC) - timedelta(days=1)
    petition = hand_in(now)
    moved = moderation.transfer(keys, petition.pk, "b", {}, KK, MODERATOR, "moderator", now, {"ru": RU})
    assert last_leaf(moved).translations[0].text == digest(RU)
    moderation.propose(keys, petition.pk, "refuse", ["no-demand"], KK, MODERATOR, now)
    moderation.confirm(keys, petition.pk, SECOND_MODERATOR, now)
    authoring.appeal(keys, petition.pk, "refusal", "Талап бар.", evidence(), now)
    judged = appeals.decide_appeal(keys, petition.pk, False, KK, Official(9, "reviewer"), now, others={"en": EN})
    assert last_leaf(judged).translations[0].language == "en"
