"""What c2sp.org says a log MUST and MUST NOT, asked of ours over HTTP and of its files, with nothing of ours to read them."""

import hashlib
import json
import re
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vector_log
from asgi_client import running
from dauys.errors import FileRejected
from dauys.intake.app import create_app
from dauys.ledger import sqlite
from dauys.ledger.leaves import KINDS, encode_leaf, to_text
from dauys.ledger.publication import Publisher
from dauys.ledger.tail import append
from dauys.ledger.withdrawal_leaves import MOST_OPENED, Opening, WithdrawalsOpened

SPEC = Path(__file__).parents[2] / "docs" / "spec"
TILE = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/(x\d{3}/)*\d{3}(\.p/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?"
)


def path_of(level, n, width):
    """As the specification says it, not by our own code."""
    groups = []
    while True:
        groups.insert(0, f"{n % 1000:03}")
        n //= 1000
        if not n:
            break
    named = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{named}" + ("" if width == 256 else f".p/{width}")


def tiles_of(size):
    """(path, hashes) of every tile and bundle of a tree of this size."""
    for n in range(-(-size // 256)):
        yield path_of("entries", n, min(256, size - 256 * n)), min(256, size - 256 * n)
    level = 0
    while size >> (8 * level):
        hashes = size >> (8 * level)
        for n in range(-(-hashes // 256)):
            yield path_of(level, n, min(256, hashes - 256 * n)), min(256, hashes - 256 * n)
        level += 1


def checkpoint_of(receipt):
    """(size, root) of a receipt's checkpoint."""
    origin, size, root = receipt.partition("\n\n")[2].split("\n")[:3]
    assert origin == "demo.example/2026"
    return int(size), b64decode(root)


def root_of(hashes):
    if len(hashes) < 2:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:])).digest()


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(1, 130), st.booleans()), min_size=2, max_size=6))
def test_every_size_with_a_checkpoint_has_its_tiles(fresh, batches):
    """Also the sizes of receipts, whose checkpoints were signed between two publications."""
    installation = fresh()
    receipts = []
    sequencer = installation.sequencer()
    publisher = Publisher(installation.places, installation.keys.log)
    people = iter(range(10_000))
    for count, publish in [*batches, (1, True)]:
        placed = sequencer.commit([installation.admission(f"iin|{next(people)}") for _ in range(count)])
        receipts.append(placed[0].receipt)
        if publish:
            publisher.publish()
    sequencer.close()
    publisher.close()
    with running(create_app(installation.places, "demo", revocation=False)) as client:
        for receipt in receipts:
            size, root = checkpoint_of(receipt)
            served = {path: client.get(f"/log/{path}") for path, _ in tiles_of(size)}
            assert {answer.status_code for answer in served.values()} == {200}
            leaves = []
            for path, width in tiles_of(size):
                content = served[path].content
                if path.startswith("tile/entries/"):
                    leaves += [hashlib.sha256(b"\0" + entry).digest() for entry in split(content, width)]
                else:
                    assert len(content) == 32 * width
            assert root_of(leaves) == root
            lowest = b"".join(answer.content for path, answer in served.items() if path.startswith("tile/0/"))
            assert lowest == b"".join(leaves)


