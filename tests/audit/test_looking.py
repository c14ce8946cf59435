"""Two processes look at bundles as one does, and none is left behind."""

from multiprocessing import active_children

from dauys.audit.folder import FolderSource
from dauys.audit.looking import look_beside
from dauys.ledger.signature_columns import read_columns
from dauys.translog.audit import look_in_order
from dauys.translog.tiles import Tile


def test_a_second_process_hashes_the_same(log):
    size = len(log.entries())
    tiles = [Tile(None, number, min(256, size - number * 256)) for number in range(-(-size // 256))] * 40
    tiles[7] = Tile(None, 999)  # what is not there is told, not raised
    read = FolderSource(log.folder).read
    for skip in (0, 3):
        assert list(look_beside(read, tiles, skip, read_columns)) == list(
            look_in_order(read, tiles, skip, read_columns)
        )


def test_who_stops_half_way_leaves_no_process_behind(log):
    looking = look_beside(FolderSource(log.folder).read, [Tile(None, 0)] * 1000, 0, read_columns)
    next(looking)
    assert active_children()
    looking.close()
    assert not active_children()
