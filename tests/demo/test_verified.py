"""The demo's certificates and signatures, good and broken, before the product's own verifier."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broken_cms import VARIANTS
from dauys.demo.people import citizen
from dauys.demo.pki import ALGORITHMS, DemoPki
from dauys.demo.profile import Purpose
from dauys.demo.signer import sign, sign_cms
from dauys.identity.certificates import Certificate
from dauys.identity.revocation import RevocationList
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import verify_certificate, verify_cms

CONTENT = "Мен осы өтінішке қол қоямын.\n".encode()
both_algorithms = pytest.mark.parametrize("algorithm", ALGORITHMS)


@pytest.fixture(scope="module")
def trust(pki):
    return TrustStore.load(pki.trust_directory, Profile.TEST)


@both_algorithms
@pytest.mark.parametrize("detached", [True, False])
def test_a_citizens_signature_is_valid_and_names_them(pki, trust, now, algorithm, detached):
    for number in range(5):
        person = replace(citizen(number), algorithm=algorithm)
        message = sign_cms(pki, person, CONTENT, now=now, detached=detached)
        signer = verify_cms(message, CONTENT, trust, now).require()
        assert signer.iin.digits == person.iin
        assert signer.common_name == f"{person.surname} {person.given_name}".upper()


@both_algorithms
@pytest.mark.parametrize("make", VARIANTS, ids=lambda make: make.__name__)
def test_every_broken_variant_is_refused_with_its_code(pki, trust, now, make, algorithm):
    person = replace(citizen(5), algorithm=algorithm)
    verdict = verify_cms(make(pki, person, CONTENT, now), CONTENT, trust, now)
    assert not verdict.valid
    assert verdict.error.code in VARIANTS[make]


@both_algorithms
def test_the_perfect_impostor_is_untrusted(trust, now, algorithm, tmp_path):
    impostor = DemoPki.create(tmp_path, now=now)
    message = sign_cms(impostor, replace(citizen(5), algorithm=algorithm), CONTENT, now=now)
    assert verify_cms(message, CONTENT, trust, now).error.code == "issuer-untrusted"


@both_algorithms
def test_certificates_alone(pki, trust, now, algorithm):
    person = replace(citizen(6), algorithm=algorithm)
    assert verify_certificate(pki.certificate(person, now=now), trust, now).valid
    login = pki.certificate(person, now=now, purpose=Purpose.AUTHENTICATION)
    assert not verify_certificate(login, trust, now).valid
    for path in pki.trust_directory.glob(f"*_{algorithm}.cer"):
        assert Certificate.load(path.read_bytes())


@both_algorithms
def test_a_revoked_key_is_refused(pki, trust, now, algorithm):
    stolen, sound = (pki.enrol(replace(citizen(n), algorithm=algorithm), now=now) for n in (7, 8))
    issuer = Certificate.load((pki.trust_directory / f"demo_nca_{algorithm}.cer").read_bytes())
    crl = RevocationList.load(pki.crl(algorithm, [(stolen.serial, now - timedelta(hours=1), 1)], now=now), issuer)
    verdict = verify_cms(sign(stolen, CONTENT, now=now), CONTENT, trust, now, revocation=crl)
    assert verdict.error.code == "certificate-revoked"
    assert verify_cms(sign(sound, CONTENT, now=now), CONTENT, trust, now, revocation=crl).valid
