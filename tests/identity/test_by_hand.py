"""The page that shows how to check a signature by hand is run, block by block, by OpenSSL's engine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dauys.identity import armor
from gost_engine import ABSENT

PAGE = Path(__file__).parents[2] / "docs" / "verify" / "signature.md"
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)
CHECKS = 6  # attributes, three certificates, list, and the RSA signature


@pytest.fixture
def folder(vectors, tmp_path):
    """The files that the page asks for, of the national test hierarchy."""
    for name, source in {
        "signature.cms": "cms/gost512_detached.cms",
        "text.bin": "cms/message.bin",
        "list.crl": "crl/nca_gost2022_test.crl",
        "rsa.cms": "cms/rsa2048_attached.cms",
    }.items():
        shutil.copy(vectors / source, tmp_path / name)
    for name, source in {
        "issuer.cer": "ca_test/nca_gost2022_test.cer",
        "root.cer": "ca_test/root_test_gost_2022.cer",
        "rsa_root.cer": "cms/rsa_root.cer",
        "rsa_issuer.cer": "cms/rsa_ca.cer",
    }.items():
        (tmp_path / name).write_bytes(armor.certificate_der((vectors / source).read_bytes()))
    return tmp_path


def run_page(folder):
    """What all blocks say, in order."""
    said = []
    for kind, text in BLOCKS:
        if text.startswith("# saved as der.py"):
            (folder / "der.py").write_text(text)
            continue
        for command in text.splitlines() if kind == "sh" else [text]:
            program = ["bash", "-c", command] if kind == "sh" else [sys.executable, "-c", command]
            done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
            said.append(done.stdout + done.stderr)
    return "\n".join(said)


def test_every_check_of_the_page_holds(folder):
    said = run_page(folder)
    assert len(re.findall(r"Verified OK|verification successful", said, re.IGNORECASE)) == CHECKS, said
    assert not re.search(r"Traceback|Verification failure|unable to|Error", said), said
    (signed,) = re.findall(r"messageDigest= (\w+)", said)
    assert re.search(rf"text\.bin\)= {signed}$", said, re.MULTILINE)
    for told in ("IIN123456789011", "E-mail Protection", "CA:TRUE", "Certificate Sign", "nextUpdate="):
        assert told in said
    assert (folder / "rsa.text").read_bytes() == (folder / "text.bin").read_bytes()


@pytest.mark.parametrize("name", ["signature.cms", "issuer.cer", "list.crl"])
def test_the_page_notices_a_changed_file(folder, name):
    """One bit of the signature's value, which stands at the end of each."""
    data = bytearray((folder / name).read_bytes())
    data[-20] ^= 1
    (folder / name).write_bytes(data)
    assert "Verification failure" in run_page(folder)


def test_the_page_notices_another_text(folder):
    (folder / "text.bin").write_bytes(b"another text")
    said = run_page(folder)
    (signed,) = re.findall(r"messageDigest= (\w+)", said)
    assert f"text.bin)= {signed}" not in said
