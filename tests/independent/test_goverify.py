"""A verifier nobody here wrote the tree of agrees with our log whole, and with no changed byte of it."""

import random
import shutil
import subprocess
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dauys.errors import NoteInvalid
from dauys.ledger.keys import Keys
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import Verifier
from independent.conftest import ACTS, BATCH, RECEIPTS

SEED = random.SystemRandom().randrange(10**6)


def run(goverify, great, *options, folder=None, receipts=None, older=()):
    command = [goverify, "-key", great.vkey, "-receipts", receipts or great.receipts, *options]
    command += [part for file in older for part in ("-older", file)]
    return subprocess.run([*command, folder or great.folder], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(great, tmp_path_factory):
    """A copy that one test at a time harms and mends."""
    return shutil.copytree(great.folder, tmp_path_factory.mktemp("copy") / "log")


def test_the_whole_log_holds(goverify, great):
    result = run(goverify, great, older=great.older)
    assert result.returncode == 0, result.stderr
    assert f"{len(great.older)} older checkpoints, {ACTS // BATCH * RECEIPTS} receipts hold" in result.stdout
    assert int(result.stdout.split()[1]) > ACTS


def files(folder):
    """One path or more of each kind that a log publishes."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    kinds = {}
    for name in names:
        level = name.split("/")[1] if "/" in name else name
        kinds.setdefault((level if name.startswith("tile/") else name.split("/")[0], ".p/" in name), []).append(name)
    return kinds


def test_one_changed_byte_anywhere(goverify, great, copy):
    print("seed", SEED)
    chance, kinds = random.Random(SEED), files(copy)
    assert {kind for kind, _ in kinds} == {"checkpoint", "counts.json", "text", "entries", "0", "1", "2"}
    for names in kinds.values():
        for name in chance.sample(names, min(2, len(names))):
            unharmed = (copy / name).read_bytes()
            upto = len(own_lines(unharmed)) if name == "checkpoint" else len(unharmed)
            for place in {0, upto - 1, chance.randrange(upto)}:
                harm(copy / name, unharmed, place, chance)
                result = run(goverify, great, folder=copy, receipts="/nowhere")
                assert result.returncode == 1, f"byte {place} of {name} may be changed: {result.stdout}"
                assert result.stderr.startswith("FAIL ")
            (copy / name).write_bytes(unharmed)


def test_one_changed_byte_of_a_receipt_or_an_older_checkpoint(goverify, great, tmp_path):
    print("seed", SEED)
    chance = random.Random(SEED)
    for original in [*chance.sample(sorted(great.receipts.glob("*.tlog-proof")), 3), great.older[3]]:
        unharmed = original.read_bytes()
        upto = len(own_lines(unharmed)) if original in great.older else len(unharmed)
        for place in {0, upto - 1, *chance.sample(range(upto), 2)}:
            harmed = tmp_path / original.name
            harm(harmed, unharmed, place, chance)
            older = [harmed] if original in great.older else []
            result = run(goverify, great, receipts=tmp_path, older=older)
            assert result.returncode == 1, f"byte {place} of {original.name} may be changed"
            harmed.unlink()


def test_the_ml_dsa_line_that_go_skips_is_not_free_for_all(great):
    """x/mod knows no ML-DSA: a changed byte there is found by whoever knows the second key, as our own readers do."""
    second = Keys.load(great.folder.parents[1] / "keys").log_ml.verifier
    verifiers = [Verifier.parse(great.vkey), second]
    note = (great.folder / "checkpoint").read_bytes()
    assert open_checkpoint(note, verifiers).size > ACTS
    start = len(own_lines(note))
    assert len(note) - start > 3000
    for place in random.Random(SEED).sample(range(start + 200, len(note) - 8), 5):
        harmed = bytearray(note)
        harmed[place] = ord("A") if harmed[place] != ord("A") else ord("B")
        with pytest.raises(NoteInvalid):
            open_checkpoint(bytes(harmed), verifiers)


def own_lines(note):
    """A checkpoint up to the end of its Ed25519 line."""
    head, _, lines = note.rpartition(b"\n\n")
    return head + b"\n\n" + lines.split(b"\n")[0] + b"\n"


def harm(path, unharmed, place, chance):
    data = bytearray(unharmed)
    data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/007", "tile/1/000", "tile/entries/042"])
def test_a_missing_file(goverify, great, copy, name):
    unharmed = (copy / name).read_bytes()
    (copy / name).unlink()
    assert run(goverify, great, folder=copy).returncode == 1
    (copy / name).write_bytes(unharmed)


def test_a_file_that_is_no_part_of_the_log(goverify, great, copy):
    for name in ("tile/0/x999/000", "tile/0/007.p/300", "tile/9/000.p/1"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(b"\0" * 32)
        assert run(goverify, great, folder=copy).returncode == 1
        (copy / name).unlink()


class Witness:
    """c2sp.org/tlog-cosignature v1, written here from the specification."""

    def __init__(self, name, seed=b"\x07" * 32):
        self.name, self._key = name, Ed25519PrivateKey.from_private_bytes(seed)
        public = b"\x04" + self._key.public_key().public_bytes_raw()
        self.id = sha256(name.encode() + b"\n" + public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64encode(public).decode()}"

    def line(self, note, time=1_800_000_000):
        body = note.rpartition("\n\n")[0] + "\n"
        signature = self._key.sign(f"cosignature/v1\ntime {time}\n{body}".encode())
        blob = self.id + time.to_bytes(8, "big") + signature
        return f"— {self.name} {b64encode(blob).decode()}\n"


def test_cosignatures_of_witnesses(goverify, great, copy):
    witness, stranger = Witness("witness.example/w1"), Witness("stranger.example", b"\x08" * 32)
    checkpoint, expecting = copy / "checkpoint", ("-witness", witness.vkey)
    note = checkpoint.read_text()
    assert run(goverify, great, *expecting, folder=copy).returncode == 1, "it did not cosign"
    checkpoint.write_text(note + stranger.line(note) + witness.line(note))
    assert run(goverify, great, *expecting, folder=copy).returncode == 0, "what is unknown is skipped"
    line = witness.line(note)
    blob = bytearray(b64decode(line.rpartition(" ")[2]))
    blob[11] ^= 1  # the time is signed, too
    checkpoint.write_text(note + line.rpartition(" ")[0] + f" {b64encode(blob).decode()}\n")
    assert run(goverify, great, *expecting, folder=copy).returncode == 1
    checkpoint.write_text(note)


def test_a_fork_at_the_same_size_and_a_checkpoint_from_the_future(goverify, great, tmp_path):
    keys = Keys.load(great.folder.parents[1] / "keys")
    real = open_checkpoint((great.folder / "checkpoint").read_bytes(), [keys.log.verifier])
    for size in (real.size, real.size - 5, real.size + 1, 1):
        other = Path(tmp_path / f"other-{size}")
        other.write_text(sign_checkpoint(keys.log, Checkpoint(real.origin, size, b"\x05" * 32)))
        assert run(goverify, great, older=[other]).returncode == 1
