import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.xml_signer import sign_xml
from dauys.errors import AnchorUnknown, FileRejected
from made_certificates import Maker
from made_gost import GostKey, made_over
from made_lists import delta_of, entry, number, signed_list

AT = ["--at", "2026-11-21T12:00:00+05:00"]


@pytest.fixture
def run(vectors):
    """Runs `dauys verify` on files of the vectors under the national test hierarchy."""

    def verify(name, *options, trust="ca_test", profile=("--test-profile",)):
        arguments = ["verify", str(vectors / name), "--trust", str(vectors / trust), *profile, *AT, *options]
        return CliRunner().invoke(cli, arguments, catch_exceptions=False)

    return verify


@pytest.fixture
def content(vectors):
    return ["--content", str(vectors / "cms" / "message.bin")]


def test_a_good_signature(run, content):
    result = run("cms/gost512_detached.cms", "--person", *content)
    assert result.exit_code == 0
    assert "VALID" in result.output
    assert "NOT VALID" not in result.output
    assert "123456789011" in result.output


@pytest.mark.parametrize(
    ("name", "options", "status", "code"),
    [
        ("cms/gost512_attached.cms", [], 0, None),
        ("test_leaf/legal_valid_head.cer", [], 0, None),
        ("test_leaf/legal_valid_head.cer", ["--person"], 1, "wrong-purpose"),
        ("ca_test/root_test_gost_2022.cer", [], 0, None),
        ("cms/gost2015+rsa_two_signers_attached.cms", [], 1, "many-signers"),
        ("cms/rsa_attached_CmsServiceTest.cms", [], 1, "issuer-untrusted"),
        ("test_leaf/gokalkan_gost2_individual_2023.cer", [], 1, "certificate-expired"),
        ("cms/gost512_detached.cms", [], 2, "content-missing"),
        ("cms/gost512_attached_ber.cms", [], 0, None),
        ("cms/message.bin", [], 2, "cms-malformed"),
    ],
)
def test_exit_status_and_code(run, name, options, status, code):
    result = run(name, "--json", *options)
    report = json.loads(result.output)
    assert (result.exit_code, report["code"], report["valid"]) == (status, code, status == 0)


@pytest.fixture
def signed_xml(authorities, tmp_path):
    """A signed document of a demo citizen, its original, and the folder of the authorities."""
    pki, document = DemoPki.load(authorities), tmp_path / "document.xml"
    document.write_bytes(b"<statement>one</statement>")
    signed, before = tmp_path / "signed.xml", datetime.now(UTC) - timedelta(days=1)
    signed.write_bytes(sign_xml(pki.enrol(citizen(1), now=before), document.read_bytes()))
    return signed, document, pki.trust_directory


@pytest.mark.parametrize(
    ("text", "status", "code"), [("one", 0, None), ("two", 1, "content-differs"), ("<!-- -->", 1, "xml-not-covered")]
)
def test_a_signed_xml_document(signed_xml, text, status, code):
    signed, document, trust = signed_xml
    document.write_text(f"<statement>{text}</statement>")
    options = ["--content", document, "--trust", trust, "--test-profile", "--person", "--json"]
    result = CliRunner().invoke(cli, ["verify", str(signed), *map(str, options)], catch_exceptions=False)
    assert (result.exit_code, json.loads(result.output)["code"]) == (status, code)


def test_the_reason_is_told_to_people(run):
    result = run("cms/gost2015+rsa_two_signers_attached.cms", "--language", "en")
    assert result.exit_code == 1
    assert "NOT VALID" in result.output
    assert "[many-signers]" in result.output


def test_another_time_gives_another_verdict(vectors):
    name = vectors / "test_leaf" / "gokalkan_gost2_individual_2023.cer"
    arguments = ["verify", str(name), "--trust", str(vectors / "ca_test"), "--test-profile", "--at"]
    assert CliRunner().invoke(cli, [*arguments, "2024-01-01"]).exit_code == 0
    assert CliRunner().invoke(cli, [*arguments, "2025-01-01"]).exit_code == 1
    assert CliRunner().invoke(cli, [*arguments, "yesterday"]).exit_code == 2


