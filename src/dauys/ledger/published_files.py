"""Reads a published log's folder as it is served, by an installation or a mirror: tiles of every width, texts, withheld texts.

Receipts are given at sizes between two publications, and c2sp.org/tlog-tiles wants the partial tiles of every size that
has a checkpoint. A partial tile is the beginning of every wider one, so what was never written, or is gone, is cut.
"""

from __future__ import annotations

import re
from pathlib import Path

from dauys.errors import TextWithheld
from dauys.ledger.publication import read_published
from dauys.ledger.text_files import FOLDER, WITHHELD
from dauys.translog.merkle import HASH_SIZE
from dauys.translog.tiles import TILE_WIDTH, Tile, bundle, parse_path, unbundle

KEY_FILE = "log.vkey"  # beside the log's folder, as the operator prints it
VKEY = "vkey"
"""Where the log's key is served under the log's prefix: to be compared with other copies, not to be believed alone."""
TEXT_PATH = re.compile(f"{FOLDER}/[0-9a-f]{{64}}")


def read_text_file(log: Path, path: str) -> bytes | None:
    """A public text, or None where there is none; TextWithheld with the code of the reason."""
    if (reason := read_published(log, f"{path}{WITHHELD}")) is not None:
        raise TextWithheld(reason=reason.decode().strip())
    return read_published(log, path)


def read_tile_file(log: Path, path: str) -> bytes | None:
    """A tile or bundle as published, or cut from a wider one; None where the path names none, or there is none yet."""
    tile = parse_path(path)
    if tile is None:
        return None
    content = read_published(log, path)
    if content is not None or tile.width == TILE_WIDTH:
        return content
    wider = _read_wider(log, tile)
    if wider is None:
        return None
    return bundle(unbundle(wider)[: tile.width]) if tile.level is None else wider[: HASH_SIZE * tile.width]


def _read_wider(log: Path, tile: Tile) -> bytes | None:
    """The full tile, or the widest partial one; asked again where it was collected meanwhile, for then the full one stands."""
    full = Tile(tile.level, tile.number).path
    if (content := read_published(log, full)) is not None:
        return content
    widths = [int(each.name) for each in (log / f"{full}.p").glob("*") if each.name.isdecimal()]
    widest = max(widths, default=0)
    if widest <= tile.width:
        return None
    content = read_published(log, Tile(tile.level, tile.number, widest).path)
    return content if content is not None else read_published(log, full)
