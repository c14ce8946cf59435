"""Drafts: kept as they are, held by a secret, handed in exactly as signed, or not at all."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from dauys.errors import (
    BadInput,
    DraftChanged,
    DraftFrozen,
    DraftNotReady,
    DraftUnknown,
    NotTheAuthor,
    StepForbidden,
    TextChanged,
    TooManyCoAuthors,
)
from webworld import MODERATOR, SECOND_MODERATOR, evidence, installation

pytestmark = pytest.mark.usefixtures("portal")

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)  # a Monday morning
LATER = NOW + timedelta(days=1)


def begun(title="Ауылға таза су керек", language="kk"):
    from dauys.petitions.services import drafting

    return drafting.begin(title, language, NOW)[1]


def written(secret, revision=0, language="kk", **texts):
    from dauys.petitions.services import drafting

    texts = texts or {"kk": ("Ауылға таза су керек", "Құбыр тозған. Ауыстырыңыз."), "ru": ("Селу вода", "Трубы.")}
    return drafting.write(secret, drafting.Written(language, "utilities", texts), revision, NOW)


def ready():
    from dauys.petitions.services import drafting

    secret = begun()
    written(secret)
    drafting.address(secret, "government", NOW)
    return secret


def hand_in(secret, person="author", signer="Айгүл С.", now=LATER, sha256=None):
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.services import drafting, handing_in

    _, keys = installation()
    draft = drafting.find(secret)
    sha256 = sha256 or OFFICES["petition.submission"].describe(f"draft/{draft.pk}").sha256
    return handing_in.hand_in(keys, draft, sha256, evidence(person), signer, now)


def test_the_secret_is_the_only_way_in_and_is_not_kept():
    from dauys.petitions.models import Draft
    from dauys.petitions.services import drafting

    secret = begun()
    kept = str(list(Draft.objects.values())[-1])
    assert secret not in kept
    for other in ("", secret[:-1], secret + "x"):
        with pytest.raises(DraftUnknown):
            drafting.find(other)


def test_an_unfinished_draft_is_kept_with_its_problems_named():
    from dauys.petitions.jurisdiction import rules_of
    from dauys.petitions.readiness import problems
    from dauys.petitions.services import drafting

    secret = begun()
    written(secret, kk=("а" * 151, ""), ru=("", "только текст"))
    found = {(problem.page, problem.field) for problem in problems(drafting.find(secret), rules_of(NOW), NOW)}
    assert found == {("addressee", "body"), ("text", "title-kk"), ("text", "text-kk"), ("text", "title-ru")}
    with pytest.raises(DraftNotReady):
        hand_in(secret)


@pytest.mark.parametrize("hidden", ["су\u202eкерек", "су\x07", "a\n\ndauys-attachments/v1\nb", "а" * 10_001])
def test_a_text_that_is_not_what_it_seems_is_not_handed_in(hidden):
    secret = ready()
    written(secret, 1, kk=("Су", hidden))
    with pytest.raises(DraftNotReady):
        hand_in(secret, sha256="any")


def test_a_version_survives_a_change_of_the_signed_language():
    from dauys.petitions.services import drafting

    secret = begun()
    written(secret)
    written(secret, 1, "ru", kk=("Ауылға таза су керек", "Құбыр тозған."), ru=("Селу вода", "Трубы."))
    versions = drafting.find(secret).versions
    assert (versions["kk"].text, versions["ru"].text) == ("Құбыр тозған.", "Трубы.")


def test_two_devices_do_not_overwrite_each_other_unseen():
    from dauys.petitions.services import drafting

    secret = begun()
    written(secret)
    with pytest.raises(DraftChanged):
        written(secret, 0, kk=("басқа", "басқа"))
    assert drafting.find(secret).versions["kk"].title == "Ауылға таза су керек"


def test_what_is_signed_is_what_is_handed_in():
    from dauys.petitions.models import Draft
    from dauys.petitions.services import drafting

    secret = ready()
    for name in ("Ерлан", "Мадина", "Ерлан"):
        drafting.join(secret, name, NOW)
    petition = hand_in(secret)
    assert (petition.state, petition.author_shown, petition.co_authors) == ("moderation", "Айгүл С.", 2)
    assert (petition.topic, petition.body, petition.threshold) == ("utilities", "government", 50_000)
    signed = petition.texts.get(is_signed=True)
    assert petition.life.text_sha256 == hashlib.sha256(signed.canonical).hexdigest()
    assert Draft.objects.get(petition=petition).mends is None


def test_a_text_changed_after_the_code_was_shown_is_refused():
    from dauys.petitions.acts import OFFICES
    from dauys.petitions.models import Petition
    from dauys.petitions.services import drafting

    secret = ready()
    shown = OFFICES["petition.submission"].describe(f"draft/{drafting.find(secret).pk}").sha256
    written(secret, 1, kk=("Ауылға таза су керек", "Басқа талап."))
    with pytest.raises(TextChanged):
        hand_in(secret, sha256=shown)
    assert not Petition.objects.exists()


def test_a_petition_is_handed_in_once_and_then_frozen():
    from dauys.petitions.models import Petition
    from dauys.petitions.services import drafting, handing_in, sweeping

    _, keys = installation()
    secret = ready()
    stale = drafting.find(secret)
    petition = hand_in(secret)
    with pytest.raises(DraftFrozen):
        hand_in(secret)
    with pytest.raises(DraftFrozen):  # two signatures in the same moment: the second finds the row taken
        handing_in.hand_in(keys, stale, petition.life.text_sha256, evidence(), "Айгүл С.", LATER)
    assert Petition.objects.count() == 1
    for change in (
        lambda: written(secret, 1),
        lambda: drafting.address(secret, "akimat-almaty-city", LATER),
        lambda: drafting.join(secret, "Кеш", LATER),
        lambda: sweeping.forget(secret, LATER),
    ):
        with pytest.raises(DraftFrozen):
            change()


@pytest.mark.parametrize(
    ("shown_as", "chosen", "expected"),
    [("name", "", "Айгүл С."), ("initials", "", "А. С."), ("chosen", "  Ауыл\n тұрғындары ", "Ауыл тұрғындары")],
)
def test_the_author_is_shown_as_they_chose(shown_as, chosen, expected):
    from dauys.petitions.services import drafting

    secret = ready()
    drafting.show_author(secret, shown_as, chosen, "a@example.kz", NOW)
    petition = hand_in(secret)
    assert (petition.author_shown, petition.author.address(installation()[1])) == (expected, "a@example.kz")


def test_a_refused_petition_is_mended_from_its_own_text_once():
    from dauys.petitions.services import drafting, moderation

    _, keys = installation()
    petition = hand_in(ready())

    def refuse():
        moderation.propose(keys, petition.pk, "refuse", ["no-demand"], "Талап жоқ.", MODERATOR, LATER, span="Құбыр")
        return moderation.confirm(keys, petition.pk, SECOND_MODERATOR, LATER)

    with pytest.raises(StepForbidden):
        drafting.mend(petition, LATER)
    _, secret = drafting.mend(refuse(), LATER)
    draft = drafting.find(secret)
    assert {code: each.text for code, each in draft.versions.items()} == {
        "kk": "Құбыр тозған. Ауыстырыңыз.",
        "ru": "Трубы.",
    }
    written(secret, 0, kk=("Ауылға таза су керек", "Құбырды 2027 жылы ауыстырыңыз."))
    with pytest.raises(NotTheAuthor):
        hand_in(secret, person="another")
    assert drafting.find(secret).petition is None  # nothing was taken from the author by it
    petition = hand_in(secret)
    assert (petition.attempt, petition.state, petition.author_shown) == (2, "moderation", "Айгүл С.")
    with pytest.raises(StepForbidden):
        drafting.mend(refuse(), LATER)


def test_nobody_stands_beside_an_author_by_the_hundred():
    from dauys.petitions.services import drafting

    secret = begun()
    for number in range(drafting.MOST_CO_AUTHORS):
        drafting.join(secret, f"бірлескен автор {number}", NOW)
    with pytest.raises(TooManyCoAuthors):
        drafting.join(secret, "тағы бірі", NOW)
    drafting.leave(secret, "бірлескен автор 3", NOW)
    drafting.join(secret, "тағы бірі", NOW)
    with pytest.raises(BadInput):
        drafting.join(secret, " \n", NOW)


def test_drafts_are_swept_after_ninety_days_and_petitions_are_not():
    from dauys.petitions.models import Petition
    from dauys.petitions.services import drafting, sweeping

    hand_in(ready())
    old, touched = begun(), begun()
    drafting.address(touched, "government", NOW + timedelta(days=60))
    assert sweeping.sweep_drafts(NOW + timedelta(days=90)) == 0
    assert sweeping.sweep_drafts(NOW + timedelta(days=91)) == 2
    assert drafting.find(touched)
    with pytest.raises(DraftUnknown):
        drafting.find(old)
    assert Petition.objects.count() == 1
