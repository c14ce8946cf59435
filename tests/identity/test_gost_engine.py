"""Signatures made on one side are good on the other: Dauys and the GOST engine of Debian's OpenSSL.

The engine writes the same key bytes and the whole signature reversed (RFC 9215: s ‖ r, big-endian).
"""

import base64
import secrets
import subprocess

import pytest

from dauys.identity import gost, kernel
from dauys.identity.gost_curves import CRYPTOPRO_A, TC26_256_A
from dauys.identity.integers import FASTEST
from gost_engine import ABSENT

PUBLIC = 128  # the last bytes of the engine's SubjectPublicKeyInfo: x ‖ y, little-endian


pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)


@pytest.fixture(params=[name for name in kernel.NAMES if name not in kernel.absent()])
def one(request):
    return kernel.implementation(request.param)


@pytest.fixture(scope="module")
def rounds(long):
    return 200 if long else 4


@pytest.fixture
def openssl(tmp_path):
    def run(*arguments, check=True):
        command = ["openssl", *arguments]
        return subprocess.run(command, capture_output=True, cwd=tmp_path, check=check)

    return run


@pytest.fixture
def engine_key(openssl):
    """Makes key.pem; returns the SubjectPublicKeyInfo."""
    kind = ("-algorithm", "gost2012_512", "-pkeyopt", "paramset:A")
    openssl("genpkey", "-engine", "gost", *kind, "-out", "key.pem")
    return openssl("pkey", "-engine", "gost", "-in", "key.pem", "-pubout", "-outform", "DER").stdout


HASH = ("dgst", "-engine", "gost", "-md_gost12_512")


def test_what_the_engine_signs_we_verify(one, openssl, engine_key, tmp_path, rounds):
    public = engine_key[-PUBLIC:]
    prepared = one.prepare(public)
    for size in range(rounds):
        message = secrets.token_bytes(size * 37)
        (tmp_path / "message").write_bytes(message)
        openssl(*HASH, "-sign", "key.pem", "-out", "signature", "message")
        signature, digest = (tmp_path / "signature").read_bytes()[::-1], one.streebog512(message)
        assert openssl(*HASH, "-binary", "message").stdout == digest
        assert one.verify(public, digest, signature)
        assert prepared.verify(digest, signature)
        assert not one.verify(public, digest, signature[::-1])
        assert not one.verify(public, digest[::-1], signature)


def test_what_we_sign_the_engine_verifies(openssl, engine_key, tmp_path, rounds):
    for size in range(rounds):
        private, message = secrets.randbelow(int(gost.CURVE.q) - 1) + 1, secrets.token_bytes(size * 37)
        signature = gost.sign(private, kernel.streebog512(message))
        info = base64.encodebytes(engine_key[:-PUBLIC] + gost.public_key(private)).decode()
        (tmp_path / "public.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{info}-----END PUBLIC KEY-----\n")
        (tmp_path / "message").write_bytes(message)
        for shown, good in ((signature[::-1], True), (signature, False)):
            (tmp_path / "signature").write_bytes(shown)
            answer = openssl(*HASH, "-verify", "public.pem", "-signature", "signature", "message", check=False)
            assert (answer.returncode == 0) is good
            assert (b"Verified OK" in answer.stdout) is good


def test_the_engine_and_we_hash_a_large_message_alike(one, openssl, tmp_path):
    message = secrets.token_bytes(100_001)
    (tmp_path / "message").write_bytes(message)
    assert openssl(*HASH, "-binary", "message").stdout == one.streebog512(message)
    assert openssl("dgst", "-engine", "gost", "-md_gost12_256", "-binary", "message").stdout == one.streebog256(message)


@pytest.mark.parametrize(("paramset", "parameters"), [("A", CRYPTOPRO_A), ("TCA", TC26_256_A)])
def test_the_engine_and_we_agree_on_curves_of_256_bits(openssl, tmp_path, rounds, paramset, parameters):
    own = gost.Gost(FASTEST, parameters)
    openssl(
        "genpkey",
        "-engine",
        "gost",
        "-algorithm",
        "gost2012_256",
        "-pkeyopt",
        f"paramset:{paramset}",
        "-out",
        "key.pem",
    )
    info = openssl("pkey", "-engine", "gost", "-in", "key.pem", "-pubout", "-outform", "DER").stdout
    hashed = ("dgst", "-engine", "gost", "-md_gost12_256")
    for size in range(rounds):
        message = secrets.token_bytes(size * 37)
        (tmp_path / "message").write_bytes(message)
        openssl(*hashed, "-sign", "key.pem", "-out", "signature", "message")
        digest = kernel.streebog256(message)
        assert own.verify(info[-64:], digest, (tmp_path / "signature").read_bytes()[::-1])
        private = secrets.randbelow(parameters.q - 1) + 1
        public = base64.encodebytes(info[:-64] + own.public_key(private)).decode()
        (tmp_path / "public.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{public}-----END PUBLIC KEY-----\n")
        (tmp_path / "signature").write_bytes(own.sign(private, digest)[::-1])
        answer = openssl(*hashed, "-verify", "public.pem", "-signature", "signature", "message", check=False)
        assert b"Verified OK" in answer.stdout
