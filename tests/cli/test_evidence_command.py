import json

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.ledger.recount import MOST_FINDINGS
from small_country import install


def run(*options):
    return CliRunner().invoke(cli, ["evidence", *options], catch_exceptions=False)


def test_a_log_without_acts_is_sound(tmp_path, authorities, monkeypatch):
    install(tmp_path / "var", authorities)
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "var"))
    result = run()
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "SOUND: every act rests on its evidence.")
    assert json.loads(run("--json").output) == {"sound": True, "forms": {}, "erased": 0, "findings": []}


@pytest.mark.usefixtures("published")
def test_evidence_that_proves_nothing_is_told():
    result = run("--json")
    report = json.loads(result.output)
    assert (result.exit_code, report["sound"], len(report["findings"])) == (1, False, 4 + MOST_FINDINGS)
    gone = "The evidence of this act is gone, and no entry of the log erased it."
    assert [(each["index"], each["sentence"]) for each in report["findings"][:4]] == [(n, gone) for n in (1, 3, 5, 7)]
    assert report["findings"][4]["index"] == 9
    assert "BROKEN at entry 9: What was sent could not be read: no statement." in run().output
