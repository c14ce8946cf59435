"""A country's log whose operator holds every key: an honest log by the rules, and the memory that others have of it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from cli.conftest import pristine, published  # noqa: F401 - fixtures
from dauys.audit.known import open_known
from dauys.audit.state import StateFile
from dauys.demo.made_log import BODY, LEVEL, RULES, MadeLog
from dauys.ledger.leaves import PetitionOpened, encode_leaf, to_text
from dauys.ledger.moments import moment_text, parse_moment
from dauys.ledger.petition_leaves import Refused, Removed, Submitted
from dauys.petitions.canonical import text_bytes
from dauys.petitions.terms import terms_of
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.frontier import split_hashes
from dauys.translog.merkle import leaf_hash
from dauys.translog.proof import Receipt
from dauys.translog.tiles import TileTree
from made_logs import PublishedLog, found

NOW = datetime.now(UTC)
TERMS = terms_of(RULES)
REFUSED, REMOVED = "petition/90", "petition/91"
OTHER = text_bytes("Талапсыз өтініш", "Мәтін")
WHY, TEXT = text_bytes("Неге", "Өтініште талап жоқ."), text_bytes("Алынған өтініш", "Мәтін")


def day(days, hours=0):
    return moment_text(NOW - timedelta(days=days, hours=hours))


def submitted(subject, moment, text=TEXT):
    return Submitted(
        moment=moment, subject=subject, attempt=1, body=BODY, commitment="A" * 43, due=TERMS.moderation_due(moment),
        language="kk", level=LEVEL, rules=RULES, text_sha256=sha256(text).hexdigest(), tier="mobile",
    )  # fmt: skip


def refused(subject, moment, reason="no-demand"):
    return Refused(
        moment=moment, subject=subject, due=TERMS.appeal_due(moment), explanation=sha256(WHY).hexdigest(),
        officials=[1, 2], reasons=[reason],
    )  # fmt: skip


def opened(subject, moment, threshold=50_000):
    pack = TERMS.pack
    return PetitionOpened(
        addressee="Үкімет", age=pack.age, closes=TERMS.closes(moment), language="kk", opens=moment, rules=RULES,
        subject=subject, text_sha256=sha256(TEXT).hexdigest(), threshold=threshold, tiers=list(pack.tiers),
        title="Алынған өтініш", vrf=to_text(bytes(31) + b"\x01"),
    )  # fmt: skip


def removed(subject, moment):
    return Removed(
        moment=moment, subject=subject, due=TERMS.appeal_due(moment), explanation=sha256(WHY).hexdigest(),
        officials=[1, 2], reason="personal-data",
    )  # fmt: skip


@pytest.fixture(scope="session")
def honest(tmp_path_factory):
    """Signatures under four petitions, then one petition refused and one removed; nothing is wrong with it."""
    made = MadeLog(tmp_path_factory.mktemp("country"), 700, NOW - timedelta(days=2))
    made.write()
    log = PublishedLog(made.folder, made.signer)
    steps = [
        submitted(REFUSED, day(1, 8), OTHER), submitted(REMOVED, day(1, 7)), refused(REFUSED, day(1, 6)),
        opened(REMOVED, day(1, 5)), removed(REMOVED, day(1, 2)),
        submitted("petition/95", day(1, 2)),
    ]  # fmt: skip
    for text in (WHY, OTHER):
        log.write(f"text/{sha256(text).hexdigest()}", text)
    log.write(f"text/{sha256(TEXT).hexdigest()}.withheld", b"personal-data\n")
    log.publish([*log.entries(), *map(encode_leaf, steps)])
    report = log.audit()
    assert found(report) == [], report["findings"]
    return made


class Memory:
    """What others kept of the honest log: an audit's state, a neighbour's checkpoint, a signer's receipt."""

    def __init__(self, log, folder):
        self.state = folder / "state"
        log.audit(self.state)
        self.note = (log.folder / "checkpoint").read_text()
        self.entries = log.entries()

    def checkpoint(self, log):
        return [open_known("neighbour.txt", self.note.encode(), [log.signer.verifier])]

    def receipt(self, log, index):
        tree = TileTree(0, lambda _level, _number: b"")
        tree.append([leaf_hash(entry) for entry in self.entries])
        proof = Receipt(index, tuple(tree.inclusion_proof(index)), self.note, self.entries[index])
        return [open_known("mine.tlog-proof", proof.to_text().encode(), [log.signer.verifier])]

    def leaves(self):
        return split_hashes(StateFile(self.state).leaves(len(self.entries)))

    def size(self, log):
        return open_checkpoint(self.note, [log.signer.verifier]).size


@pytest.fixture
def log(honest, tmp_path):
    """A copy of the honest log, for its operator to change."""
    return PublishedLog.copy(honest, tmp_path / "log")


@pytest.fixture
def memory(log, tmp_path):
    return Memory(log, tmp_path)


def place_of(log, kind, subject=None):
    """The index of the first leaf of a kind."""
    return next(
        index for index, leaf in enumerate(log.leaves())
        if type(leaf).__struct_config__.tag == kind and subject in (None, leaf.subject)
    )  # fmt: skip


def later(moment, **delta):
    return moment_text(parse_moment(moment) + timedelta(**delta))
