"""The demo country as `script/up` makes it, but for the signatures of its open petitions: every state, a sound log."""

import json
import os
import subprocess
import sys

import pytest

from dauys.petitions.states import State
from programs import DAUYS

FACTS = """
import json
from django.utils import timezone
from dauys.cli.portal_setup import setup_portal
from dauys.ledger.places import Places
setup_portal(Places.default())
from dauys.petitions import queries
from dauys.petitions.views.open_data import told
print(json.dumps([told(each, timezone.now()) for each in queries.with_texts(queries.published())]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The environment of a country made just now."""
    var = tmp_path_factory.mktemp("country") / "var"
    environment = os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"}
    subprocess.run([*DAUYS, "demo", "prepare", "--share", "0"], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture(scope="module")
def report(made):
    """What the audit says of its published log."""
    audit = [*DAUYS, "audit", f"{made['DAUYS_VAR']}/public", "--json"]
    done = subprocess.run(audit, env=made, check=False, capture_output=True)
    return json.loads(done.stdout) | {"exit": done.returncode}


@pytest.fixture(scope="module")
def country(made):
    """The public facts of its petitions."""
    done = subprocess.run([sys.executable, "-c", FACTS], env=made, check=True, capture_output=True)
    return json.loads(done.stdout)


def test_the_audit_of_the_seeded_log_is_sound(report):
    assert (report["exit"], report["sound"]) == (0, True)
    assert [each for each in report["findings"] if each["kind"] == "broken"] == []


def test_every_state_occurs(report):
    assert set(report["petitions"].values()) == {str(state) for state in State}


def test_all_signatures_are_final_and_somebody_is_late(report):
    assert report["final"] == report["counts"]
    overdue = {each["code"] for each in report["findings"] if each["kind"] == "overdue"}
    assert overdue >= {"moderation-overdue", "decision-overdue"}


def test_the_texts_of_offices_are_public_but_for_the_removed_one(report):
    assert report["texts"] > 40
    assert set(report["texts_withheld"].values()) <= {"danger-to-life"}


def test_appeals_of_every_kind_occur_granted_rejected_and_open(country):
    found = [(each["against"], each["granted"], bool(each["decided"])) for life in country for each in life["appeals"]]
    assert set(found) >= {
        ("refusal", True, True), ("refusal", False, True), ("refusal", None, False), ("removal", True, True), ("silence", None, False),
    }  # fmt: skip


def test_what_an_appeal_opened_or_restored_is_signed_again(country):
    granted = [life for life in country if any(each["granted"] for each in life["appeals"])]
    assert {(life["state"], life["text_public"]) for life in granted} == {("collecting", True)}
    restored = next(life for life in granted if life["appeals"][0]["against"] == "removal")
    assert restored["published_signatures"] == 74 + 41


def test_a_silence_is_late_and_appealed(country):
    silent = next(life for life in country if any(each["against"] == "silence" for each in life["appeals"]))
    assert (silent["clock"]["whose"], silent["clock"]["late"], silent["review"]["late"]) == ("body", True, False)