def split(data, count):
    """Exactly so many entries, each behind its 16-bit length."""
    entries = []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        assert len(data) >= end
        entries.append(data[2:end])
        data = data[end:]
    assert len(entries) == count
    return entries


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A client of a log of 300 signatures, and its folder."""
    from small_installation import new_installation

    installation = new_installation(tmp_path_factory.mktemp("served") / "var")
    sequencer, publisher = installation.sequencer(), Publisher(installation.places, installation.keys.log)
    sequencer.commit([installation.admission(f"iin|{n}") for n in range(300)])
    publisher.publish()
    sequencer.close()
    publisher.close()
    with running(create_app(installation.places, "demo", revocation=False)) as client:
        yield client, installation.places.log


@pytest.mark.parametrize(("path", "kind", "cache"), [
    ("checkpoint", "text/plain; charset=utf-8", "max-age=1"),
    ("tile/0/000", "application/octet-stream", "immutable"),
    ("tile/0/001.p/46", "application/octet-stream", "immutable"),
    ("tile/0/001.p/3", "application/octet-stream", "immutable"),
    ("tile/entries/000", "application/octet-stream", "immutable"),
    ("tile/1/000.p/1", "application/octet-stream", "immutable"),
])  # fmt: skip
def test_content_types_and_caching(served, path, kind, cache):
    answer = served[0].get(f"/log/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert cache in answer.headers["cache-control"]
    assert "public" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", [
    "tile/0/001", "tile/0/001.p/47", "tile/0/001.p/0", "tile/0/000.p/256", "tile/0/1", "tile/0/0001", "tile/0/x000/001",
    "tile/00/000", "tile/1/000", "tile/2/000.p/1", "tile/64/000", "tile/entries/001.p/47", "tile/0/000.p/01", "tile/8/0/000",
])  # fmt: skip
def test_what_must_not_be_there(served, path):
    """No tile that is empty, beyond the tree, hashed from a partial one, or under another spelling of its path."""
    assert served[0].get(f"/log/{path}").status_code == 404


def test_the_checkpoint_is_three_lines_under_the_log_s_own_ed25519_key(served):
    text, _, signatures = served[0].get("/log/checkpoint").content.decode().rpartition("\n\n")
    origin, size, root = text.split("\n")
    assert re.fullmatch(r"[^:/+\s]+(/[^/+\s]+)*", origin), "no scheme, no slash at the end, no plus sign"
    assert size == "302"
    assert len(b64decode(root, validate=True)) == 32
    first = signatures.split("\n")[0]
    assert first.startswith(f"— {origin} ")
    assert len(b64decode(first.rpartition(" ")[2], validate=True)) == 4 + 64


def test_files_bear_no_other_names(served):
    names = [str(path.relative_to(served[1])) for path in served[1].rglob("*") if path.is_file()]
    assert all(TILE.fullmatch(name) for name in names if name.startswith("tile/"))
    assert {name.split("/")[0] for name in names} <= {"checkpoint", "counts.json", "policy", "tile", "text"}


def test_the_longest_leaves_fit_their_bundle():
    """An entry's length stands in 16 bits; what could be longer is logged in parts."""
    opened = [Opening(to_text(bytes([255]) * 32), to_text(bytes([255]) * 32))] * MOST_OPENED
    leaf = WithdrawalsOpened("2026-11-21T15:30:00Z", opened, f"petition/{10**17}")
    assert 50_000 < len(encode_leaf(leaf)) < 65_536


def test_an_entry_that_no_bundle_holds_is_not_committed(fresh):
    installation = fresh()
    connection = sqlite.connect(installation.places.database)
    with pytest.raises(FileRejected), sqlite.transaction(connection, installation.places.database):
        append(connection, b"x" * 65_536)
    with sqlite.transaction(connection, installation.places.database):
        assert append(connection, b"x" * 65_535) == 2
    connection.close()


def test_the_published_small_log_is_what_the_code_makes():
    made = vector_log.make()
    stands = {
        str(path.relative_to(vector_log.FOLDER)): path.read_bytes()
        for path in vector_log.FOLDER.rglob("*")
        if path.is_file()
    }
    assert stands == made


def test_the_vector_log_holds_for_the_independent_verifier(goverify):
    folder = vector_log.FOLDER
    key = (folder / "vkey").read_text().strip()
    command = [goverify, "-key", key, "-older", folder / "checkpoint.older", "-receipts", folder, folder]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, "1 receipts hold" in result.stdout) == (0, True), result.stderr


def test_every_kind_is_told_in_the_specification():
    pages = " ".join(page.read_text() for page in SPEC.glob("*.md"))
    for kind in KINDS:
        tag = kind.__struct_config__.tag
        assert f"`{tag}`" in pages or f'"{tag}"' in pages or f"[{tag}]" in pages, tag
        schema = json.loads((SPEC / "schemas" / f"{tag}.v1.json").read_text())
        assert tag in json.dumps(schema)


def test_the_database_gives_the_files_again(served):
    """Files are derived: what the database holds is byte for byte what stands there."""
    from dauys.ledger.publication import published_files

    database = served[1].parents[1] / "dauys.sqlite3"
    connection = sqlite.connect(database)
    for path, content in published_files(connection, 0, 302):
        assert (served[1] / path).read_bytes() == content
    connection.close()
