"""What `dauys rules` tells, and that a spoiled folder is one sentence."""

import pytest
from click.testing import CliRunner

from dauys.cli.rules import rules
from dauys.errors import RulesMalformed
from rules_folder import changed


def run(*arguments):
    done = CliRunner().invoke(rules, [*arguments, "--on", "2027-01-15"], catch_exceptions=True, env={"COLUMNS": "200"})
    if done.exception:
        raise done.exception
    return done.output


def test_it_lists_what_nobody_verified():
    told = run("kz")
    assert "kz/2024-04-04" in told
    assert "signing.collection_months" in told
    assert "topic.drugs" in told
    assert "unit.KZ-11.population" in told
    assert "gate.supporters" not in told
    assert "gate.supporters" in run("kz", "--all")


def test_it_names_days_off_that_are_only_estimated(tmp_path):
    assert "2027-05-16" in run("kz")
    folder = changed(tmp_path, "kz", "calendar.toml", ("date = 2026-05-27", "date = 2027-05-16"))
    assert "2027-05-16:" not in run("kz", "--folder", str(folder))


def test_an_operators_folder_is_checked(tmp_path):
    folder = changed(tmp_path, "kz", "pack.toml", ("supporters", "suporters"))
    with pytest.raises(RulesMalformed, match="suporters"):
        run("kz", "--folder", str(folder))
