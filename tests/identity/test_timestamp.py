"""A time stamp that holds moves the moment of verification; one that does not changes nothing."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from dauys.demo import der
from dauys.errors import SignatureRejected
from dauys.identity.revocation import RevocationList
from dauys.identity.timestamp import TimeStamp, earliest
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import Stage
from dauys.identity.verify import Purpose, verify_cms
from made_certificates import SINCE, Maker, usage
from made_lists import extension
from made_messages import STAMPING, Stamper, attribute, message, stamp_attribute

DAY = dt.timedelta(days=1)
SIGNED = SINCE + 5 * DAY
LATER = SINCE + 30 * DAY  # when the person's certificate is over
TEXT = b"I sign this."
NONE = "the signature brings none"
MD5 = der.sequence(der.oid("1.2.840.113549.2.5"))


class World:
    def __init__(self):
        self.root, self.maker = Maker("ROOT"), Maker("NCA")
        self.issuer = self.root.authority(self.maker)
        self.trust = TrustStore.of([self.root.authority(self.root), self.issuer], Profile.TEST)
        self.key = Maker("PERSON").key
        self.person = self.maker.person(key=self.key, until=SINCE + 10 * DAY, serial=77)
        self.stamper = Stamper(self.maker)

    def judge(self, *tokens, at=LATER, attributes=None, **options):
        """The verdict on the person's signature of TEXT with these stamps, each made from the signature."""
        made = message(
            self.key,
            self.person,
            TEXT,
            stamps=lambda signature: attributes or [stamp_attribute(*(token(signature) for token in tokens))],
        )
        return verify_cms(made, TEXT, self.trust, at, **options)


@pytest.fixture(scope="module")
def world():
    return World()


def told(verdict):
    """What the verdict found in the stage of time stamps."""
    check = next((check for check in verdict.checks if check.stage is Stage.TIMESTAMP), None)
    assert check is None or check.passed is check.explain().startswith("by ")
    return check and check.explain()


def stamped(world, moment=SIGNED, **options):
    return lambda signature: world.stamper.token(signature, moment, **options)


def test_a_stamp_proves_a_signature_after_its_certificate_is_over(world):
    without = verify_cms(message(world.key, world.person, TEXT), TEXT, world.trust, LATER)
    assert (without.error.code, told(without)) == ("certificate-expired", NONE)
    verdict = world.judge(stamped(world))
    assert verdict.valid
    assert told(verdict) == "by TSA"
    assert next(check.ended.facts["moment"] for check in verdict.checks if check.stage is Stage.TIME) == SIGNED


def test_a_stamp_from_after_the_end_proves_nothing(world):
    verdict = world.judge(stamped(world, SINCE + 11 * DAY))
    assert (verdict.error.code, told(verdict)) == ("certificate-expired", "by TSA")


def test_the_earliest_of_two_counts_and_a_third_is_not_read(world):
    late, early = stamped(world, SINCE + 20 * DAY), stamped(world)
    assert world.judge(late, early).valid
    assert world.judge(early, late).valid
    parts = [late(b""), late(b""), early(b"signature")]
    assert earliest(parts, b"signature", world.trust) == (None, "content-differs")


def test_a_stamp_from_the_future_does_not_count(world):
    verdict = world.judge(stamped(world, LATER + DAY))
    assert verdict.error.code == "certificate-expired"
    assert "after the time" in told(verdict)
    assert world.judge(stamped(world, SIGNED + DAY), at=SIGNED).valid


def test_revocation_is_judged_at_the_moment_of_the_stamp(world):
    revoked = SIGNED + DAY
    for reason, code in ((x509.ReasonFlags.superseded, None), (x509.ReasonFlags.key_compromise, "certificate-revoked")):
        listed = RevocationList.load(world.maker.revocation_list([(77, revoked, reason)]), world.issuer)
        verdict = world.judge(stamped(world), revocation=listed)
        assert (verdict.error and verdict.error.code) == code
        unstamped = verify_cms(
            message(world.key, world.person, TEXT), TEXT, world.trust, revoked + DAY, revocation=listed
        )
        assert unstamped.error.code == "certificate-revoked"


def test_a_stamp_by_a_revoked_key_does_not_count(world):
    serial = world.stamper.certificate.serial
    for moment, reason, counts in (
        (SIGNED - DAY, x509.ReasonFlags.superseded, False),
        (SIGNED + DAY, x509.ReasonFlags.superseded, True),
        (SIGNED + DAY, x509.ReasonFlags.key_compromise, False),
    ):
        listed = RevocationList.load(world.maker.revocation_list([(serial, moment, reason)]), world.issuer)
        verdict = world.judge(stamped(world), revocation=listed)
        assert told(verdict) == ("by TSA" if counts else "one that does not count (certificate-revoked)")
        assert verdict.valid is counts
    silent = RevocationList.load(world.root.revocation_list(), world.root.authority(world.root))
    assert told(world.judge(stamped(world), revocation=silent)) == "by TSA"


def purposes(*kinds, critical=True):
    return [(x509.ExtendedKeyUsage(kinds), critical), (usage("digital_signature"), True)]


