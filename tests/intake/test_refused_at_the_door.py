"""What a careful forger hands in, at the real door: each refused with the sentence that says why, and nothing counted."""

from datetime import UTC, datetime

import pytest

import broken_cms
from dauys.demo.authority import REVOKED
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.signer import sign_cms
from dauys.errors import LANGUAGES, error_classes


def impostor(world, person, statement, now):
    """An authority made at home, equal in every name and key identifier."""
    made = DemoPki.create(world.places.var / "impostor", seed=8)
    return sign_cms(made, person, statement, now=now)


def of(make):
    return lambda world, person, statement, now: make(world.pki, person, statement, now)


def swapped(world, person, statement, now):
    """A good signature over another petition's statement."""
    return sign_cms(world.pki, person, statement.replace(b"petition/1", b"petition/4"), now=now)


FORGERIES = {
    "issuer-untrusted": impostor,
    "certificate-expired": of(broken_cms.expired),
    "wrong-key-usage": of(broken_cms.authentication_key),
    "wrong-purpose": of(broken_cms.legal_person),
    "many-signers": of(broken_cms.two_signers),
    "content-differs": swapped,
    "signature-invalid": of(broken_cms.wrong_key),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "forge"), FORGERIES.items())
def test_a_forgery_is_refused_in_words(world, code, forge, language):
    asked, size = world.ask().json(), world.size()
    answer = world.hand_in(
        asked["token"], forge(world, citizen(1), asked["statement"].encode(), datetime.now(UTC)), language
    )
    begin = error_classes()[code]().explain(language) if "{" not in error_classes()[code].sentence else ""
    assert (answer.json()["code"], answer.status_code) == (code, 422)
    assert answer.json()["message"].startswith(begin)
    assert world.size() == size


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_revoked_key_is_refused_by_the_lists_that_are_here(world, language):
    asked, size = world.ask().json(), world.size()
    answer = world.hand_in(asked["token"], world.sign(asked, REVOKED), language)
    assert (answer.json()["code"], answer.status_code) == ("certificate-revoked", 422)
    assert world.size() == size
