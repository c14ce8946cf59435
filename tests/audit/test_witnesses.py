"""An auditor names whom to believe: their quorum must have cosigned what is shown, and the report says how long ago."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from cosigning import cosign, policy_of
from dauys.audit.folder import FolderSource
from dauys.audit.page import as_html
from dauys.audit.report import as_text, build, not_checked
from dauys.audit.run import Audit
from dauys.cli.main import cli
from dauys.errors import LANGUAGES
from dauys.translog.policy import Policy
from made_logs import found
from made_witness import MadeWitness


@pytest.fixture
def witnesses(log, tmp_path):
    return [MadeWitness(tmp_path / name, f"{name}.example", log.signer.verifier) for name in ("paper", "university")]


def test_without_a_policy_the_report_says_that_nobody_was_asked(log, witnesses):
    cosign(log, *witnesses)
    report = log.audit()
    assert (report["sound"], report["witnesses"]) == (True, None)
    assert "No witness was asked" in as_text(report, "en")
    assert any("shown the same log as others" in sentence for sentence in not_checked(report))
    for language in LANGUAGES:
        assert "--policy" in as_text(report, language)
        assert "--policy" in as_html(report, language)


def test_a_quorum_that_cosigned(log, witnesses):
    cosign(log, *witnesses)
    report = log.audit(policy=policy_of(*witnesses, quorum=2))
    told = report["witnesses"]
    assert (report["sound"], told["quorum"], told["size"]) == (True, True, log.size)
    assert set(told["cosigned"]) == {"paper.example-ed25519", "university.example-ed25519"}
    for language in LANGUAGES:
        text = as_text(report, language)
        assert f"paper.example-ed25519: {told['cosigned']['paper.example-ed25519']}" in text or language == "en"
        assert "--policy" not in text
    assert "That the witnesses you named saw this same log" in as_text(report, "en")
    assert not any("shown the same log as others" in sentence for sentence in not_checked(report))


def test_one_of_two_is_no_quorum(log, witnesses):
    cosign(log, witnesses[0])
    report = log.audit(policy=policy_of(*witnesses, quorum=2))
    assert (found(report), report["sound"], report["witnesses"]["quorum"]) == ([(None, "quorum-missing")], False, False)
    assert "cosigned by: paper.example-ed25519" in as_text(report, "en")
    assert log.audit(policy=policy_of(*witnesses, quorum=1))["sound"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_strangers_count_for_nothing(log, witnesses, tmp_path, language):
    cosign(log, MadeWitness(tmp_path / "stranger", "stranger.example", log.signer.verifier))
    report = log.audit(policy=policy_of(*witnesses, quorum=1))
    assert found(report) == [(None, "quorum-missing")]
    nobody = {"kk": "растағандар: ешкім", "ru": "заверили: никто", "en": "cosigned by: nobody"}
    assert nobody[language] in as_text(report, language)


def test_a_false_line_is_told_and_undoes_no_other(log, witnesses):
    cosign(log, *witnesses)
    note = (log.folder / "checkpoint").read_text()
    lines = note.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith("— paper.example "))
    lines[place] = lines[place][:60] + ("A" if lines[place][60] != "A" else "B") + lines[place][61:]
    log.write("checkpoint", "".join(lines).encode())
    report = log.audit(policy=policy_of(*witnesses, quorum=1))
    assert (found(report), report["witnesses"]["quorum"]) == ([(None, "cosignature-false")], True)


def test_an_old_cosignature_is_worth_knowing(log, witnesses):
    cosign(log, *witnesses)
    now = datetime.now(UTC) + timedelta(hours=25)
    report = log.audit(policy=policy_of(*witnesses, quorum=2), now=now)
    assert (None, "cosignature-old") in found(report, "note")
    assert "25 h before this audit" in as_text(report, "en")


def test_a_policy_that_asks_for_nobody(log):
    report = log.audit(policy=Policy.parse("quorum none\n"))
    assert (report["sound"], report["witnesses"]["cosigned"]) == (True, {})
    assert "asks for no witness" in as_text(report, "en")
    assert any("shown the same log as others" in sentence for sentence in not_checked(report))


class Late(FolderSource):
    """A log whose witnesses answer while it is being audited; `grow` is done meanwhile."""

    def __init__(self, folder, meanwhile):
        super().__init__(folder)
        self.meanwhile = meanwhile

    def read(self, path):
        content = super().read(path)
        if path == "checkpoint":
            self.meanwhile()
            self.meanwhile = lambda: None
        return content


def test_lines_that_came_during_the_audit_count(log, witnesses):
    source = Late(log.folder, lambda: cosign(log, *witnesses))
    audit = Audit(source, [log.signer.verifier], policy=policy_of(*witnesses, quorum=2))
    assert build(audit.run())["witnesses"]["quorum"]


def test_a_cosigned_tree_that_is_another_one_does_not_count(log, made, witnesses, tmp_path):
    """The operator shows the witnesses a longer log that is not the audited one."""
    other = type(log).copy(made, tmp_path / "other")
    other.publish([*other.entries()[:-2], *other.entries()])

    def swap():
        cosign(other, *witnesses)
        log.write("checkpoint", (other.folder / "checkpoint").read_bytes())

    audit = Audit(Late(log.folder, swap), [log.signer.verifier], policy=policy_of(*witnesses, quorum=2))
    assert (None, "quorum-missing") in found(build(audit.run()))


def test_the_command_believes_the_keys_of_its_policy(log, witnesses, tmp_path):
    cosign(log, *witnesses)
    file = tmp_path / "policy"
    file.write_text(f"log {log.signer.verifier.vkey}\n{policy_of(*witnesses, quorum=2).to_text()}")
    asked = CliRunner().invoke(cli, ["audit", str(log.folder), "--policy", str(file)])
    assert (asked.exit_code, "The quorum of the policy given cosigned" in asked.output) == (0, True)
    log.publish(log.entries())
    asked = CliRunner().invoke(cli, ["audit", str(log.folder), "--policy", str(file), "--format", "html"])
    assert (asked.exit_code, "quorum-missing" in asked.output) == (1, True)
