"""Any k auditors open all evidence without the operator's keys; fewer open nothing, and so do those named before."""

from contextlib import closing
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dauys.errors import BadInput, KeyMalformed
from dauys.ledger import auditors, sqlite
from dauys.ledger.auditors import Part, combine, name_auditors, named, part_of
from dauys.ledger.destruction import destroy_keys
from dauys.ledger.envelope import Sealed
from dauys.ledger.leaves import decode_leaf, from_text, to_text
from dauys.ledger.office_acts import Evidence, append_signed, read_vault
from dauys.ledger.opener import AuditorOpener
from dauys.ledger.petition_leaves import Withdrawn
from dauys.ledger.subjects import open_petition, read_secrets
from dauys.ledger.vault import read_envelope
from dauys.ledger.vault_leaves import AuditorsNamed
from small_installation import NOW, new_petition

LATER = NOW + timedelta(days=40)
EVIDENCE = Evidence("person", b"envelope", b"n" * 16, "mobile")


@pytest.fixture
def ledger(installation):
    with closing(sqlite.connect(installation.places.database)) as connection:
        yield connection


@pytest.fixture
def three():
    return [X25519PrivateKey.generate() for _ in range(3)]


def publics(privates):
    return [to_text(private.public_key().public_bytes_raw()) for private in privates]


def name(installation, ledger, privates, threshold=2):
    with sqlite.transaction(ledger, installation.places.database):
        return name_auditors(ledger, installation.keys, publics(privates), threshold, NOW)


def withdrawn(installation, ledger):
    with sqlite.transaction(ledger, installation.places.database):
        return append_signed(
            ledger, installation.keys, "petition/1", EVIDENCE,
            lambda commitment: Withdrawn(commitment=commitment, moment="2026-11-21T00:00:00Z", subject="petition/1"),
        )[0]  # fmt: skip


def test_any_two_of_three_open_what_was_there_and_what_comes(installation, ledger, three):
    with closing(installation.sequencer()) as sequencer:
        index = sequencer.commit([installation.admission("iin|1")])[0].index
    assert name(installation, ledger, three) == 1
    act = withdrawn(installation, ledger)
    with sqlite.transaction(ledger, installation.places.database):
        second = open_petition(ledger, installation.keys, new_petition(2))
    leaf = decode_leaf(sqlite.read_entries(ledger, index, index + 1)[0])
    for absent in range(3):
        parts = [part_of(ledger, private) for place, private in enumerate(three) if place != absent]
        opened = combine(ledger, parts)
        assert opened.keys() == {"petition/1", "petition/2", "office/petition/1"}
        opener = AuditorOpener(opened)
        sealed = Sealed(from_text(leaf.commitment), *read_envelope(ledger, index))
        assert b"iin|1" in opener.signatures("petition/1").unseal(sealed)[0]
        assert opener.signatures("petition/1").pseudonym("petition/1", "iin|1") == from_text(leaf.pseudonym)
        mine = read_secrets(ledger, installation.keys, second).pseudonym("petition/2", "iin|1")
        assert opener.signatures("petition/2").pseudonym("petition/2", "iin|1") == mine
        committed = decode_leaf(sqlite.read_entries(ledger, act, act + 1)[0]).commitment
        evidence = Sealed(from_text(committed), *read_envelope(ledger, act))
        assert opener.office("petition/1").unseal(evidence)[0] == b"envelope"
        assert opener.signatures("petition/9") is None
        assert opener.office("petition/9") is None


def test_too_few_open_nothing(installation, ledger, three):
    name(installation, ledger, three)
    one = part_of(ledger, three[0])
    for parts in ([], [one], [one, one]):
        with pytest.raises(BadInput, match="2 auditors are needed"):
            combine(ledger, parts)


def test_a_part_that_was_changed_or_is_anothers_opens_nothing(installation, ledger, three):
    name(installation, ledger, three)
    one, other = part_of(ledger, three[0]), part_of(ledger, three[1])
    ((label, share),) = other.shares.items()
    wrong = [{label: share[:-1] + bytes([share[-1] ^ 1])}, {}, {label: b""}]
    for shares in wrong:
        with pytest.raises(BadInput):
            combine(ledger, [one, Part(other.index, 1, shares)])
    with pytest.raises(BadInput, match="other auditors"):
        combine(ledger, [one, Part(other.index - 1, 1, other.shares)])
    assert combine(ledger, [one, other]).keys() == {"petition/1"}


def test_new_auditors_take_the_old_ones_places(installation, ledger, three):
    name(installation, ledger, three)
    old = [part_of(ledger, private) for private in three]
    new = [X25519PrivateKey.generate() for _ in range(2)]
    name(installation, ledger, new, 1)
    assert (named(ledger).threshold, len(named(ledger).keys)) == (1, 2)
    with pytest.raises(BadInput):
        combine(ledger, old)
    with pytest.raises(KeyMalformed):
        part_of(ledger, three[0])
    assert combine(ledger, [part_of(ledger, new[1])]).keys() == {"petition/1"}


def test_a_share_is_bound_to_its_subject_and_its_auditor(installation, ledger, three):
    name(installation, ledger, three)
    ledger.execute(
        "UPDATE ledger_auditor_share SET share = (SELECT share FROM ledger_auditor_share WHERE auditor = 1) WHERE auditor = 0"
    )
    with pytest.raises(KeyMalformed, match="another key"):
        part_of(ledger, three[0])
    ledger.execute("UPDATE ledger_auditor_secret SET label = label")
    with pytest.raises(KeyMalformed):
        part_of(ledger, X25519PrivateKey.generate())


@pytest.mark.parametrize(
    ("keys", "threshold"),
    [(["A" * 43, "A" * 43], 1), (["A" * 43], 2), (["A" * 43], 0), ([], 0), (["x"], 1), (["A" * 43 + "="], 1)],
)
def test_auditors_that_cannot_be(installation, ledger, keys, threshold):
    size = sqlite.read_tail(ledger).size
    with pytest.raises(BadInput), sqlite.transaction(ledger, installation.places.database):
        name_auditors(ledger, installation.keys, keys, threshold, NOW)
    assert sqlite.read_tail(ledger).size == size
    assert named(ledger) is None


def test_the_log_names_them(installation, ledger, three):
    name(installation, ledger, three)
    size = sqlite.read_tail(ledger).size
    leaf = decode_leaf(sqlite.read_entries(ledger, size - 1, size)[0])
    assert isinstance(leaf, AuditorsNamed)
    assert (leaf.keys, leaf.threshold) == (publics(three), 2)


def test_destroyed_keys_are_gone_for_auditors_too(installation, ledger, three):
    name(installation, ledger, three)
    withdrawn(installation, ledger)
    assert read_vault(ledger, installation.keys, "petition/1") is not None
    with sqlite.transaction(ledger, installation.places.database):
        destroy_keys(ledger, "petition/1", LATER)
    assert combine(ledger, [part_of(ledger, private) for private in three]) == {}


def test_without_auditors_nothing_is_shared(installation, ledger):
    withdrawn(installation, ledger)
    assert ledger.execute("SELECT count(*) FROM ledger_auditor_secret").fetchone() == (0,)
    assert auditors.named(ledger) is None
    with pytest.raises(BadInput):
        combine(ledger, [])
