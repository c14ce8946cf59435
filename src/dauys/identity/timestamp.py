"""Time stamps (RFC 3161): an authority's word that a signature existed at a moment."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from dauys.errors import CmsMalformed, ContentDiffers, RevocationUnknown, SignatureRejected
from dauys.identity import algorithms, armor, asn1, tlv
from dauys.identity.checks import Context, Purpose
from dauys.identity.cms import SignedMessage
from dauys.identity.cms_checks import CmsChecks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dauys.identity.certificates import Certificate
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore

TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
# One is usual; anyone may add more, and each costs a verification.
MOST_TOKENS: Final = 2

_VERSION_1: Final = b"\x02\x01\x01"
_GENERALIZED_TIME: Final = 0x18
_FRACTION: Final = re.compile(rb"(\d{14})\.(\d{0,8}[1-9])Z")  # DER: no zeros at its end


class TimeStamp(Struct, frozen=True):
    """A stamp that holds: when, by whose key."""

    moment: dt.datetime
    authority: Certificate

    def evidence(self) -> dict[str, Any]:
        """When, and by whose key."""
        return {
            "time": self.moment.isoformat(),
            "authority": self.authority.holder.common_name,
            "sha256": self.authority.fingerprint,
        }

    @classmethod
    def load(
        cls, token: bytes, stamped: bytes, trust: TrustStore, revocation: RevocationSource | None = None
    ) -> TimeStamp:
        """The token of these stamped bytes, by an authority of the store; SignatureRejected where it does not hold.

        A source of revocation that is silent on the stamping authority, which is seldom the signer's, stops nothing.
        """
        info = _Info.load(token)
        info.check_imprint(stamped)
        context = Context(trust, info.moment, Purpose.TIME_STAMPING)
        signer = CmsChecks(token, None, armor.SIGNATURE_LIMIT, context).verdict().require()
        if revocation is not None:
            with suppress(RevocationUnknown):
                revocation.require_good(signer.certificate, info.moment)
        return cls(info.moment, signer.certificate)


def earliest(
    tokens: Sequence[bytes], stamped: bytes, trust: TrustStore, revocation: RevocationSource | None = None
) -> tuple[TimeStamp | None, str]:
    """The earliest of the first tokens that hold; None and the code of a refusal where none does."""
    held: list[TimeStamp] = []
    problem = ""
    for token in tokens[:MOST_TOKENS]:
        try:
            held.append(TimeStamp.load(token, stamped, trust, revocation))
        except SignatureRejected as error:
            problem = error.code
    return min(held, key=lambda stamp: stamp.moment, default=None), problem


class _Info(Struct, frozen=True):
    """A TSTInfo, not yet believed."""

    moment: dt.datetime
    digest_algorithm: bytes
    imprint: bytes

    @classmethod
    def load(cls, token: bytes) -> _Info:
        """What the token carries; CmsMalformed where that is no TSTInfo or demands the unknown."""
        message = SignedMessage.load(armor.signature_der(token))
        if message.content_type != TST_INFO or message.content is None:
            raise CmsMalformed
        try:
            version, policy, imprint, serial, moment, *rest = tlv.children(tlv.whole(message.content))
            tlv.identifier(policy)
            tlv.integer(serial)
            algorithm, digest = tlv.children(imprint)
            if version != _VERSION_1 or _demands(rest):
                raise CmsMalformed
            return cls(_moment(moment), algorithm, tlv.value(digest))
        except ValueError:
            raise CmsMalformed from None

    def check_imprint(self, stamped: bytes) -> None:
        """ContentDiffers where something else was stamped; AlgorithmUnknown."""
        if algorithms.digest(self.digest_algorithm).compute(stamped) != self.imprint:
            raise ContentDiffers


def _demands(rest: list[bytes]) -> bool:
    """Whether the last field, after accuracy, ordering, nonce and name, holds a critical extension."""
    if not rest or rest[-1][0] != tlv.CONSTRUCTED + 1:
        return False
    listed = [asn1.decode(asn1.Extension, element) for element in tlv.children(rest[-1], tlv.CONSTRUCTED + 1)]
    return any(extension.critical for extension in listed)


def _moment(element: bytes) -> dt.datetime:
    """A GeneralizedTime in UTC, perhaps with a fraction of a second (RFC 3161 section 2.4.2)."""
    if element[0] != _GENERALIZED_TIME:
        raise asn1.Malformed
    fraction = _FRACTION.fullmatch(tlv.value(element, _GENERALIZED_TIME))
    if fraction is None:
        return tlv.moment(element)
    whole = tlv.moment(asn1.element(_GENERALIZED_TIME, fraction[1] + b"Z"))
    return whole.replace(microsecond=int(fraction[2][:6].ljust(6, b"0")))