def false_stampers(world):
    stamping = ExtendedKeyUsageOID.TIME_STAMPING
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    return {
        "not critical": (Stamper(world.maker, purposes(stamping, critical=False)), "wrong-purpose"),
        "for more": (Stamper(world.maker, purposes(stamping, ExtendedKeyUsageOID.EMAIL_PROTECTION)), "wrong-purpose"),
        "for signing": (Stamper(world.maker, purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION)), "wrong-purpose"),
        "for nothing": (Stamper(world.maker, ()), "wrong-purpose"),
        "key usage": (Stamper(world.maker, [STAMPING, (usage("key_agreement"), True)]), "wrong-key-usage"),
        "demands": (Stamper(world.maker, [STAMPING, unknown]), "certificate-malformed"),
        "an authority": (
            Stamper(world.maker, [STAMPING, (x509.BasicConstraints(True, None), True)]),
            "wrong-purpose",
        ),
        "over": (Stamper(world.maker, until=SIGNED - DAY), "certificate-expired"),
        "too early": (Stamper(world.maker, since=SIGNED + DAY), "certificate-not-yet-valid"),
        "self-made": (Stamper(Maker("NCA", identifier=world.maker.identifier)), "issuer-untrusted"),
    }


def test_nobody_else_may_stamp(world):
    for kind, (stamper, code) in false_stampers(world).items():
        verdict = world.judge(lambda signature, stamper=stamper: stamper.token(signature, SIGNED))
        assert (verdict.error.code, told(verdict)) == ("certificate-expired", f"one that does not count ({code})"), kind


def test_a_stamp_must_be_of_this_signature(world):
    token = world.stamper.token(b"another signature", SIGNED)
    verdict = world.judge(lambda _: token)
    assert told(verdict) == "one that does not count (content-differs)"
    assert not verdict.valid


def test_a_stamp_that_was_changed(world):
    token = world.stamper.token(b"signature", SIGNED)
    assert TimeStamp.load(token, b"signature", world.trust).moment == SIGNED
    digits = SIGNED.strftime("%Y%m%d").encode()
    earlier = token.replace(digits, b"20260102")
    assert earlier != token
    with pytest.raises(SignatureRejected) as caught:
        TimeStamp.load(earlier, b"signature", world.trust)
    assert caught.value.code == "signature-invalid"
    for place in range(0, len(token), 3):
        for broken in (token[:place], token[:place] + bytes((token[place] ^ 1,)) + token[place + 1 :]):
            try:
                read = TimeStamp.load(broken, b"signature", world.trust)
            except SignatureRejected:
                continue
            assert read.moment == SIGNED, "a byte that nobody signs"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"content_type": "1.2.840.113549.1.7.1"}, "cms-malformed"),
        ({"algorithm": MD5}, "algorithm-unknown"),
        ({"text": b"20260106000000+0500"}, "cms-malformed"),
        ({"text": b"20260106000000.50Z"}, "cms-malformed"),
        ({"text": b"20260106000000"}, "cms-malformed"),
        ({"text": b"20261306000000Z"}, "cms-malformed"),
        ({"rest": [der.tlv(0xA1, extension("1.2.3.4", b"", critical=True))]}, "cms-malformed"),
        ({"rest": [der.tlv(0xA1, b"\x05\x00")]}, "cms-malformed"),
    ],
)
def test_a_stamp_that_cannot_be_read(world, options, code):
    with pytest.raises(SignatureRejected) as caught:
        TimeStamp.load(world.stamper.token(b"s", SIGNED, **options), b"s", world.trust)
    assert caught.value.code == code


def test_what_a_stamp_may_say_besides(world):
    rest = [
        der.sequence(der.integer(1)),
        der.TRUE,
        der.integer(12345),
        der.tlv(0xA1, extension("1.2.3.4", b"")),
    ]
    assert TimeStamp.load(world.stamper.token(b"s", SIGNED, rest=rest), b"s", world.trust).moment == SIGNED


def test_fractions_of_a_second(world):
    token = world.stamper.token(b"s", SIGNED, text=b"20260106000000.25Z")
    assert str(TimeStamp.load(token, b"s", world.trust).moment) == "2026-01-06 00:00:00.250000+00:00"
    token = world.stamper.token(b"s", SIGNED, text=b"20260106000000.123456789Z")
    assert str(TimeStamp.load(token, b"s", world.trust).moment) == "2026-01-06 00:00:00.123456+00:00"


def test_other_unsigned_attributes_change_nothing(world):
    other = attribute("1.2.3.4", b"\x05\x00")
    verdict = world.judge(attributes=[other], at=SIGNED)
    assert verdict.valid
    assert told(verdict) == NONE
    assert world.judge(attributes=[stamp_attribute(b"\x05\x00")], at=SIGNED).valid
    assert world.judge(attributes=[stamp_attribute()], at=SIGNED).valid
    assert world.judge(attributes=[b"\x05\x00"], at=SIGNED).error.code == "cms-malformed"


def test_a_stamp_is_no_signature_of_a_person(world):
    token = world.stamper.token(b"s", SIGNED)
    assert verify_cms(token, None, world.trust, SIGNED).error.code == "wrong-purpose"
    anyone = verify_cms(token, None, world.trust, SIGNED, purpose=Purpose.ANY_SIGNING)
    assert anyone.error.code == "wrong-key-usage"
