"""The bare cost of the cryptography that one act needs: what no implementation could do without, on one core.

Certificate and message are parsed outside the clock: only the primitives are timed. The signer's key is a new one each
time, as it is in life: loading it and its first use (for RSA, the Montgomery constants of its modulus) belong to the
bound. The authority's key is met again and again, and is warm.
"""

from __future__ import annotations

import hmac
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dauys.identity import algorithms
from dauys.identity.armor import signature_der
from dauys.identity.certificates import Certificate
from dauys.identity.cms import SignedMessage
from dauys.identity.keys import PublicKey
from dauys.identity.trust import TrustStore
from dauys.ledger.envelope import Envelope
from dauys.ledger.subjects import SubjectSecrets
from dauys.translog import vrf
from dauys.translog.merkle import leaf_hash

SECRET = vrf.generate()
SUBJECT = SubjectSecrets(SECRET, bytes(32))


@dataclass(frozen=True, slots=True)
class Parsed:
    """One signed statement with everything the primitives take."""

    statement: bytes
    signature: bytes
    message: SignedMessage
    leaf: Certificate
    issuer: Certificate

    @classmethod
    def of(cls, statement: bytes, signature: bytes, trust: TrustStore) -> Parsed:
        """Parses what will be timed."""
        message = SignedMessage.load(signature_der(signature))
        leaf = Certificate.load(message.certificates[0])
        issuer = trust.chain(leaf)[1]
        parsed = cls(statement, signature, message, leaf, issuer)
        check_chain(parsed)  # warms the authority's key
        return parsed


def check_signature(parsed: Parsed) -> None:
    """Digest of the statement, digest and signature of the signed attributes, under a key not met before."""
    entry = parsed.message.signers[0]
    digest = algorithms.digest(entry.digest_algorithm)
    digest.compute(parsed.statement)
    key = PublicKey.load(parsed.leaf.public_key_info)
    key.verify(algorithms.signature(entry.signature_algorithm), digest, entry.signed, entry.signature)


def check_chain(parsed: Parsed) -> None:
    """The authority's signature over the signer's certificate."""
    parsed.leaf.check_signed_by(parsed.issuer)


def derive(_: Parsed) -> None:
    """The pseudonym: one VRF output."""
    SUBJECT.pseudonym("petition/1", "iin|990101300123")


def keep(parsed: Parsed) -> None:
    """The token's MAC, the envelope's two seals and commitment, the leaf's hash."""
    hmac.digest(SECRET, parsed.statement[:120], "sha256")
    leaf_hash(SUBJECT.seal(Envelope(parsed.statement, parsed.signature, 0).to_bytes()).ciphertext[:220])


PARTS: dict[str, Callable[[Parsed], None]] = {
    "signature": check_signature, "certificate": check_chain, "pseudonym": derive, "sealing": keep,
}  # fmt: skip


def bare_cost(sample: list[Parsed]) -> dict[str, float]:
    """CPU seconds per act of each part, while another process keeps another core busy.

    So it is with the server: the load generator works beside it, and a core alone on its chip runs faster.
    """
    with busy_neighbour():
        return {name: _time(part, sample) for name, part in PARTS.items()}


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """A process that does what a load generator does most: JSON, as fast as it can."""
    work = "import json\nwhile True: json.loads(json.dumps({'token': 'a' * 119, 'signature': 'b' * 2700}))"
    with subprocess.Popen([sys.executable, "-c", work]) as process:  # noqa: S603 - our own line, no shell
        try:
            yield
        finally:
            process.kill()


def _time(part: Callable[[Parsed], None], sample: list[Parsed]) -> float:
    start = time.process_time()
    for parsed in sample:
        part(parsed)
    return (time.process_time() - start) / len(sample)
