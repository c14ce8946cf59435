"""Several sources of revocation as one: OCSP before lists, and only what belongs to the authorities of the store."""

import datetime as dt

import pytest

from dauys.errors import CertificateRevoked, CertificateUnknown, FileRejected, RevocationUnknown
from dauys.identity.policy import Revocation
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import Purpose, verify_certificate
from made_certificates import SINCE, Maker
from made_lists import delta_of, entry, number, signed_list

NOW = SINCE + dt.timedelta(days=30)


class Says:
    """A source that always answers the same: an error, or None for good."""

    def __init__(self, error=None):
        self.error = error

    def require_good(self, _certificate, _at):
        if self.error:
            raise self.error


GOOD, UNKNOWN, SILENT = Says(), Says(CertificateUnknown()), Says(RevocationUnknown())
REVOKED = Says(CertificateRevoked(since=NOW))


@pytest.mark.parametrize(
    ("answers", "lists", "expected"),
    [
        ([], [], RevocationUnknown),
        ([GOOD], [], None),
        ([SILENT], [GOOD], None),
        ([SILENT], [REVOKED], CertificateRevoked),
        ([SILENT], [SILENT], RevocationUnknown),
        ([GOOD], [REVOKED], None),
        ([REVOKED], [GOOD], CertificateRevoked),
        ([UNKNOWN], [GOOD], CertificateUnknown),
        ([SILENT, GOOD], [REVOKED], None),
    ],
)
def test_the_first_that_can_tell_decides(answers, lists, expected):
    policy = Revocation(answers, lists)
    if expected is None:
        policy.require_good(None, NOW)
    else:
        with pytest.raises(expected):
            policy.require_good(None, NOW)


class World:
    def __init__(self):
        self.root, self.maker = Maker("ROOT"), Maker("NCA")
        self.middle = self.root.authority(self.maker, serial=5)
        self.trust = TrustStore.of([self.root.authority(self.root), self.middle], Profile.TEST)

    def code(self, serial, **files):
        policy = Revocation.of_files(self.trust, **files)
        verdict = verify_certificate(
            self.maker.person(serial=serial).der, self.trust, NOW, Purpose.PERSON_SIGNING, policy
        )
        return verdict.error and verdict.error.code


@pytest.fixture(scope="module")
def world():
    return World()


def test_lists_find_their_authority_and_deltas_their_list(world):
    full = signed_list(world.maker, [entry(1, code=1)], number(10))
    delta = signed_list(world.maker, [entry(2, code=1)], number(12), delta_of(10))
    for lists, expected in (([full], None), ([delta, full], "certificate-revoked")):
        assert world.code(1, lists=lists) == "certificate-revoked"
        assert world.code(2, lists=lists) == expected
        assert world.code(3, lists=lists) is None


def test_a_revoked_authority_takes_its_certificates_with_it(world):
    own = signed_list(world.maker, [], number(10))
    assert world.code(1, lists=[own, signed_list(world.root, [entry(6, code=1)])]) is None
    assert world.code(1, lists=[own, signed_list(world.root, [entry(5, code=1)])]) == "certificate-revoked"
    assert world.code(1, lists=[signed_list(world.root, [])]) == "revocation-unknown"


def test_files_of_strangers_are_refused(world, vectors):
    full = signed_list(world.maker, [], number(10))
    delta = signed_list(world.maker, [], number(12), delta_of(10))
    other = signed_list(Maker("OTHER"), [])
    false = signed_list(Maker("NCA", identifier=world.maker.identifier), [])
    for lists in ([other], [false], [delta], [b"nothing"], [full, signed_list(world.maker, [], delta_of(10))]):
        with pytest.raises(FileRejected):
            Revocation.of_files(world.trust, lists=lists)
    for answer in (b"nothing", (vectors / "ocsp" / "ocsp_response_individual_2015.bin").read_bytes()):
        with pytest.raises(FileRejected):
            Revocation.of_files(world.trust, answers=[answer])


def test_the_national_files(vectors, national_test, certificate):
    listed = (vectors / "crl" / "nca_gost2022_test.crl").read_bytes()
    answer = (vectors / "ocsp" / "ocsp_response_individual_2015.bin").read_bytes()
    policy = Revocation.of_files(national_test, lists=[listed], answers=[answer])
    leaf = certificate("test_leaf/individual_valid_individual_valid.cer")
    policy.require_good(leaf, dt.datetime(2022, 9, 2, tzinfo=dt.UTC))
    with pytest.raises(RevocationUnknown):
        policy.require_good(leaf, dt.datetime(2023, 9, 2, tzinfo=dt.UTC))
