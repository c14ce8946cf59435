"""The structure of CMS: what is read, what is refused, and what a signer's attributes bind."""

import hashlib
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from dauys.demo import der
from dauys.errors import CmsMalformed
from dauys.identity import algorithms, cms, tlv
from dauys.identity.algorithms import Family
from dauys.identity.certificates import Certificate
from dauys.identity.cms_checks import certificate_of
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import verify_cms
from made_certificates import SINCE, Maker

TEXT = b"I sign this."
DATA = der.oid("1.2.840.113549.1.7.1")
SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
SHA512 = der.sequence(der.oid("2.16.840.1.101.3.4.2.3"))
ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
DIGEST_OF_TEXT = hashlib.sha256(TEXT).digest()


def attribute(kind, *values):
    return der.sequence(der.oid(kind), der.set_of(*values))


CONTENT_TYPE = attribute(cms.CONTENT_TYPE, DATA)
MESSAGE_DIGEST = attribute(cms.MESSAGE_DIGEST, der.octets(DIGEST_OF_TEXT))


@dataclass(frozen=True)
class Made:
    """A signature of TEXT whose parts a test may replace."""

    key: ec.EllipticCurvePrivateKey
    certificate: Certificate
    attributes: tuple[bytes, ...] | None = (CONTENT_TYPE, MESSAGE_DIGEST)
    content: bytes | None = None
    content_type: bytes = DATA
    identifier: bytes | None = None
    bag: tuple[bytes, ...] | None = None
    digest_algorithm: bytes = SHA256
    sort: bool = True
    signers: int = 1
    signers_tag: int = 0x31
    wrapper: bytes = SIGNED_DATA

    def signer_info(self):
        attributes = self.attributes or ()
        signed = der.set_of(*attributes) if self.attributes is not None else TEXT
        sent = sorted(attributes) if self.sort else attributes
        identifier = self.identifier or der.sequence(self.certificate.issuer, der.integer(self.certificate.serial))
        return der.sequence(
            der.integer(1),
            identifier,
            self.digest_algorithm,
            der.context(0, *sent) if self.attributes is not None else b"",
            ECDSA_SHA256,
            der.octets(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        )

    def encode(self):
        bag = (self.certificate.der,) if self.bag is None else self.bag
        content = der.context(0, der.octets(self.content)) if self.content is not None else b""
        parts = der.sequence(
            der.integer(1),
            der.tlv(0x31, self.digest_algorithm),
            der.sequence(self.content_type, content),
            der.context(0, *bag) if bag else b"",
            der.tlv(self.signers_tag, *[self.signer_info()] * self.signers),
        )
        return der.sequence(self.wrapper, der.context(0, parts))


@pytest.fixture(scope="module")
def world():
    root, middle = Maker("ROOT"), Maker("NCA")
    key = ec.generate_private_key(ec.SECP256R1())
    trust = TrustStore.of([root.authority(root), root.authority(middle)], Profile.TEST)
    return Made(key, middle.person(key=key)), trust, middle


@pytest.fixture
def made(world):
    return world[0]


@pytest.fixture
def code(world):
    """The code of the verdict on a made signature, None where it is valid."""

    def judge(made, content=TEXT):
        verdict = verify_cms(made.encode(), content, world[1], SINCE)
        return verdict.error and verdict.error.code

    return judge


def test_what_is_made_here_is_valid(made, code):
    assert code(made) is None
    assert code(replace(made, content=TEXT)) is None
    assert code(replace(made, content=TEXT), content=None) is None


def test_attributes_are_signed_in_the_order_of_der_however_they_are_sent(made, code):
    attributes = tuple(sorted((CONTENT_TYPE, MESSAGE_DIGEST), reverse=True))
    assert code(replace(made, attributes=attributes, sort=False)) is None


def test_other_certificates_may_travel_along_in_any_order(made, world, code):
    others = (world[2].person().der, made.certificate.der, world[2].person().der)
    assert code(replace(made, bag=others)) is None


def test_a_signer_may_be_named_by_key_identifier(made, world, code):
    from cryptography import x509

    own = world[2].person(key=made.key, extra=[(x509.SubjectKeyIdentifier(b"k" * 20), False)])
    named = replace(made, certificate=own, identifier=der.context_primitive(0, b"k" * 20))
    assert code(named) is None
    assert code(replace(named, identifier=der.context_primitive(0, b"l" * 20))) == "certificate-mismatch"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signers": 0}, "no-signer"),
        ({"signers": 2}, "many-signers"),
        ({"signers": 3}, "many-signers"),
        ({"signers_tag": 0x30}, "cms-malformed"),
        ({"wrapper": DATA}, "cms-malformed"),
        ({"bag": ()}, "no-certificate"),
        ({"bag": (b"\x30\x00",)}, "certificate-malformed"),
        ({"attributes": None}, "attributes-missing"),
        ({"attributes": (CONTENT_TYPE,)}, "attributes-missing"),
        ({"attributes": (MESSAGE_DIGEST,)}, "attributes-missing"),
        ({"content_type": SIGNED_DATA}, "attributes-missing"),
        ({"attributes": (CONTENT_TYPE, MESSAGE_DIGEST, MESSAGE_DIGEST)}, "cms-malformed"),
        ({"attributes": (CONTENT_TYPE, attribute(cms.MESSAGE_DIGEST, b"\x05\x00"))}, "cms-malformed"),
        ({"attributes": (CONTENT_TYPE, attribute(cms.MESSAGE_DIGEST))}, "cms-malformed"),
        ({"attributes": (CONTENT_TYPE, attribute(cms.MESSAGE_DIGEST, der.octets(b"")))}, "content-differs"),
        ({"digest_algorithm": SHA512}, "content-differs"),
        ({"digest_algorithm": der.sequence(der.oid("1.3.14.3.2.26"))}, "algorithm-unknown"),
        ({"content": b"another"}, "content-differs"),
        ({"bag": (b"\x30\x00",) * 17}, "cms-malformed"),
    ],
)
def test_what_is_refused(made, code, changes, expected):
    assert code(replace(made, **changes)) == expected


