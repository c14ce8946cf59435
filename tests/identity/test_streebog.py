"""Golden vectors of RFC 6986 section 10, printed there with the bytes reversed."""

import pytest

from dauys.identity import kernel, streebog


@pytest.fixture(params=["native", "python"])
def streebog512(request):
    return (streebog if request.param == "python" else native()).streebog512


@pytest.fixture(params=["native", "python"])
def streebog256(request):
    return (streebog if request.param == "python" else native()).streebog256


def native():
    if reason := kernel.absent().get("kernel"):
        pytest.skip(reason)
    return kernel.implementation("kernel")


M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M2 = bytes.fromhex(
    "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20"
    "f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb"
)


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (
            M1,
            (
                "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
                "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48"
            ),
        ),
        (
            M2,
            (
                "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
                "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28"
            ),
        ),
        (
            b"",
            (
                "8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7"
                "362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a"
            ),
        ),
    ],
)
def test_512_bits_of_the_standard(streebog512, message, digest):
    assert streebog512(message).hex() == digest


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (M1, "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"),
        (M2, "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"),
    ],
)
def test_256_bits_of_the_standard(streebog256, message, digest):
    assert streebog256(message).hex() == digest


def test_a_carry_of_the_checksum_runs_through_all_512_bits(streebog512):
    # Two blocks of ones overflow the checksum: the digest published with the fix of such a bug in other libraries.
    message = bytes.fromhex("ee" * 64 + "16" + "11" * 62 + "16")
    assert streebog512(message).hex() == (
        "8b06f41e59907d9636e892caf5942fcdfb71fa31169a5e70f0edb873664df41c"
        "2cce6e06dc6755d15a61cdeb92bd607cc4aaca6732bf3568a23a210dd520fd41"
    )


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129])
def test_every_block_boundary_gives_its_own_digest(streebog512, length):
    assert streebog512(b"\x00" * length) != streebog512(b"\x00" * (length + 1))
    assert len(streebog512(b"a" * length)) == 64
