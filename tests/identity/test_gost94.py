"""Golden vectors of RFC 5831 section 7 (printed there with the bytes reversed) and of others who read the same standard."""

import pytest

from dauys.identity.gost94 import gost34311


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"This is message, length=32 bytes", "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa"),
        (
            b"Suppose the original message has length = 50 bytes",
            "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208",
        ),
        (b"", "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d"),
        (b"abc", "f3134348c44fb1b2a277729e2285ebb5cb5e0f29c975bc753b70497c06a4d51d"),
        (b"message digest", "ad4434ecb18f2c99b60cbe59ec3d2469582b65273f48de72db2fde16a4889a4d"),
        (b"U" * 128, "53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4"),
        (b"a" * 1_000_000, "5c00ccc2734cdd3332d3d4749576e3c1a7dbaf0e7ea74e9fa602413c90a129fa"),
    ],
)
def test_vectors(message, digest):
    assert gost34311(message).hex() == digest


def test_the_national_authority_hashes_so(certificate):
    """A true signature over the hash with the other substitution, that of CryptoPro, would not hold."""
    root = certificate("ca_prod/root_gost.pem")
    assert len(gost34311(root.tbs)) == 32
    root.check_signed_by(root)
