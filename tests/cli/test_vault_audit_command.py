"""Auditors check a sample of the evidence on a copy without the operator's keys; the operator cannot choose what they see."""

import json
import shutil
from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import BadInput, FileRejected, KeyMalformed, ProofInvalid
from dauys.ledger.publication import Publisher
from dauys.ledger.published_files import KEY_FILE
from vault_country import FIRST, make_country

SIGNERS = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory, authorities):
    country = make_country(tmp_path_factory.mktemp("vault") / "var", authorities)
    for number in range(SIGNERS):
        country.sign(number)
    return country


@pytest.fixture
def country(made, tmp_path, monkeypatch):
    var = tmp_path / "var"
    shutil.copytree(made.places.var, var)
    monkeypatch.setenv("DAUYS_VAR", str(var))
    publish(made, var)
    return var


def publish(made, var):
    places = type(made.places)(var)
    with closing(Publisher(places, made.keys.log)) as publisher:
        publisher.publish()
    (places.public / KEY_FILE).write_text(made.keys.log.verifier.vkey + "\n")


def run(*arguments):
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def vault_report(var, *options):
    return json.loads(run("audit", var / "public", "--json", "--vault", *options).stdout)["vault"]


def shared(folder, threshold=2, count=3):
    """Key files of auditors who were named."""
    files = [folder / f"auditor-{number}.key" for number in range(count)]
    publics = [run("auditor", "new", file).stdout.strip() for file in files]
    assert [run("auditor", "public", file).stdout.strip() for file in files] == publics
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    result = run("vault", "share", "--threshold", threshold, *publics)
    assert f"Any {threshold} of {count} auditors" in result.output
    return files


def copy_without_keys(var, folder):
    shutil.copytree(var, folder / "copy", ignore=shutil.ignore_patterns("keys"))
    return folder / "copy"


def test_the_operator_checks_every_act(country):
    report = vault_report(country, country)
    assert (report["sound"], report["acts"], report["checked"], report["most_unseen"]) == (True, SIGNERS, SIGNERS, 0)
    assert report["forms"] == {"CMS": SIGNERS}
    assert (
        "Every act rests on its evidence."
        in run("audit", country / "public", "--vault", country, "--language", "en").stdout
    )


def test_a_sample_says_how_sure_it_makes(country):
    options = (country, "--find", "40", "--sure", "60")
    report = vault_report(country, *options)
    assert 0 < report["checked"] < SIGNERS
    assert 0 < report["most_unseen"] < SIGNERS
    shown = run("audit", country / "public", "--language", "en", "--vault", *options).stdout
    assert f"with 60% confidence at most {report['most_unseen']} acts" in shown


def test_two_of_three_auditors_check_a_copy_that_holds_no_keys(country, made, tmp_path):
    files = shared(tmp_path)
    publish(made, country)
    copy = copy_without_keys(country, tmp_path)
    parts = [tmp_path / "part-0", tmp_path / "part-2"]
    for file, part in zip((files[0], files[2]), parts, strict=True):
        run("auditor", "part", "--key", file, "--vault", copy, part)
    opened = tmp_path / "opened"
    assert "Keys of 4 vaults" in run("vault", "open", "--vault", copy, "--output", opened, *parts).output
    assert opened.stat().st_mode & 0o777 == 0o600
    report = vault_report(country, copy, "--opened", opened)
    assert (report["sound"], report["checked"]) == (True, SIGNERS)
    together = vault_report(country, copy, "--auditor-key", files[1], "--auditor-key", files[2], "--every-act")
    assert together == report
    with pytest.raises(BadInput, match="2 auditors are needed, 1 are here"):
        run("vault", "open", "--vault", copy, "--output", opened, parts[0])


def test_evidence_that_was_exchanged_is_found(country, made):
    make = type(made)(type(made.places)(country), made.keys, made.pki)
    make.keep(make.envelope(40), number=41)
    publish(made, country)
    result = run("audit", country / "public", "--json", "--vault", country)
    report = json.loads(result.stdout)
    assert (result.exit_code, report["sound"], report["vault"]["sound"]) == (1, False, False)
    assert [each["index"] for each in report["vault"]["findings"]] == [FIRST + SIGNERS]
    shown = run("audit", country / "public", "--vault", country, "--language", "en").stdout
    assert f"entry {FIRST + SIGNERS}" in shown


def test_the_vault_of_another_log_or_an_older_one_is_refused(country, made, tmp_path, authorities):
    other = make_country(tmp_path / "other", authorities)
    other.sign(1)
    with pytest.raises(ProofInvalid):
        vault_report(country, other.places.var)
    old = copy_without_keys(country, tmp_path)
    make = type(made)(type(made.places)(country), made.keys, made.pki)
    make.sign(50)
    publish(made, country)
    with pytest.raises(ProofInvalid):
        vault_report(country, old)


def test_files_that_are_none_are_refused(country, tmp_path):
    files = shared(tmp_path)
    wrong = tmp_path / "wrong"
    wrong.write_text("{}")
    with pytest.raises(FileRejected):
        run("vault", "open", "--output", tmp_path / "o", wrong)
    with pytest.raises(FileRejected):
        vault_report(country, country, "--opened", wrong)
    with pytest.raises(KeyMalformed):
        run("auditor", "part", "--key", wrong, tmp_path / "part")
    with pytest.raises(FileRejected, match="not replaced"):
        run("auditor", "new", files[0])
    with pytest.raises(FileRejected, match="holds no"):
        vault_report(country, tmp_path)
    assert run("audit", country / "public", "--every-act").exit_code == 2
