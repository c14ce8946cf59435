"""CMS of demo citizens, judged by the openssl command; and broken ones are broken."""

import shutil
import ssl
import subprocess
from dataclasses import replace

import pytest

from broken_cms import VARIANTS
from dauys.demo.people import citizen
from dauys.demo.pki import ALGORITHMS
from dauys.demo.signer import sign_cms

CONTENT = "Мен осы өтінішке қол қоямын.\n".encode()
PERSON = citizen(5)
openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


def run(*command):
    return subprocess.run(["openssl", *command], capture_output=True, check=False)


@openssl
@pytest.mark.parametrize("detached", [True, False])
def test_openssl_verifies_an_rsa_signature_with_its_chain(pki, now, tmp_path, detached):
    message, content = tmp_path / "message.cms", tmp_path / "content"
    message.write_bytes(sign_cms(pki, replace(PERSON, algorithm="rsa"), CONTENT, now=now, detached=detached))
    content.write_bytes(CONTENT)
    chain = [(pki.trust_directory / f"demo_{role}_rsa.cer").read_bytes() for role in ("root", "nca")]
    (tmp_path / "chain.pem").write_text("".join(map(ssl.DER_cert_to_PEM_cert, chain)))
    given = ["-content", content] if detached else []
    done = run("cms", "-verify", "-binary", "-inform", "DER", "-in", message, *given, "-purpose", "any",
               "-CAfile", tmp_path / "chain.pem")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == CONTENT


@openssl
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_openssl_reads_the_four_signed_attributes(pki, now, tmp_path, algorithm):
    message = tmp_path / "message.cms"
    message.write_bytes(sign_cms(pki, replace(PERSON, algorithm=algorithm), CONTENT, now=now))
    text = run("cms", "-cmsout", "-print", "-inform", "DER", "-in", message).stdout.decode()
    for attribute in ("contentType", "signingTime", "messageDigest", "signingCertificateV2"):
        assert f"object: {attribute}" in text.replace("id-smime-aa-", "")
    assert "<ABSENT>" in text.split("eContent:")[1][:30]


def test_the_same_request_signed_twice_by_rsa_is_the_same_message(pki, now):
    person = replace(PERSON, algorithm="rsa")
    assert sign_cms(pki, person, CONTENT, now=now) == sign_cms(pki, person, CONTENT, now=now)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("make", VARIANTS, ids=lambda make: make.__name__)
def test_a_broken_variant_differs_from_a_good_signature(pki, now, make, algorithm):
    person = replace(PERSON, algorithm=algorithm)
    broken = make(pki, person, CONTENT, now)
    assert broken != sign_cms(pki, person, CONTENT, now=now)
    if make.__name__ not in ("truncated", "not_cms"):
        assert broken[0] == 0x30