def test_a_folder_without_authorities_says_what_to_do(tmp_path, vectors):
    arguments = ["verify", str(vectors / "test_leaf" / "legal_valid_head.cer"), "--trust", str(tmp_path)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert "dauys trust add" in result.stderr


def test_a_test_authority_stops_the_production_profile(run):
    with pytest.raises(AnchorUnknown):
        run("test_leaf/legal_valid_head.cer", profile=())


def test_only_pinned_authorities_are_kept_and_then_listed(tmp_path, vectors, monkeypatch):
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path))
    good = vectors / "ca_prod" / "root_gost_2022.pem"
    early = CliRunner().invoke(cli, ["trust", "add", str(vectors / "ca_prod" / "nca_gost_2022.pem")])
    assert "root is not here yet" in early.stderr
    added = CliRunner().invoke(cli, ["trust", "add", str(good)], catch_exceptions=False)
    assert added.exit_code == 0
    assert (tmp_path / "trust" / "root_gost_2022.cer").is_file()
    with pytest.raises(AnchorUnknown):
        CliRunner().invoke(
            cli, ["trust", "add", str(vectors / "ca_test" / "root_test_gost_2022.cer")], catch_exceptions=False
        )
    listed = CliRunner().invoke(cli, ["trust", "list"], catch_exceptions=False).output.splitlines()
    assert [line[0] for line in listed] == ["+", "+"] + ["-"] * 7
    judged = CliRunner().invoke(cli, ["verify", str(good)], catch_exceptions=False)
    assert judged.exit_code == 0


def test_revocation_is_judged_by_the_files_that_are_given(tmp_path):
    root, middle = Maker("ROOT"), Maker("NCA")
    (tmp_path / "root.cer").write_bytes(root.authority(root).der)
    (tmp_path / "nca.cer").write_bytes(root.authority(middle).der)
    (tmp_path / "full.crl").write_bytes(signed_list(middle, [entry(7, code=1)], number(10)))
    (tmp_path / "delta.crl").write_bytes(signed_list(middle, [entry(8, code=1)], number(11), delta_of(10)))
    base = ["--trust", str(tmp_path), "--test-profile", "--json", "--at", "2026-06-01"]
    full, delta = ["--crl", str(tmp_path / "full.crl")], ["--crl", str(tmp_path / "delta.crl")]
    for serial, options, code in (
        (7, [], None),
        (7, full, "certificate-revoked"),
        (8, full, None),
        (8, [*full, *delta], "certificate-revoked"),
        (9, [*full, *delta], None),
    ):
        (tmp_path / "person").write_bytes(middle.person(serial=serial).der)
        result = CliRunner().invoke(cli, ["verify", str(tmp_path / "person"), *base, *options], catch_exceptions=False)
        assert (json.loads(result.output)["code"], result.exit_code) == (code, 1 if code else 0)


def test_old_evidence_says_nothing(run, vectors):
    listed = ["--crl", str(vectors / "crl" / "nca_gost2022_test.crl")]
    answer = ["--ocsp", str(vectors / "ocsp" / "ocsp_response_individual_2015.bin")]
    result = run("test_leaf/legal_valid_head.cer", "--json", *listed, *answer)
    assert (json.loads(result.output)["code"], result.exit_code) == ("revocation-unknown", 1)
    with pytest.raises(FileRejected):
        run("test_leaf/legal_valid_head.cer", "--ocsp", str(vectors / "cms" / "message.bin"))


# ---- Many files --------------------------------------------------------------------------------------------------


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path, vectors):
    """Signatures beside their texts, and what is no signature."""
    place = tmp_path / "archive"
    (place / "2026").mkdir(parents=True)
    signed = vectors / "cms"
    (place / "2026" / "letter.txt.cms").write_bytes((signed / "gost512_detached.cms").read_bytes())
    (place / "2026" / "letter.txt").write_bytes((signed / "message.bin").read_bytes())
    (place / "alone.cms").write_bytes((signed / "gost512_detached.cms").read_bytes())
    (place / "attached.p7s").write_bytes((signed / "gost512_attached.cms").read_bytes())
    (place / "two.sig").write_bytes((signed / "gost2015+rsa_two_signers_attached.cms").read_bytes())
    (place / "README").write_text("no signature")
    return place


def judge(vectors, *arguments):
    base = ["--trust", str(vectors / "ca_test"), "--test-profile", *AT]
    return CliRunner().invoke(cli, ["verify", *map(str, arguments), *base], catch_exceptions=False)


