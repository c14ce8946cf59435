"""The demo country as `script/up` makes it, but for the signatures of its open petitions: every state, a sound log."""

import json
import os
import subprocess

import pytest

from dauys.petitions.states import State
from programs import DAUYS


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What the audit says of the published log of a country made just now."""
    var = tmp_path_factory.mktemp("country") / "var"
    environment = os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"}
    subprocess.run([*DAUYS, "demo", "prepare", "--share", "0"], env=environment, check=True, capture_output=True)
    folder = str(var / "public")
    audit = subprocess.run([*DAUYS, "audit", folder, "--json"], env=environment, check=False, capture_output=True)
    return json.loads(audit.stdout) | {"exit": audit.returncode}


def test_the_audit_of_the_seeded_log_is_sound(report):
    assert (report["exit"], report["findings"]) == (0, [])


def test_every_state_occurs(report):
    assert set(report["petitions"].values()) == {str(state) for state in State}


def test_all_signatures_are_final_and_somebody_is_late(report):
    assert report["final"] == report["counts"]
    assert {late["whose"] for late in report["overdue"]} >= {"moderator", "body"}


def test_the_texts_of_offices_are_public_but_for_the_removed_one(report):
    assert report["texts"] > 40
    assert set(report["texts_withheld"].values()) <= {"danger-to-life"}
