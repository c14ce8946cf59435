"""A receipt to print: the code on it is the whole receipt, as an independent reader of codes sees it."""

import re
import secrets
import shutil
import subprocess
from contextlib import closing

import pytest

import webworld
from dauys.translog.compact import from_compact
from dauys.translog.proof import Receipt

ZBAR = shutil.which("zbarimg")
DOT = 3  # pixels of a module in the picture


def receipt_of(leaf):
    """The receipt of an entry that is logged for it."""
    from dauys.ledger import sqlite
    from dauys.ledger.leaves import encode_leaf
    from dauys.ledger.receipts import receipts_of
    from dauys.ledger.tail import append

    places, keys = webworld.installation()
    with closing(sqlite.connect(places.database)) as connection:
        with sqlite.transaction(connection, places.database):
            index = append(connection, encode_leaf(leaf))
        return receipts_of(connection, keys.log, [index])[index]


@pytest.fixture
def receipt():
    """Of an entry about as short as a signature's."""
    from dauys.ledger.log_leaves import LogRestored

    return receipt_of(LogRestored(1, 1, "2026-11-22T00:00:00Z"))


def test_from_the_check_to_the_page_to_print(portal, receipt):
    checked = portal.post("/en/receipt", {"text": receipt}).content.decode()
    assert "A page to print, with a code" in checked
    page = portal.post("/en/receipt/print", {"text": receipt.replace("\n", "\r\n")})
    assert page.headers["Cache-Control"] == "no-store"
    assert "QR code of this receipt" in page.content.decode()


def test_an_entry_too_long_for_a_code_is_printed_without_one(portal):
    from dauys.ledger.log_leaves import LogKeys

    receipt = receipt_of(LogKeys("2026-11-22T00:00:00Z", secrets.token_hex(4000)))
    page = portal.post("/en/receipt/print", {"text": receipt}).content.decode()
    assert "QR code of this receipt" not in page
    assert "too long for a code" in page


@pytest.mark.parametrize("text", ["", "hello", "c2sp.org/tlog-proof@v1\nindex 0\n\nno\n"])
def test_what_does_not_hold_is_not_printed(portal, text):
    answer = portal.post("/en/receipt/print", {"text": text})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/receipt")


@pytest.mark.skipif(ZBAR is None, reason="an independent reader of QR codes is not installed (apt: zbar-tools)")
def test_the_code_is_the_receipt(portal, receipt, tmp_path):
    page = portal.post("/en/receipt/print", {"text": receipt}).content.decode()
    size, path = re.search(r'viewBox="0 0 (\d+) \d+".*?d="([^"]+)"', page, re.DOTALL).groups()
    picture = tmp_path / "code.pgm"
    picture.write_bytes(drawn(int(size), path))
    read = subprocess.run(
        [ZBAR, "--quiet", "--raw", picture], capture_output=True, text=True, check=True
    ).stdout.strip()
    address, _, short = read.partition("#r=")
    assert address.endswith("/en/receipt/here")
    assert from_compact(short) == Receipt.parse(receipt)


def drawn(size, path):
    """The path's strokes as a grey picture (PGM)."""
    rows = [bytearray(b"\xff" * size) for _ in range(size)]
    for stroke in path.split("M")[1:]:
        x, rest = stroke.split(" ")
        y, length = rest.split("h")
        row = rows[int(float(y))]
        row[int(x) : int(x) + int(length)] = bytes(int(length))
    lines = [b"".join(bytes([dot]) * DOT for dot in row) for row in rows for _ in range(DOT)]
    return b"P5 %d %d 255\n" % (size * DOT, size * DOT) + b"".join(lines)
