"""Signatures broken in one way each, by name, with the code a verifier must answer: `make(pki, citizen, content, now)`.

Import as `from broken_cms import VARIANTS`; a variant never raises and needs no hook in the product.
"""

from dataclasses import replace
from datetime import timedelta

from dauys.demo import der
from dauys.demo.profile import Purpose
from dauys.demo.signer import sign, sign_cms, signed_attributes, signed_data, signer_info


def frame(signatory, certificates, signers):
    return signed_data(
        content=b"", digest_algorithm=signatory.key.digest_algorithm, certificates=certificates, signers=signers
    )


def info(signatory, content, now):
    return signer_info(signatory, signed_attributes(signatory, content, now))


def neighbour(pki, citizen, now):
    return pki.enrol(replace(citizen, number=citizen.number + 1), now=now)


def no_signer(pki, citizen, _content, now):
    signatory = pki.enrol(citizen, now=now)
    return frame(signatory, signatory.certificate, b"")


def two_signers(pki, citizen, content, now):
    first, second = pki.enrol(citizen, now=now), neighbour(pki, citizen, now)
    return frame(first, first.certificate + second.certificate, info(first, content, now) + info(second, content, now))


def no_certificate(pki, citizen, content, now):
    signatory = pki.enrol(citizen, now=now)
    return frame(signatory, b"", info(signatory, content, now))


def another_certificate(pki, citizen, content, now):
    """The signer is named rightly, but the certificate brought along is another person's."""
    signatory, other = pki.enrol(citizen, now=now), neighbour(pki, citizen, now)
    return frame(signatory, other.certificate, info(signatory, content, now))


def another_hash(pki, citizen, content, now):
    """The signed attributes hold the hash of another person's certificate."""
    signatory, other = pki.enrol(citizen, now=now), neighbour(pki, citizen, now)
    attributes = signed_attributes(replace(signatory, certificate=other.certificate), content, now)
    return frame(signatory, signatory.certificate, signer_info(signatory, attributes))


def other_content(pki, citizen, content, now):
    return sign_cms(pki, citizen, content + b" ", now=now)


def other_content_attached(pki, citizen, content, now):
    return sign_cms(pki, citizen, content + b" ", now=now, detached=False)


def no_attributes(pki, citizen, content, now):
    signatory = pki.enrol(citizen, now=now)
    bare = der.sequence(
        der.integer(1),
        der.sequence(signatory.issuer, der.tlv(0x02, signatory.serial)),
        signatory.key.digest_algorithm,
        signatory.key.signature_algorithm,
        der.octets(signatory.key.sign(content)),
    )
    return frame(signatory, signatory.certificate, bare)


def flipped_bit(pki, citizen, content, now):
    message = sign_cms(pki, citizen, content, now=now)
    return message[:-10] + bytes((message[-10] ^ 1,)) + message[-9:]


def wrong_key(pki, citizen, content, now):
    """A stolen certificate: the attributes name it, but another key signs."""
    signatory = replace(pki.enrol(citizen, now=now), key=neighbour(pki, citizen, now).key)
    return sign(signatory, content, now=now)


def expired(pki, citizen, content, now):
    return sign(pki.enrol(citizen, now=now - timedelta(days=400)), content, now=now)


def not_yet_valid(pki, citizen, content, now):
    return sign(pki.enrol(citizen, now=now + timedelta(days=3)), content, now=now)


def authentication_key(pki, citizen, content, now):
    return sign(pki.enrol(citizen, now=now, purpose=Purpose.AUTHENTICATION), content, now=now)


def legal_person(pki, citizen, content, now):
    return sign(pki.enrol(citizen, now=now, purpose=Purpose.LEGAL), content, now=now)


def no_person(pki, citizen, content, now):
    """A number that passes the arithmetic of the check digit and belongs to nobody."""
    return sign_cms(pki, replace(citizen, iin="0" * 12), content, now=now)


def truncated(pki, citizen, content, now):
    return sign_cms(pki, citizen, content, now=now)[:-1]


def trailing_byte(pki, citizen, content, now):
    return sign_cms(pki, citizen, content, now=now) + b"\x00"


def not_cms(_pki, _citizen, _content, _now):
    return b"this is a letter, not a signature"


def endless(pki, citizen, content, now):
    """BER of indefinite length whose end mark never comes."""
    message = sign_cms(pki, citizen, content, now=now)
    return b"\x30\x80" + message[2 + (message[1] & 0x7F) :]


# Some breaks may be told in more than one honest way; the first code is the expected one.
VARIANTS = {
    no_signer: ("no-signer",),
    two_signers: ("many-signers",),
    no_certificate: ("no-certificate",),
    another_certificate: ("certificate-mismatch", "no-certificate"),
    another_hash: ("certificate-mismatch",),
    other_content: ("content-differs",),
    other_content_attached: ("content-differs",),
    no_attributes: ("attributes-missing",),
    flipped_bit: ("signature-invalid",),
    wrong_key: ("signature-invalid",),
    expired: ("certificate-expired",),
    not_yet_valid: ("certificate-not-yet-valid",),
    authentication_key: ("wrong-key-usage", "wrong-purpose"),
    legal_person: ("wrong-purpose",),
    no_person: ("person-unknown",),
    truncated: ("cms-malformed",),
    trailing_byte: ("cms-malformed",),
    not_cms: ("cms-malformed",),
    endless: ("cms-malformed",),
}
