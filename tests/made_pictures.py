"""A picture as a phone takes it: one grey block of dots, and in its metadata where, when and by whom."""

import struct

WHERE = b"43.238949N 76.889709E"


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_of_a_phone(side=6):
    """A baseline JPEG of 8 by 8 dots (ITU-T T.81), all of one grey, turned to `side` by its Exif."""
    counts = [0, 1] + [0] * 14  # one code of two bits
    tables = segment(0xDB, b"\0" + bytes([1]) * 64)
    tables += segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + b"\x01\x11\x00")
    tables += segment(0xC4, b"\x00" + bytes(counts) + b"\x00") + segment(0xC4, b"\x10" + bytes(counts) + b"\x00")
    dots = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + bytes([0b00001111])
    return b"\xff\xd8" + segment(0xE1, exif(">", side)) + segment(0xFE, WHERE) + tables + dots + b"\xff\xd9"


def exif(order, side):
    """A directory with the orientation and a pointer to the place, then the place."""
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, side, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 60)
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    return b"Exif\0\0" + head + struct.pack(f"{order}H", 2) + entries + WHERE
