"""The scanner of revocation lists: it finds what is there, keeps little, and refuses what is not DER."""

import statistics
import subprocess
import sys
import time
import tracemalloc

import pytest
from cryptography.x509 import load_der_x509_crl
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.demo import der
from dauys.identity import asn1
from dauys.identity.crl import CertificateList, same_algorithm
from dauys.identity.revocation import RevocationList
from made_certificates import SINCE, Maker
from made_lists import NATIONAL, REASONS, entry, extension, national_list, number, serials, signed_list

MAKER = Maker("NCA")
# Serials of every length, many of them ending alike.
SERIALS = st.one_of(
    st.integers(1, 300), st.integers(1, 1 << 159), st.builds(lambda n: n << 32 | 7, st.integers(0, 1 << 100))
)


@given(st.lists(SERIALS, unique=True, max_size=40), SERIALS)
@settings(max_examples=60)
def test_what_is_listed_is_found_and_nothing_else(listed, other):
    entries = [entry(serial) for serial in listed]
    read = CertificateList.load(signed_list(MAKER, entries)).entries
    assert len(read) == len(listed)
    assert [read.find(serial) for serial in listed] == entries
    assert (read.find(other) is None) == (other not in listed)


@pytest.mark.filterwarnings("ignore:Attribute's length")  # the national authority's name has 69 letters
def test_it_reads_a_list_as_the_library_does(vectors):
    data = (vectors / "crl" / "nca_gost2022_test.crl").read_bytes()
    own, other = CertificateList.load(data), load_der_x509_crl(data)
    assert bytes(own.tbs) == other.tbs_certlist_bytes
    assert own.signature == other.signature
    assert own.issuer == other.issuer.public_bytes()
    assert (own.this_update, own.next_update) == (other.last_update_utc, other.next_update_utc)
    assert own.number == 4
    assert not own.is_delta
    assert all(own.entries.find(revoked.serial_number) for revoked in other)


def test_the_first_of_two_entries_counts():
    twice = [entry(7, SINCE, 1), entry(7, SINCE, 6)]
    assert CertificateList.load(signed_list(MAKER, twice)).entries.find(7) == twice[0]


def test_a_list_without_entries_or_extensions():
    empty = CertificateList.load(signed_list(MAKER, []))
    assert (len(empty.entries), empty.entries.find(1), empty.number, empty.base_number) == (0, None, None, None)
    assert CertificateList.load(signed_list(MAKER, [], number(5), until=None)).next_update is None


def test_a_large_entry_is_walked_over():
    large = entry(7, extensions=der.sequence(extension("1.2.3", bytes(300))))
    read = CertificateList.load(signed_list(MAKER, [entry(1), large, entry(9)])).entries
    assert [read.find(serial) is not None for serial in (1, 7, 9)] == [True] * 3


@pytest.mark.parametrize(
    "broken",
    [
        b"\x05\x00",
        der.sequence(),
        der.sequence(der.octets(b"1"), der.time(SINCE)),
        der.sequence(b"\x02\x00", der.time(SINCE)),
        b"\x30\x03\x02\x05\x01",  # a serial longer than its entry
        b"\x30\x81\x13" + entry(7)[2:],  # a length that could be shorter
        b"\x30\x80" + entry(7)[2:] + b"\x00\x00",
    ],
)
def test_an_entry_that_is_none_refuses_the_list(broken):
    for entries in ([broken], [entry(1), broken], [broken, entry(1)]):
        with pytest.raises(asn1.Malformed):
            CertificateList.load(signed_list(MAKER, entries))


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_list_cut_short(cut):
    data = signed_list(MAKER, [entry(serial) for serial in (1, 2, 3)], number(5))
    for broken in (data[:cut] if cut < len(data) else b"", data + bytes(1)):
        with pytest.raises(asn1.Malformed):
            CertificateList.load(broken)


def test_a_repeated_extension_refuses_the_list():
    with pytest.raises(asn1.Malformed):
        CertificateList.load(signed_list(MAKER, [], number(5), number(6)))


def test_algorithms_may_differ_in_null_alone():
    bare, null = der.sequence(der.oid("1.2.3")), der.sequence(der.oid("1.2.3"), der.NULL)
    assert same_algorithm(bare, null)
    assert not same_algorithm(bare, der.sequence(der.oid("1.2.4")))
    assert not same_algorithm(null, der.sequence(der.oid("1.2.3"), der.oid("1.2.4")))
    ecdsa = der.sequence(der.oid("1.2.840.10045.4.3.2"), der.NULL)
    assert CertificateList.load(signed_list(MAKER, [], outer=ecdsa))
    with pytest.raises(asn1.Malformed):
        CertificateList.load(signed_list(MAKER, [], inner=bare))


def test_an_entry_costs_eight_bytes_beyond_the_file():
    """Of the national list that is 3.4 MB; at the peak twice as much, and never an object for each entry."""
    count = 20_000
    data = national_list(MAKER, count)
    tracemalloc.start()
    try:
        listed = RevocationList.load(data, MAKER.authority(MAKER))
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(listed) == count
    assert kept < 12 * count
    assert peak < 30 * count


MEASURE = """
import sys, time
from pathlib import Path
from dauys.identity.certificates import Certificate
from dauys.identity.revocation import RevocationList
def memory(what):
    return int(next(l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith(what)).split()[1])
data, issuer = Path(sys.argv[1]).read_bytes(), Certificate.load(Path(sys.argv[2]).read_bytes())
issuer.public_key
before, start = memory("VmRSS"), time.perf_counter()
listed = RevocationList.load(data, issuer)
took = time.perf_counter() - start
print(took, (memory("VmRSS") - before) / 1024, (memory("VmHWM") - before) / 1024, len(listed))
"""


@pytest.mark.long
def test_the_national_list(tmp_path, long):
    if not long:
        pytest.skip("a list of the national size takes seconds to make; run with --long")
    path, issuer = tmp_path / "national.crl", MAKER.authority(MAKER)
    path.write_bytes(national_list(MAKER))
    (tmp_path / "issuer.cer").write_bytes(issuer.der)
    command = [sys.executable, "-c", MEASURE, str(path), str(tmp_path / "issuer.cer")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, kept, peak = map(float, told[:3])
    listed = RevocationList.load(path.read_bytes(), issuer)
    samples = serials(NATIONAL)[:: NATIONAL // 2000]
    assert [listed.revoked(serial).reason for serial in serials(NATIONAL)[:7]] == list(REASONS)
    lookups = []
    for serial in [*samples, *serials(2000, seed=2)]:
        start = time.perf_counter()
        listed.revoked(serial)
        lookups.append(time.perf_counter() - start)
    listed_us, absent_us = (
        statistics.median(part) * 1e6 for part in (lookups[: len(samples)], lookups[len(samples) :])
    )
    print(
        f"{path.stat().st_size / 1e6:.1f} MB, {told[3]} entries: {seconds:.2f} s, +{kept:.1f} MB kept, "
        f"+{peak:.1f} MB at the peak; a look-up {listed_us:.1f} us where listed, {absent_us:.1f} us where not"
    )
    assert seconds < 5
    assert kept < 20
    assert peak < 20
    assert absent_us < 100
