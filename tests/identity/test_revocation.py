import datetime as dt

import pytest
from cryptography import x509

from dauys.errors import CertificateRevoked, FileRejected, RevocationUnknown
from dauys.identity.revocation import Reason, RevocationList
from made_certificates import SINCE, Maker
from made_lists import FRESHEST, delta_of, entry, extension, number, signed_list

DAY = dt.timedelta(days=1)
WHEN = SINCE + 10 * DAY


@pytest.fixture
def national_list(vectors):
    return (vectors / "crl" / "nca_gost2022_test.crl").read_bytes()


@pytest.fixture
def maker():
    return Maker("NCA")


@pytest.fixture
def issuer(maker):
    return maker.authority(maker)


def test_the_national_test_list(national_list, certificate):
    listed = RevocationList.load(national_list, certificate("ca_test/nca_gost2022_test.cer"))
    assert len(listed) == 6
    assert str(listed.this_update) == "2022-07-27 11:26:06+00:00"
    assert str(listed.next_update) == "2023-01-23 11:26:06+00:00"
    held = listed.revoked(0x200327F2CD345C4378A4C692AB9B88C1178DCFA1)
    assert (str(held.since), held.reason) == ("2022-07-27 10:28:10+00:00", Reason.CERTIFICATE_HOLD)
    assert listed.revoked(0x0FD51BA7059261AE60CC621F316DB4EF0EF4BA14).reason is Reason.KEY_COMPROMISE
    assert listed.revoked(1) is None


def test_the_null_of_the_outer_algorithm_may_differ(national_list, certificate):
    # The current national list: NULL outside, none inside. Here the other way round, which the signature allows too.
    outer = bytes.fromhex("300e060a2a830e030a01010203020500")
    start = national_list.rindex(outer)
    without = national_list[4:start] + b"\x30\x0c" + outer[2:-2] + national_list[start + len(outer) :]
    listed = RevocationList.load(
        b"\x30\x82" + len(without).to_bytes(2, "big") + without, certificate("ca_test/nca_gost2022_test.cer")
    )
    assert len(listed) == 6


def test_a_list_of_another_authority_is_refused(national_list, certificate):
    with pytest.raises(FileRejected):
        RevocationList.load(national_list, certificate("ca_test/root_test_gost_2022.cer"))


def test_a_changed_list_is_refused(national_list, certificate):
    place = national_list.index(bytes.fromhex("200327f2"))
    changed = national_list[:place] + b"\x21" + national_list[place + 1 :]
    with pytest.raises(FileRejected, match="signature-invalid"):
        RevocationList.load(changed, certificate("ca_test/nca_gost2022_test.cer"))


def test_a_list_by_a_false_authority_is_refused(maker, issuer):
    other = Maker("OTHER", key=maker.key)
    with pytest.raises(FileRejected, match="another authority"):
        RevocationList.load(other.revocation_list(), issuer)
    false = Maker("NCA", identifier=maker.identifier)
    with pytest.raises(FileRejected, match="signature-invalid"):
        RevocationList.load(false.revocation_list(), issuer)


def test_an_authority_that_may_not_sign_lists(maker):
    with pytest.raises(FileRejected):
        RevocationList.load(maker.revocation_list(), maker.authority(maker, signs=("key_cert_sign",)))


@pytest.mark.parametrize(
    "extension",
    [
        (x509.DeltaCRLIndicator(1), True),
        (x509.FreshestCRL([x509.DistributionPoint([x509.DNSName("a")], None, None, None)]), True),
    ],
)
def test_a_delta_never_stands_for_the_full_list(maker, issuer, extension):
    with pytest.raises(FileRejected, match="delta"):
        RevocationList.load(maker.revocation_list(extensions=[extension]), issuer)


def test_a_list_that_demands_the_unknown_is_refused(maker, issuer):
    demand = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)
    with pytest.raises(FileRejected, match=r"1\.2\.3\.4"):
        RevocationList.load(maker.revocation_list(extensions=[demand]), issuer)


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"nothing", bytes(100)])
def test_no_list_at_all(issuer, data):
    with pytest.raises(FileRejected):
        RevocationList.load(data, issuer)


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        (x509.ReasonFlags.superseded, True, False),
        (x509.ReasonFlags.affiliation_changed, True, False),
        (x509.ReasonFlags.cessation_of_operation, True, False),
        (x509.ReasonFlags.privilege_withdrawn, True, False),
        (x509.ReasonFlags.key_compromise, False, False),
        (x509.ReasonFlags.certificate_hold, False, False),
        (None, False, False),
    ],
)
def test_what_a_reason_does_to_a_signature_before_and_after(maker, issuer, reason, before, after):
    person = maker.person(serial=77)
    listed = RevocationList.load(maker.revocation_list([(77, WHEN, reason)]), issuer)
    for at, stands in ((WHEN - DAY, before), (WHEN, after), (WHEN + DAY, after)):
        if stands:
            listed.require_good(person, at)
        else:
            with pytest.raises(CertificateRevoked) as caught:
                listed.require_good(person, at)
            assert caught.value.facts == {"since": WHEN.date()}


