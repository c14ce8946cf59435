"""Files by their content: pictures lose what the camera wrote, a PDF that can act is found wherever it hides."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import AttachmentActive, AttachmentRefused
from dauys.petitions.files import cleaned
from dauys.petitions.pictures import clean_jpeg, clean_png, orientation
from made_pictures import WHERE as SECRET
from made_pictures import exif, segment

DOTS = b"\x12\xff\x00\x34\xff\xd0\x56" * 9  # a stuffed byte and a restart


def jpeg(*metadata, scans=1, after=b""):
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + DOTS
    tables = segment(0xDB, bytes(65)) + segment(0xC0, bytes(9))
    return b"\xff\xd8" + b"".join(metadata) + tables + (scan + segment(0xC4, bytes(20))) * scans + b"\xff\xd9" + after


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*extra, after=b""):
    body = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + b"".join(extra)
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"") + after


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("scans", [1, 3])
def test_a_picture_keeps_its_dots_and_its_upright_side_alone(order, scans):
    metadata = [segment(0xE1, exif(order, 6)), segment(0xFE, SECRET), segment(0xED, b"Photoshop" + SECRET)]
    media_type, ending, content = cleaned(
        jpeg(segment(0xE0, b"JFIF\0" + bytes(9)), *metadata, scans=scans, after=SECRET)
    )
    assert (media_type, ending) == ("image/jpeg", ".jpg")
    assert SECRET not in content
    assert content.count(DOTS) == scans
    assert content.startswith(b"\xff\xd8" + segment(0xE0, b"JFIF\0" + bytes(9)) + b"\xff\xe1")
    assert orientation(content.partition(b"Exif\0\0")[2]) == 6
    assert clean_jpeg(content) == content


def test_an_upright_picture_without_metadata_is_left_as_it_is():
    assert cleaned(jpeg())[2] == jpeg()
    assert cleaned(png())[2] == png()
    assert b"Exif" not in cleaned(jpeg(segment(0xE1, exif(">", 1))))[2]


def test_a_png_keeps_what_it_looks_like_alone():
    content = cleaned(
        png(
            chunk(b"gAMA", bytes(4)),
            chunk(b"tEXt", b"Author\0" + SECRET),
            chunk(b"eXIf", SECRET),
            after=b"PK\3\4" + SECRET,
        )
    )[2]
    assert content == png(chunk(b"gAMA", bytes(4)))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a" + bytes(99), b"<svg onload=alert(1)>", b"\xff\xd8\xff", jpeg()[:-2], png()[:-1], png().replace(b"IDAT", b"IDAX"),
        b"PK\3\4" + png(), b" %PDF-1.7\n%%EOF", b"%PDF-1.7 without an end", b"\xff\xd8\xff\xe0\x00\x00" + bytes(50),
    ],
)  # fmt: skip
def test_what_is_none_of_the_three_or_damaged_is_refused(content):
    with pytest.raises(AttachmentRefused):
        cleaned(content)


def pdf(*objects, packed=(), extra=b""):
    plain = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, 3))
    streams = b"".join(
        b"%d 0 obj\n<< /Length %d %s >>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), head, body)
        for number, (head, body) in enumerate(packed, 30)
    )
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b">>\nendobj\n" + plain + streams + b"%%EOF\n"
    )


ZIPPED = b"/Filter /FlateDecode"


def in_objects(body, head=b"/Type /ObjStm /N 1 /First 4 " + ZIPPED):
    return pdf(packed=[(head, zlib.compress(body))])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "JavaScript"),
        (pdf(b"<< /S /J#61vaScr#69pt /JS (x) >>"), "JavaScript"),
        (in_objects(b"3 0 << /S /JavaScript >>"), "JavaScript"),
        (in_objects(b"3 0 << /S /L#61unch /F (calc.exe) >>"), "Launch"),
        (pdf(b"% stream\n<< /S /Launch >>\nendstream"), "Launch"),
        (pdf(extra=b"/Names << /EmbeddedFiles 9 0 R >>"), "EmbeddedFiles"),
        (pdf(b"<< /Type /EmbeddedFile >>"), "EmbeddedFile"),
        (pdf(extra=b"/OpenAction 9 0 R "), "OpenAction"),
        (pdf(extra=b"/OpenAction<</S/URI/URI(http://a.example)>>"), "OpenAction"),
        (pdf(extra=b"/AcroForm << /XFA [] >>"), "XFA"),
        (pdf(b"<< /S /SubmitForm >>"), "SubmitForm"),
        (pdf(b"<< /Subtype /RichMedia >>"), "RichMedia"),
        (pdf(extra=b"/Encrypt 9 0 R"), "Encrypt"),
        (pdf(packed=[(ZIPPED, zlib.compress(b"x" * 300_000 + b"/JavaScript "))]), "JavaScript"),
    ],
)
def test_a_pdf_that_can_act_is_refused_and_told_why(content, found):
    with pytest.raises(AttachmentActive) as refused:
        cleaned(content)
    assert refused.value.facts == {"found": found}


def test_a_pdf_that_is_only_read_is_kept_byte_for_byte():
    page = (ZIPPED, zlib.compress(b"BT (JavaScript and Launch in words) Tj ET " * 500))
    quiet = pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>", packed=[page], extra=b"/OpenAction [3 0 R /XYZ null null 0] ")
    assert cleaned(quiet) == ("application/pdf", ".pdf", quiet)
    assert cleaned(in_objects(b"3 0 << /Type /Page >>"))[0] == "application/pdf"


@pytest.mark.parametrize(
    "head",
    [
        b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", b"/Type /Obj#53tm /Filter /LZWDecode",
        b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
    ],
)  # fmt: skip
def test_objects_packed_in_an_unusual_way_could_hide_anything(head):
    with pytest.raises(AttachmentRefused):
        cleaned(in_objects(b"3 0 << /Type /Page >>", head))


def test_a_bomb_is_refused_and_not_followed():
    bomb = zlib.compress(bytes(40 * 2**20))
    assert len(bomb) < 50_000
    with pytest.raises(AttachmentRefused):
        cleaned(pdf(packed=[(ZIPPED, bomb), (ZIPPED, bomb)]))


HEADS = st.sampled_from([b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""])


@given(HEADS, st.binary(max_size=400), st.sampled_from([b"", b"%%EOF", b"\xff\xd9"]))
def test_whatever_is_sent_is_kept_or_refused(head, content, end):
    try:
        media_type, _, kept = cleaned(head + content + end)
    except AttachmentRefused:
        return
    assert cleaned(kept) == (media_type, cleaned(kept)[1], kept)


@given(st.data())
def test_a_damaged_picture_is_kept_or_refused(data):
    whole = data.draw(st.sampled_from([jpeg(segment(0xE1, exif("<", 3))), png(chunk(b"tEXt", SECRET))]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    for clean in (clean_jpeg, clean_png):
        try:
            kept = clean(damaged)
        except AttachmentRefused:
            continue
        assert clean(kept) == kept
