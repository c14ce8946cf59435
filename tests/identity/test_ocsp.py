"""What an authority's responder answers: who may answer, about what, for how long, and what it does to a signature."""

import datetime as dt
import itertools

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from cryptography.x509.oid import ExtendedKeyUsageOID

from dauys.demo import der
from dauys.errors import CertificateRevoked, CertificateUnknown, FileRejected, RevocationUnknown
from dauys.identity import ocsp
from dauys.identity.ocsp import OcspResponse
from dauys.identity.revocation import Reason
from made_certificates import SINCE, Maker, name, usage

NOW = SINCE + dt.timedelta(days=30)
LONG = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
GOOD, REVOKED, UNKNOWN = library.OCSPCertStatus.GOOD, library.OCSPCertStatus.REVOKED, library.OCSPCertStatus.UNKNOWN
NO_CHECK = (x509.OCSPNoCheck(), False)
SIGNING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)


@pytest.fixture(scope="module")
def maker():
    return Maker("NCA")


@pytest.fixture(scope="module")
def issuer(maker):
    return maker.authority(maker)


@pytest.fixture(scope="module")
def person(maker):
    return maker.person(serial=77)


def load(certificate):
    return x509.load_der_x509_certificate(certificate.der)


def answer(
    issuer, person, key, *, signer=None, status=GOOD, reason=None, until=None, sends=(), extensions=(),
    since=NOW, by=library.OCSPResponderEncoding.NAME, algorithm=None,
):  # fmt: skip
    """DER of a response about a person's certificate."""
    builder = library.OCSPResponseBuilder().add_response(
        load(person), load(issuer), algorithm or hashes.SHA256(), status, NOW, until,
        since if status is REVOKED else None, reason,
    )  # fmt: skip
    builder = builder.responder_id(by, load(signer or issuer))
    if sends:
        builder = builder.certificates([load(each) for each in sends])
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def delegate(maker, extensions=(SIGNING, NO_CHECK), since=SINCE):
    """A key that answers for the authority, for long: the library writes today's date into what it makes."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, maker.issue(name("RESPONDER"), key, extensions=extensions, since=since, until=LONG)


def test_a_request_is_the_librarys(issuer, person):
    nonce = bytes(range(32))
    made = library.OCSPRequestBuilder().add_certificate(load(person), load(issuer), hashes.SHA256())
    expected = made.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)
    assert ocsp.request(person, issuer, nonce) == expected


def test_the_national_responders_answer(vectors, certificate):
    data = (vectors / "ocsp" / "ocsp_response_individual_2015.bin").read_bytes()
    answered = OcspResponse.load(data, certificate("ca_test/nca_gost2022_test.cer"))
    told = answered.told(0x0FF06211DC82BEB00253FFA000F1DE84ABEF454F)
    assert (told.known, told.revoked.reason, told.next_update) == (True, Reason.CERTIFICATE_HOLD, None)
    assert str(told.this_update) == str(answered.produced) == "2022-09-02 16:58:34+00:00"
    assert answered.told(1) is None
    evidence = answered.evidence()
    assert (evidence["source"], evidence["produced_at"]) == ("OCSP", answered.produced.isoformat())
    assert evidence["issuer"] == answered.issuer.fingerprint != evidence["responder"], "a delegate answered"
    assert OcspResponse.load(data, answered.issuer, nonce=bytes.fromhex("e408ffb790834af2"))
    with pytest.raises(FileRejected, match="another request"):
        OcspResponse.load(data, answered.issuer, nonce=bytes(8))
    with pytest.raises(FileRejected):
        OcspResponse.load(data, certificate("ca_test/root_test_gost_2022.cer"))


@pytest.mark.parametrize("by", library.OCSPResponderEncoding)
def test_the_authority_itself_may_answer(maker, issuer, person, by):
    answered = OcspResponse.load(answer(issuer, person, maker.key, by=by), issuer)
    answered.require_good(person, NOW)
    assert answered.told(77).known


@pytest.mark.parametrize("by", library.OCSPResponderEncoding)
def test_its_delegate_may_answer(maker, issuer, person, by):
    key, responder = delegate(maker)
    OcspResponse.load(answer(issuer, person, key, signer=responder, sends=[responder], by=by), issuer)
    others = [maker.person(), responder]
    assert OcspResponse.load(answer(issuer, person, key, signer=responder, sends=others, by=by), issuer)


def outsiders(maker):
    """Keys that claim to answer for the authority and may not."""
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    return {
        "no mark": delegate(maker, [NO_CHECK]),
        "not nocheck": delegate(maker, [SIGNING]),
        "key usage": delegate(maker, [SIGNING, NO_CHECK, (usage("key_agreement"), True)]),
        "demands": delegate(maker, [SIGNING, NO_CHECK, unknown]),
        "too early": delegate(maker, since=LONG - HOUR),
        "another authority": delegate(Maker("OTHER")),
        "a false authority": delegate(Maker("NCA", identifier=maker.identifier)),
    }


@pytest.mark.parametrize("kind", list(outsiders(Maker("X"))))
def test_nobody_else_may_answer(maker, issuer, person, kind):
    key, responder = outsiders(maker)[kind]
    with pytest.raises(FileRejected, match="not the authority's"):
        OcspResponse.load(answer(issuer, person, key, signer=responder, sends=[responder]), issuer)


def test_a_delegate_must_send_its_certificate_and_sign_with_its_key(maker, issuer, person):
    key, responder = delegate(maker)
    for sends in ([], [maker.person()], [delegate(maker)[1]]):  # the last one is a namesake
        with pytest.raises(FileRejected, match="not the authority's"):
            OcspResponse.load(answer(issuer, person, key, signer=responder, sends=sends), issuer)
    false = Maker("NCA")
    with pytest.raises(FileRejected, match="signature-invalid"):
        OcspResponse.load(answer(issuer, person, false.key, signer=false.authority(false)), issuer)


def test_a_nonce_is_compared(maker, issuer, person):
    data = answer(issuer, person, maker.key, extensions=[(x509.OCSPNonce(b"n" * 32), False)])
    for given in (None, b"n" * 32):
        OcspResponse.load(data, issuer, given)
    for sent, given in ((data, b"m" * 32), (answer(issuer, person, maker.key), b"n" * 32)):
        with pytest.raises(FileRejected, match="another request"):
            OcspResponse.load(sent, issuer, given)


def test_a_demand_that_is_not_understood(maker, issuer, person):
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    with pytest.raises(FileRejected):
        OcspResponse.load(answer(issuer, person, maker.key, extensions=[unknown]), issuer)


def test_an_answer_counts_until_it_ages(maker, issuer, person):
    for until, last in ((None, NOW + ocsp.FRESH), (NOW + HOUR, NOW + HOUR)):
        answered = OcspResponse.load(answer(issuer, person, maker.key, until=until), issuer)
        for at in (NOW - HOUR, last):
            answered.require_good(person, at)
        with pytest.raises(RevocationUnknown):
            answered.require_good(person, last + dt.timedelta(seconds=1))
    longer = OcspResponse.load(answer(issuer, person, maker.key), issuer, fresh=HOUR)
    longer.require_good(person, NOW + HOUR)


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        (x509.ReasonFlags.superseded, True, False),
        (x509.ReasonFlags.key_compromise, False, False),
        (x509.ReasonFlags.certificate_hold, False, False),
        (None, False, False),
    ],
)
def test_what_a_revocation_does(maker, issuer, person, reason, before, after):
    when = NOW - HOUR
    data = answer(issuer, person, maker.key, status=REVOKED, reason=reason, since=when)
    answered = OcspResponse.load(data, issuer)
    for at, stands in ((when - HOUR, before), (when, after), (NOW, after)):
        if stands:
            answered.require_good(person, at)
        else:
            with pytest.raises(CertificateRevoked):
                answered.require_good(person, at)


def test_unknown_is_negative(maker, issuer, person):
    answered = OcspResponse.load(answer(issuer, person, maker.key, status=UNKNOWN), issuer)
    with pytest.raises(CertificateUnknown):
        answered.require_good(person, NOW)


def test_it_tells_nothing_of_other_certificates(maker, issuer, person):
    answered = OcspResponse.load(answer(issuer, person, maker.key), issuer)
    for other in (maker.person(serial=78), Maker("OTHER").person(serial=77)):
        with pytest.raises(RevocationUnknown):
            answered.require_good(other, NOW)
    # An answer about a namesake's certificate: the same name and serial, another key.
    namesake = Maker("NCA")
    about = answer(namesake.authority(namesake), person, maker.key, signer=issuer)
    assert OcspResponse.load(about, issuer).told(77) is None


def test_names_by_sha1_are_not_believed(maker, issuer, person):
    with pytest.raises(FileRejected, match="algorithm-unknown"):
        OcspResponse.load(answer(issuer, person, maker.key, algorithm=hashes.SHA1()), issuer)


def test_a_responder_that_is_busy(issuer):
    for status in (1, 2, 3, 5, 6):
        with pytest.raises(FileRejected, match="later"):
            OcspResponse.load(der.sequence(bytes((0x0A, 1, status))), issuer)


@pytest.mark.parametrize("data", [b"", b"\x30\x00", der.sequence(b"\x0a\x01\x00"), b"nothing", bytes(70_000)])
def test_no_response_at_all(issuer, data):
    with pytest.raises(FileRejected):
        OcspResponse.load(data, issuer)


def test_cut_short_or_changed_by_a_byte(maker, issuer, person):
    key, responder = delegate(maker)
    data = answer(issuer, person, key, signer=responder, sends=[responder])
    for place in itertools.chain(range(0, len(data), 5), range(60)):
        changed = data[:place] + bytes((data[place] ^ 0x01,)) + data[place + 1 :]
        for broken in (data[:place], changed):
            with pytest.raises(FileRejected):
                OcspResponse.load(broken, issuer)
