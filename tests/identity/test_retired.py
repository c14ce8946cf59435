"""The older algorithms prove old documents, chains and time stamps; nobody signs a petition with them."""

import datetime as dt
from types import SimpleNamespace

import pytest

from dauys.demo import xml_signer
from dauys.errors import FileRejected
from dauys.identity.keys import PublicKey
from dauys.identity.revocation import RevocationList
from dauys.identity.timestamp import TimeStamp
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Stage
from dauys.identity.verify import Purpose, verify_certificate, verify_cms
from dauys.identity.xml_checks import verify_xml
from made_certificates import SINCE, Maker
from made_gost import KINDS, GostKey, GostWorld, made_over, relisted
from made_messages import message, stamp_attribute

TEXT = b"I signed this long ago."
RETIRED = ("2004", "2015-256")
TODAY = SINCE + dt.timedelta(days=30)


@pytest.fixture(scope="module", params=KINDS)
def world(request):
    return GostWorld(request.param)


def code(verdict):
    return verdict.error and verdict.error.code


def is_retired(world):
    return world.key.kind.name in RETIRED


def test_whoever_may_sign_is_judged_by_any_algorithm(world):
    verdict = verify_cms(message(world.key, world.person, TEXT), TEXT, world.trust, TODAY, purpose=Purpose.ANY_SIGNING)
    assert code(verdict) is None
    changed = verify_cms(
        message(world.key, world.person, TEXT), TEXT + b" ", world.trust, TODAY, purpose=Purpose.ANY_SIGNING
    )
    assert code(changed) == "content-differs"
    stolen = message(GostKey(world.key.kind.name, 13), world.person, TEXT)
    assert code(verify_cms(stolen, TEXT, world.trust, TODAY, purpose=Purpose.ANY_SIGNING)) == "signature-invalid"


def test_a_person_signs_with_a_current_key_only(world):
    verdict = verify_cms(message(world.key, world.person, TEXT), TEXT, world.trust, TODAY)
    assert code(verdict) == ("algorithm-retired" if is_retired(world) else None)
    if is_retired(world):
        assert verdict.deciding is Stage.SIGNER, "before the slow hash is computed over anything"
        assert verdict.error.facts["algorithm"] in {str(PublicKey.load(world.key.info).family), "GOST 34.311-95"}


def test_a_bare_certificate_of_a_person_is_judged_alike(world):
    verdict = verify_certificate(world.person.der, world.trust, TODAY, Purpose.PERSON_SIGNING)
    assert code(verdict) == ("algorithm-retired" if is_retired(world) else None)


def test_a_retired_key_under_a_current_authority_is_no_way_in():
    maker, key = Maker("NCA"), GostKey("2004", 12)
    current = GostKey("2015-512", 11)
    trust = TrustStore.of([made_over(maker.authority(maker), current, current)], Profile.TEST)
    person = made_over(maker.person(), key, current)
    verdict = verify_certificate(person.der, trust, TODAY, Purpose.PERSON_SIGNING)
    assert (code(verdict), verdict.deciding) == ("algorithm-retired", Stage.PURPOSE)
    assert code(verify_cms(message(key, person, TEXT), TEXT, trust, TODAY)) == "algorithm-retired"
    assert verify_certificate(person.der, trust, TODAY).valid


def test_a_stamp_by_any_algorithm_holds(world):
    token = world.stamper.token(b"signature", SINCE)
    assert TimeStamp.load(token, b"signature", world.trust).moment == SINCE
    late = world.certified(until=SINCE + dt.timedelta(days=10))
    made = message(world.key, late, TEXT, stamps=lambda value: [stamp_attribute(world.stamper.token(value, SINCE))])
    verdict = verify_cms(made, TEXT, world.trust, TODAY, purpose=Purpose.ANY_SIGNING)
    assert verdict.valid, verdict.error
    unstamped = verify_cms(message(world.key, late, TEXT), TEXT, world.trust, TODAY, purpose=Purpose.ANY_SIGNING)
    assert code(unstamped) == "certificate-expired"


def test_an_old_authority_may_stamp_a_new_persons_signature():
    old, maker, key = GostWorld("2004"), Maker("NCA OF TODAY"), Maker("P").key
    trust = TrustStore.of([old.issuer, maker.authority(maker)], Profile.TEST)
    person = maker.person(key=key, until=SINCE + dt.timedelta(days=10))
    made = message(key, person, TEXT, stamps=lambda value: [stamp_attribute(old.stamper.token(value, SINCE))])
    assert verify_cms(made, TEXT, trust, TODAY).valid


def test_an_old_revocation_list_holds(world):
    data = relisted(world.maker.revocation_list([(77, SINCE, None)]), world.authority)
    listed = RevocationList.load(data, world.issuer)
    verdict = verify_certificate(world.person.der, world.trust, TODAY, revocation=listed)
    assert code(verdict) == "certificate-revoked"
    assert verify_certificate(world.certified(serial=78).der, world.trust, TODAY, revocation=listed).valid
    with pytest.raises(FileRejected):
        RevocationList.load(relisted(data, GostKey(world.key.kind.name, 13)), world.issuer)


def test_an_old_xml_signature_holds(monkeypatch):
    more = "http://www.w3.org/2001/04/xmldsig-more#"
    monkeypatch.setattr(xml_signer, "_uris", lambda _: (more + "gost34310-gost34311", more + "gost34311"))
    world = GostWorld("2004")
    signatory = SimpleNamespace(key=world.key, certificate=world.person.der)
    signed = xml_signer.sign_xml(signatory, b"<letter>I signed this long ago.</letter>")
    refused = ((purpose, "algorithm-retired") for purpose in (Purpose.PERSON_SIGNING, Purpose.PERSON_LOGIN))
    for purpose, expected in ((Purpose.ANY_SIGNING, None), *refused):
        assert code(verify_xml(signed, None, world.trust, TODAY, purpose=purpose)) == expected
    changed = signed.replace(b"long ago", b"just now")
    assert code(verify_xml(changed, None, world.trust, TODAY, purpose=Purpose.ANY_SIGNING)) == "signature-invalid"
