"""Pictures without their metadata: every dot is kept, what the camera wrote is not. Pure, no picture is decoded.

JPEG: ITU-T T.81 annex B, Exif 2.32 section 4.6. PNG: W3C PNG (third edition) section 5.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from zlib import crc32

from dauys.errors import AttachmentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

JPEG_HEAD, PNG_HEAD = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
SOS, EOI, COM = 0xDA, 0xD9, 0xFE
APPLICATION = range(0xE0, 0xF0)
KEPT_APPLICATION = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # how dots and colours are to be read
EXIF = b"Exif\0\0"
ORIENTATION = 0x0112  # the one tag of Exif that a viewer needs: which side is up
KEPT_CHUNKS = {
    b"IHDR",
    b"PLTE",
    b"tRNS",
    b"cHRM",
    b"gAMA",
    b"iCCP",
    b"sBIT",
    b"sRGB",
    b"bKGD",
    b"pHYs",
    b"IDAT",
    b"IEND",
}


def clean_jpeg(content: bytes) -> bytes:
    """A JPEG of the same dots: no Exif but the orientation, no comments, nothing after its end. AttachmentRefused."""
    kept, ended = [b"\xff\xd8"], False
    for marker, segment in _segments(content):
        if marker in APPLICATION:
            kept.append(_application(marker, segment))
        elif marker != COM:
            kept.append(segment)
        ended = marker == EOI
    if not ended:
        raise AttachmentRefused
    return b"".join(kept)


def clean_png(content: bytes) -> bytes:
    """A PNG of the same dots: only the chunks that say how it looks, nothing after its end. AttachmentRefused."""
    kept, at, kind = [PNG_HEAD], len(PNG_HEAD), b""
    while kind != b"IEND":
        head = content[at : at + 8]
        length, kind = int.from_bytes(head[:4]), head[4:]
        chunk = content[at : at + 12 + length]
        if len(head) < 8 or len(chunk) < 12 + length or crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise AttachmentRefused
        if kind in KEPT_CHUNKS:
            kept.append(chunk)
        at += len(chunk)
    if kept[1][4:8] != b"IHDR" or not any(chunk[4:8] == b"IDAT" for chunk in kept[1:]):
        raise AttachmentRefused
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, whole segment) after the first one, a scan with its dots in one piece; ends with EOI or where data ends."""
    at = 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise AttachmentRefused
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte (B.1.1.2)
            at += 1
            continue
        end = at + 2 if marker == EOI else at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == SOS:
            end = _end_of_scan(content, end)
        if end > len(content) or (marker != EOI and end < at + 4):
            raise AttachmentRefused
        yield marker, content[at:end]
        if marker == EOI:
            return
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker begins that is neither a stuffed byte nor a restart (B.1.1.5, B.2.1)."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        after = content[at + 1]
        if after == 0xFF:
            at += 1
        elif after == 0 or 0xD0 <= after <= 0xD7:
            at += 2
        else:
            return at
    raise AttachmentRefused


def _application(marker: int, segment: bytes) -> bytes:
    """What is kept of an application segment, perhaps nothing."""
    body = segment[4:]
    if marker == 0xE1 and body.startswith(EXIF):
        return _upright(orientation(body[len(EXIF) :]))
    wanted = KEPT_APPLICATION.get(marker)
    return segment if wanted is not None and body.startswith(wanted) else b""


def orientation(tiff: bytes) -> int:
    """Which side is up, 1 to 8, by Exif's first directory; 1 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    count = struct.unpack_from(f"{order}H", tiff, start)[0] if start + 2 <= len(tiff) else 0
    for at in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if (tag, kind) == (ORIENTATION, 3) and 1 <= value <= 8:
            return int(value)
    return 1


def _upright(value: int) -> bytes:
    """An Exif segment that says the orientation and nothing else; none for the usual one."""
    if value == 1:
        return b""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, value, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF) + len(tiff)) + EXIF + tiff
