"""Keys of the three national GOST algorithms, and certificates made over to them."""

from dataclasses import dataclass

from dauys.demo import der
from dauys.identity import kernel, tlv
from dauys.identity.certificates import Certificate
from dauys.identity.gost import Gost
from dauys.identity.gost94 import gost34311
from dauys.identity.gost_curves import CRYPTOPRO_A, TC26_256_A, TC26_512_A
from dauys.identity.integers import FASTEST
from dauys.identity.trust import Profile, TrustStore
from made_certificates import Maker, name
from made_messages import STAMPER, Stamper

ARC = "1.2.398.3.10.1."


@dataclass(frozen=True)
class Kind:
    """One algorithm: its arithmetic, its hash, and its identifiers under the national arc."""

    name: str
    gost: Gost
    hash: object
    key: str
    curve: str
    key_hash: str
    signature: str
    digest: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("2004", Gost(FASTEST, CRYPTOPRO_A), gost34311, "1.1.1", "1.1.1.1", "3.1.1.0", "1.1.2", "3.1"),
        Kind("2015-256", Gost(FASTEST, TC26_256_A), kernel.streebog256, "1.2.1", "1.2.1.1", "3.2", "1.2.3.1", "3.2"),
        Kind("2015-512", Gost(FASTEST, TC26_512_A), kernel.streebog512, "1.2.2", "1.2.2.1", "3.3", "1.2.3.2", "3.3"),
    )
}


def oid(tail):
    return der.oid(ARC + tail)


class GostKey:
    """A private key with what signs in its name."""

    def __init__(self, kind, scalar):
        self.kind, self.scalar = KINDS[kind], scalar
        self.digest_algorithm = der.sequence(oid(self.kind.digest), der.NULL)
        self.signature_algorithm = der.sequence(oid(self.kind.signature), der.NULL)
        self.digest = self.kind.hash

    @property
    def info(self):
        algorithm = der.sequence(oid(self.kind.key), der.sequence(oid(self.kind.curve), oid(self.kind.key_hash)))
        return der.sequence(algorithm, der.bit_string(der.octets(self.kind.gost.public_key(self.scalar))))

    def sign(self, data):
        return self.kind.gost.sign(self.scalar, self.digest(data))


def made_over(certificate, key, issuer):
    """The same certificate for another key (None: its own), signed by the issuer's."""
    tbs = tlv.children(tlv.children(certificate.der)[0])
    tbs[2] = issuer.signature_algorithm
    if key is not None:
        tbs[6] = key.info
    signed = der.sequence(*tbs)
    return Certificate.load(der.sequence(signed, issuer.signature_algorithm, der.bit_string(issuer.sign(signed))))


def relisted(data, issuer):
    """The same revocation list, signed by another issuer."""
    tbs = tlv.children(tlv.children(data)[0])
    tbs[1] = issuer.signature_algorithm
    signed = der.sequence(*tbs)
    return der.sequence(signed, issuer.signature_algorithm, der.bit_string(issuer.sign(signed)))


class GostWorld:
    """A root, a person and a stamper, all with keys of one algorithm."""

    def __init__(self, kind):
        self.maker, self.authority, self.key = Maker("NCA"), GostKey(kind, 11), GostKey(kind, 12)
        self.issuer = made_over(self.maker.authority(self.maker), self.authority, self.authority)
        self.trust = TrustStore.of([self.issuer], Profile.TEST)
        self.person = self.certified(serial=77)
        stamping = self.maker.issue(name("TSA"), self.maker.key, extensions=STAMPER)
        self.stamper = Stamper.with_key(self.key, made_over(stamping, self.key, self.authority))

    def certified(self, **options):
        """A person's certificate for the world's key."""
        return made_over(self.maker.person(**options), self.key, self.authority)
