"""A document that several signed: each signer is judged, in order, and none is never "valid"."""

import pytest

from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Stage
from dauys.identity.verify import verify_cms, verify_cms_all
from made_certificates import SINCE, Maker
from made_messages import signed_data, signer_info

TEXT = b"We sign this."


@pytest.fixture(scope="module")
def world():
    maker = Maker("NCA")
    people = [(key, maker.person(key=key, serial=place)) for place in range(1, 18) for key in [Maker("P").key]]
    return TrustStore.of([maker.authority(maker)], Profile.TEST), people


def codes(verdicts):
    return [verdict.error and verdict.error.code for verdict in verdicts]


def signed_by(people, content=TEXT, certificates=None):
    infos = [signer_info(*person, content) for person in people]
    return signed_data(infos, certificates or [certificate for _, certificate in people][:16], content)


@pytest.mark.parametrize("count", [1, 2, 16])
def test_every_signer_has_a_verdict_of_his_own(world, count):
    trust, people = world
    verdicts = verify_cms_all(signed_by(people[:count]), TEXT, trust, SINCE)
    assert codes(verdicts) == [None] * count
    assert {verdict.signer.certificate.serial for verdict in verdicts} == set(range(1, count + 1))
    told = [verdict.checks[1].explain() for verdict in verdicts]
    assert told == (["one signer, with the certificate"] if count == 1 else
                    [f"signer {place} of {count}, with the certificate" for place in range(1, count + 1)])  # fmt: skip


def test_one_bad_signer_does_not_spoil_the_others_nor_hide_among_them(world):
    trust, people = world
    good, other = people[0], people[1]
    stolen = (people[2][0], other[1])  # another key under the certificate of the second
    verdicts = verify_cms_all(signed_by([good, stolen]), TEXT, trust, SINCE)
    assert sorted(codes(verdicts), key=str) == [None, "signature-invalid"]


def test_nobody_signed(world):
    trust, people = world
    data = signed_data([], [people[0][1]], TEXT)
    for verdicts in (verify_cms_all(data, TEXT, trust, SINCE), (verify_cms(data, TEXT, trust, SINCE),)):
        assert codes(verdicts) == ["no-signer"]
        assert not any(verdict.valid for verdict in verdicts)


def test_too_many_to_judge_and_what_is_no_signature_give_one_verdict(world):
    trust, people = world
    assert codes(verify_cms_all(signed_by(people), TEXT, trust, SINCE)) == ["too-many-signers"]
    assert codes(verify_cms_all(b"a letter", TEXT, trust, SINCE)) == ["cms-malformed"]
    assert codes([verify_cms(signed_by(people[:2]), TEXT, trust, SINCE)]) == ["many-signers"]


@pytest.mark.parametrize("kind", ["attached", "detached"])
def test_the_vector_that_two_signed(vectors, national_test, at, kind):
    data = (vectors / "cms" / f"gost2015+rsa_two_signers_{kind}.cms").read_bytes()
    verdicts = verify_cms_all(data, None if kind == "attached" else b"another text", national_test, at)
    assert [verdict.checks[1].passed for verdict in verdicts] == [True, True]
    if kind == "attached":  # both keys signed; one certificate is over, the root of the other is not public
        assert codes(verdicts) == ["certificate-expired", "issuer-untrusted"]
        assert all(Stage.SIGNATURE in [c.stage for c in verdict.checks if c.passed] for verdict in verdicts)
    else:
        assert codes(verdicts) == ["content-differs"] * 2
