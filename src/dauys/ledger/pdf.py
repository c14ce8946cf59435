"""Whether a PDF can only be read. Pure: a search for what could act, in whatever part of the file it may hide.

Names are those of ISO 32000-2 (sections in brackets). It is a search and no parser, and it errs on the side of refusing: a
document that means no harm and is refused can be printed to a new PDF.
"""

from __future__ import annotations

import re
import zlib

from dauys.errors import AttachmentActive, AttachmentRefused

PDF_HEAD = b"%PDF-"
# Actions that reach out or run something (12.6.4), files in files (7.11.4), forms of other kinds (12.7.8), and encryption
# (7.6), under which nothing could be found.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|SubmitForm|ImportData|GoToE|GoToR|Rendition|Movie|Sound|XFA|Encrypt)\b"
)
OPENING = re.compile(rb"/OpenAction(?!\s*\[)")  # an array only says which page to show first (12.3.2)
STREAM = re.compile(rb"stream\r?\n")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a name may spell its letters so (7.3.5)
MOST_STREAMS = 20_000
MOST_UNPACKED = 64 * 2**20  # bytes of all streams; a bomb is refused, not followed
PIECE = 2**16  # bytes given to zlib at once


def require_passive(content: bytes) -> None:
    """AttachmentActive, naming what was found; AttachmentRefused where the file cannot be looked into."""
    if b"%%EOF" not in content[-2048:]:
        raise AttachmentRefused
    _require_passive(content)
    left, begin = MOST_UNPACKED, 0
    for number, match in enumerate(STREAM.finditer(content)):
        _require_plain_objects(content[begin : match.start()])
        unpacked = _unpacked(content, match.end(), left)
        _require_passive(unpacked)
        left, begin = left - len(unpacked), match.end()
        if left <= 0 or number >= MOST_STREAMS:
            raise AttachmentRefused


def _require_passive(part: bytes) -> None:
    plain = _unescaped(part)
    if found := ACTIVE.search(plain):
        raise AttachmentActive(found=found[1].decode())
    if OPENING.search(plain):
        raise AttachmentActive(found="OpenAction")


def _require_plain_objects(before: bytes) -> None:
    """A stream that holds objects (7.5.7) is packed by zlib alone, or not at all; otherwise it could hide anything."""
    head = _unescaped(before[before.rfind(b"obj") :])
    plain = b"/Filter" not in head or (b"/FlateDecode" in head and head.count(b"Decode") == 1)
    if b"/ObjStm" in head and not plain:
        raise AttachmentRefused


def _unescaped(part: bytes) -> bytes:
    return ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), part)


def _unpacked(content: bytes, at: int, most: int) -> bytes:
    """What zlib makes of what begins there, as far as it goes; never more than `most` and a piece."""
    unpacker, pieces, size = zlib.decompressobj(), [], 0
    try:
        while not unpacker.eof and size < most and (unpacker.unconsumed_tail or at < len(content)):
            if unpacker.unconsumed_tail:
                piece = unpacker.unconsumed_tail
            else:
                piece, at = content[at : at + PIECE], at + PIECE
            pieces.append(unpacker.decompress(piece, PIECE))
            size += len(pieces[-1])
    except zlib.error:
        pass  # packed otherwise, or damaged from here on: what came before is looked at
    return b"".join(pieces)