def test_a_folder_is_judged_file_by_file(vectors, folder):
    result = judge(vectors, folder, "--json")
    told = {report["file"].removeprefix(f"{folder}/"): report["code"] for report in lines(result)}
    assert told == {
        "2026/letter.txt.cms": None,  # its text stands beside it
        "alone.cms": "content-missing",
        "attached.p7s": None,
        "two.sig": "many-signers",
    }
    assert result.exit_code == 2


def test_people_read_a_line_for_each_and_the_sum(vectors, folder):
    result = judge(vectors, folder, "--language", "en")
    assert len(result.stdout.splitlines()) == 5
    assert "2 valid, 1 not valid, 1 unusable" in result.stdout
    assert "[many-signers]" in result.stdout
    assert "жарамды: 2, жарамсыз: 1" in judge(vectors, folder, "--language", "kk").stdout


@pytest.mark.parametrize(("names", "status"), [(["attached.p7s"] * 2, 0), (["attached.p7s", "two.sig"], 1)])
def test_the_exit_status_is_that_of_the_worst(vectors, folder, names, status):
    assert judge(vectors, *(folder / name for name in names)).exit_code == status


def test_one_file_that_cannot_be_read_does_not_end_the_others(vectors, folder, monkeypatch):
    from dauys.cli import verify

    read = verify._read

    def broken(path):
        if path.name == "alone.cms":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(verify, "_read", broken)
    told = {report["code"] for report in lines(judge(vectors, folder, "--json"))}
    assert told == {None, "many-signers", "file-rejected"}
    assert "Permission denied" in judge(vectors, folder, "--language", "en").stdout
    alone = judge(vectors, folder / "alone.cms", "--language", "en")
    assert (alone.exit_code, "UNUSABLE" in alone.stdout) == (2, True)


def test_an_empty_folder_proves_nothing(vectors, tmp_path):
    result = judge(vectors, tmp_path, "--language", "en")
    assert (result.exit_code, result.stdout) == (2, "0 valid, 0 not valid, 0 unusable\n")


def test_all_signers_are_judged_when_asked(vectors, folder):
    result = judge(vectors, folder / "two.sig", "--all-signers", "--json")
    assert [report["code"] for report in lines(result)] == ["certificate-expired", "issuer-untrusted"]
    assert result.exit_code == 1


def test_raw_bytes_with_their_certificate(tmp_path):
    maker, authority, key = Maker("NCA"), GostKey("2004", 11), GostKey("2004", 12)
    (tmp_path / "nca.cer").write_bytes(made_over(maker.authority(maker), authority, authority).der)
    (tmp_path / "person").write_bytes(made_over(maker.person(), key, authority).der)
    (tmp_path / "text").write_bytes(b"text")
    (tmp_path / "bytes").write_bytes(key.sign(b"text"))
    (tmp_path / "base64").write_bytes(b64encode(key.sign(b"text")))
    base = ["--trust", str(tmp_path), "--test-profile", "--at", "2026-06-01", "--json"]
    given = ["--content", str(tmp_path / "text"), "--certificate", str(tmp_path / "person")]
    for name in ("bytes", "base64"):
        result = CliRunner().invoke(cli, ["verify", str(tmp_path / name), *base, *given], catch_exceptions=False)
        assert (result.exit_code, lines(result)[0]["code"]) == (0, None)
    signing = ["--purpose", "person-signing"]
    result = CliRunner().invoke(cli, ["verify", str(tmp_path / "bytes"), *base, *given, *signing])
    assert (result.exit_code, lines(result)[0]["code"]) == (1, "algorithm-retired")


@pytest.mark.parametrize(("language", "stage"), [("kk", "қол қоюшы"), ("ru", "подписавший"), ("en", "signer")])
def test_stages_are_told_in_the_language(run, content, language, stage):
    result = run("cms/gost512_detached.cms", "--language", language, *content)
    assert stage in result.output
    assert json.loads(run("cms/gost512_detached.cms", "--json", "--language", language, *content).output)["valid"]


def test_a_signature_may_come_through_a_pipe(vectors):
    signed = (vectors / "cms" / "gost512_attached.cms").read_bytes()
    arguments = ["verify", "-", "--trust", str(vectors / "ca_test"), "--test-profile", *AT, "--json"]
    result = CliRunner().invoke(cli, arguments, input=signed, catch_exceptions=False)
    assert (result.exit_code, lines(result)[0]["file"]) == (0, "-")