def test_a_digest_that_does_not_fit_the_carried_content_is_a_bad_signature(made, code):
    assert code(replace(made, content=b"another"), content=None) == "signature-invalid"


def test_content_that_is_nowhere(made, code):
    assert code(made, content=None) == "content-missing"


def test_an_empty_text_can_be_signed_but_stands_for_no_other(made, code):
    empty = attribute(cms.MESSAGE_DIGEST, der.octets(hashlib.sha256(b"").digest()))
    made = replace(made, attributes=(CONTENT_TYPE, empty))
    assert code(made, content=b"") is None
    assert code(made) == "content-differs"
    assert code(replace(made, content=b"")) == "content-differs"


def test_the_issuer_is_part_of_the_signers_name(made, code):
    identifier = der.sequence(made.certificate.subject, der.integer(made.certificate.serial))
    assert code(replace(made, identifier=identifier)) == "certificate-mismatch"


def test_someone_elses_key(made, world, code):
    assert code(replace(made, key=ec.generate_private_key(ec.SECP256R1()))) == "signature-invalid"
    assert code(replace(made, bag=(world[2].person().der,))) == "certificate-mismatch"


def named(*hashes_, algorithm=b""):
    ids = der.sequence(*[der.sequence(algorithm, der.octets(digest)) for digest in hashes_])
    return attribute(cms.SIGNING_CERTIFICATE_V2, der.sequence(ids))


def test_the_named_certificate_must_be_the_one_that_signs(made, code):
    own, own512 = (getattr(hashlib, kind)(made.certificate.der).digest() for kind in ("sha256", "sha512"))
    for value, expected in [
        (named(own), None),
        (named(own, bytes(32)), None),
        (named(own512, algorithm=SHA512), None),
        (named(bytes(32), own), "certificate-mismatch"),
        (named(own512), "certificate-mismatch"),
        (named(), "certificate-mismatch"),
        (named(own, algorithm=der.sequence(der.oid("1.3.14.3.2.26"))), "algorithm-unknown"),
        (attribute(cms.SIGNING_CERTIFICATE_V2, b"\x05\x00"), "cms-malformed"),
    ]:
        assert code(replace(made, attributes=(CONTENT_TYPE, MESSAGE_DIGEST, value))) == expected


@pytest.mark.parametrize("name", ["attached", "detached"])
def test_both_of_two_real_signers_are_read_and_signed(vectors, name):
    loaded = cms.SignedMessage.load((vectors / "cms" / f"gost2015+rsa_two_signers_{name}.cms").read_bytes())
    assert loaded.content == (b"test123" if name == "attached" else None)
    families = set()
    for entry in loaded.signers:
        certificate = certificate_of(entry, loaded.certificates)
        digest = algorithms.digest(entry.digest_algorithm)
        assert tlv.value(entry.attributes[cms.MESSAGE_DIGEST]) == digest.compute(b"test123")
        algorithm = algorithms.signature(entry.signature_algorithm)
        certificate.public_key.verify(algorithm, digest, entry.signed, entry.signature)
        families.add(algorithm.family)
    assert families == {Family.GOST, Family.RSA}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        der.sequence(DATA, der.context(0, der.octets(TEXT))),
        der.sequence(SIGNED_DATA),
        der.sequence(SIGNED_DATA, der.context(0, der.sequence(der.integer(1)))),
    ],
)
def test_what_is_not_signed_data(data):
    with pytest.raises(CmsMalformed):
        cms.SignedMessage.load(data)