def test_a_certificate_that_is_not_listed_is_good(maker, issuer):
    listed = RevocationList.load(maker.revocation_list([(77, WHEN, None)]), issuer)
    listed.require_good(maker.person(serial=78), WHEN + DAY)


def test_an_expired_list_says_nothing(maker, issuer):
    listed = RevocationList.load(maker.revocation_list(until=WHEN), issuer)
    person = maker.person()
    listed.require_good(person, WHEN)
    with pytest.raises(RevocationUnknown):
        listed.require_good(person, WHEN + dt.timedelta(seconds=1))


def test_a_list_says_nothing_about_other_authorities(maker, issuer):
    listed = RevocationList.load(maker.revocation_list(), issuer)
    with pytest.raises(RevocationUnknown):
        listed.require_good(Maker("OTHER").person(), WHEN)


def full(maker, *entries, own=10, extensions=()):
    return signed_list(maker, list(entries), number(own), *extensions)


def delta(maker, *entries, own=12, base=10):
    return signed_list(maker, list(entries), number(own), delta_of(base))


REMOVED = 8


def test_a_delta_adds_changes_and_removes(maker, issuer):
    listed = RevocationList.load(full(maker, entry(1, code=6), entry(2, code=6), entry(3, code=6)), issuer)
    updated = listed.updated(delta(maker, entry(2, WHEN, 1), entry(3, WHEN, REMOVED), entry(4, WHEN, 4)))
    found = [updated.revoked(serial) for serial in (1, 2, 3, 4, 5)]
    assert [one and one.reason for one in found] == [6, 1, None, 4, None]
    assert listed.revoked(4) is None, "the list below is not changed"
    again = updated.updated(delta(maker, entry(5, WHEN, 4), own=13))
    assert (again.revoked(4), again.revoked(5).reason) == (None, Reason.SUPERSEDED)


def test_a_delta_that_does_not_tell_its_base_only_adds(maker, issuer):
    listed = RevocationList.load(full(maker, entry(3, code=6)), issuer)
    marked = signed_list(maker, [entry(3, WHEN, REMOVED), entry(4, WHEN, 1)], number(12), FRESHEST)
    updated = listed.updated(marked)
    assert [updated.revoked(serial).reason for serial in (3, 4)] == [6, 1]


@pytest.mark.parametrize(
    ("own", "base", "fits"), [(12, 10, True), (12, 9, True), (10, 9, True), (12, 11, False), (9, 9, False)]
)
def test_a_delta_fits_by_its_numbers(maker, issuer, own, base, fits):
    listed = RevocationList.load(full(maker), issuer)
    if fits:
        assert listed.updated(delta(maker, own=own, base=base)).revoked(1) is None
    else:
        with pytest.raises(FileRejected, match="does not fit"):
            listed.updated(delta(maker, own=own, base=base))


def test_what_is_no_delta_for_this_list(maker, issuer):
    listed = RevocationList.load(full(maker), issuer)
    false = Maker("NCA", identifier=maker.identifier)
    unnumbered = signed_list(maker, [], delta_of(10))
    demanding = signed_list(maker, [], number(12), delta_of(10), extension("1.2.3.4", b"\x05\x00", critical=True))
    damaged = signed_list(maker, [], number(12), extension("2.5.29.27", b"\x05\x00", critical=True))
    for data in (full(maker), delta(Maker("OTHER")), delta(false), unnumbered, demanding, damaged, b"nothing"):
        with pytest.raises(FileRejected):
            listed.updated(data)
    with pytest.raises(FileRejected, match="does not fit"):
        RevocationList.load(signed_list(maker, []), issuer).updated(delta(maker))


@pytest.mark.parametrize(
    "broken",
    [
        entry(7, extensions=b"\x30\x03\x0a\x01\x01"),
        entry(7, extensions=b"\x05\x00"),
        entry(7).replace(b"\x17\x0d", b"\x18\x0d"),
    ],
    ids=["reason", "extensions", "date"],
)
def test_an_entry_that_cannot_be_read_says_nothing(maker, issuer, broken):
    listed = RevocationList.load(full(maker, broken, entry(8, code=1)), issuer)
    assert listed.revoked(8).reason is Reason.KEY_COMPROMISE
    with pytest.raises(RevocationUnknown):
        listed.revoked(7)


def test_an_entry_that_demands_the_unknown_says_nothing(maker, issuer):
    from dauys.demo import der

    demanding = entry(7, extensions=der.sequence(extension("2.5.29.29", der.sequence(), critical=True)))
    with pytest.raises(RevocationUnknown):
        RevocationList.load(full(maker, demanding), issuer).revoked(7)
