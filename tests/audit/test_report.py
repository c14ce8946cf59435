"""The report can be read by a person in three languages, by a program, and alone as a page."""

import json
import re
import shlex
from html import escape, unescape
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from dauys.audit.page import as_html
from dauys.audit.report import SHOWN, Report, as_text
from dauys.audit.words import body_fact
from dauys.cli.main import cli
from dauys.errors import LANGUAGES
from dauys.ledger.findings import MOST_FINDINGS, SENTENCES, Finding, Found
from dauys.ledger.leaves import PetitionSignature, encode_leaf
from made_logs import found

RULES = "kz/2024-04-04"
SCHEMAS = Path(__file__).parents[2] / "docs/spec/schemas"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_takes_its_facts_in_every_language(language):
    for code, sentence in SENTENCES.items():
        facts = {name: f"<{name}>" for name in re.findall(r"\{(\w+)\}", sentence) if name != "index"}
        told = Finding(7, code, facts).explain(language)
        assert all(fact in told for fact in facts.values()), (language, code)
        if language != "en" and code not in ("step-forbidden", "evidence"):
            assert told != Finding(7, code, facts).explain("en"), (language, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_needs_nothing_else(log, language):
    page = as_html(log.audit(), language)
    assert f'<html lang="{language}">' in page
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert as_text(log.audit(), language) != as_text(log.audit(), "en") or language == "en"


def test_what_the_operator_wrote_is_not_markup(log):
    counts = log.counts()
    counts["subjects"]["petition/1"] = {"<script>alert(1)</script>": 3}
    log.write("counts.json", json.dumps(counts).encode())
    page = as_html(log.audit(), "en")
    assert "<script" not in page
    assert "<script>alert(1)</script>" in unescape(page)


def test_many_findings_of_one_kind_are_told_by_their_number(log):
    twice = [encode_leaf(leaf) for leaf in log.leaves() if isinstance(leaf, PetitionSignature)][:150]
    log.publish([*log.entries(), *twice])
    report = log.audit()
    assert report["broken"] == 150
    assert len(found(report)) == MOST_FINDINGS
    text = as_text(report, "en")
    assert text.count("The same person is counted twice") == SHOWN["broken"]
    assert f"There are {150 - SHOWN['broken']} more findings of the code counted-twice" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_titles_and_words_and_a_command_that_runs(log, language):
    twice = next(encode_leaf(leaf) for leaf in log.leaves() if isinstance(leaf, PetitionSignature))
    log.publish([*log.entries(), twice])
    report = log.audit()
    (finding,) = [each for each in report["findings"] if each["code"] == "counted-twice"]
    title, subject = report["titles"][finding["subject"]], finding["subject"]
    text, page = as_text(report, language), as_html(report, language)
    quotes = "“”" if language == "en" else "«»"
    assert f"{quotes[0]}{title}{quotes[1]} ({subject})" in text
    assert f"{quotes[0]}{escape(title)}{quotes[1]} <small>({subject})</small>" in page
    assert ("SOUND" in text, "BROKEN" in text) == (language == "en", language == "en")
    command = shlex.split(text.strip().splitlines()[-1])
    assert command[:3] == ["dauys", "audit", str(log.folder)]
    assert CliRunner().invoke(cli, command[1:]).exit_code == 1
    assert escape(shlex.join(command)) in page


def test_signatures_of_a_checkpoint_are_folded(log):
    page = as_html(log.audit(), "en")
    signature = log.audit()["checkpoint"].strip().splitlines()[-1]
    assert signature in unescape(page[page.index("<details>") : page.index("</details>")])
    assert unescape(page).count(signature) == 1


def test_a_body_that_the_rules_do_not_know_is_called_as_petitions_call_it():
    assert body_fact(RULES, "demo-akimat", {"kk": "Ақжайлау әкімдігі"})["in"]["en"] == "Ақжайлау әкімдігі"
    assert body_fact(RULES, "demo-akimat", {}) == "demo-akimat"


def test_findings_that_are_kept_know_how_many_there_were():
    kept = Found()
    for index in range(MOST_FINDINGS + 5):
        kept.add(index, "counted-twice", subject="petition/1")
    again = Found(kept, kept.more)
    again.add(9, "counted-twice", subject="petition/1")
    assert (len(again), again.more["counted-twice"]) == (MOST_FINDINGS, 6)


def test_the_command_writes_every_form(log, tmp_path):
    report = tmp_path / "report"
    options = ["--key", log.signer.verifier.vkey, "--report", str(report), "--format", "html", "--language", "kk"]
    result = CliRunner().invoke(cli, ["audit", str(log.folder), *options])
    assert (result.exit_code, result.stdout) == (0, (report / "report.kk.html").read_text())
    forms = {f"report.{language}.{form}" for language in LANGUAGES for form in ("txt", "html")}
    assert {file.name for file in report.iterdir()} == {*forms, "report.json"}


def test_the_command_reads_only_what_is_new(log, tmp_path):
    command = ["audit", str(log.folder), "--key", log.signer.verifier.vkey, "--state", str(tmp_path / "state")]
    first, second = (CliRunner().invoke(cli, [*command, "--known", str(log.folder / "checkpoint")]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [result.stderr for result in (first, second)] == ["", ""], "no progress bar in a file"
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("state*")} == {0o600}
    assert "had been read before" not in first.stdout
    assert f"; {log.size} of the entries had been read before" in second.stdout


def test_the_report_is_as_its_schema_says(log):
    schema = json.loads((SCHEMAS / "audit-report.v1.json").read_text())
    assert schema == msgspec.json.schema(Report)
    report = json.loads(json.dumps(log.audit()))
    assert msgspec.convert(report, Report, strict=True)
    assert report.keys() == Report.__annotations__.keys() - {"vault"}
