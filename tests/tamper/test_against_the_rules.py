"""An operator who keeps the tree in order but breaks the rules is found by the audit alone, and the report says how."""

import json
from contextlib import closing
from datetime import timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from dauys.cli.main import cli
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.petition_leaves import Registered
from made_logs import found
from tamper.conftest import NOW, REFUSED, REMOVED, TEXT, WHY, day, opened, place_of, refused, removed, submitted


def codes(log, *leaves, **options):
    """What is found once these leaves are appended."""
    size = log.size
    log.publish([*log.entries(), *leaves])
    return [(index, code) for index, code in found(log.audit(**options)) if index is None or index >= size], size


def test_a_step_dated_back_to_be_in_time(log):
    subject = "petition/92"
    leaves = [submitted(subject, day(1, 1)), refused("petition/92", day(1, 0)), submitted("petition/93", day(40))]
    (wrong,), size = codes(log, *leaves)
    assert wrong == (size + 2, "backdated")


def test_signatures_added_after_the_end_and_dated_before_it(log):
    leaf = next(leaf for leaf in log.leaves() if isinstance(leaf, PetitionSignature))
    (wrong,), size = codes(log, replace(leaf, pseudonym="E" * 42 + "A"))
    assert wrong == (size, "backdated")


def test_a_moment_still_to_come(log):
    (wrong,), size = codes(log, submitted("petition/92", day(-3)))
    assert wrong == (size, "from-the-future")


@pytest.mark.parametrize(("leaf", "code"), [
    (replace(refused("petition/92", day(1, 0)), reasons=["we-do-not-like-it"]), "step-forbidden"),
    (replace(refused("petition/92", day(1, 0)), reasons=["done"]), "reason-not-in-force"),  # a reason to stop, not to refuse
    (replace(refused("petition/92", day(1, 0)), officials=[3, 3]), "step-forbidden"),
    (replace(refused("petition/92", day(1, 0)), due="2026-11-22"), "step-forbidden"),
    (opened("petition/92", day(1, 0), threshold=500_000), "rules-not-kept"),
    (replace(opened("petition/92", day(1, 0)), age=60), "rules-not-kept"),
    (replace(opened("petition/92", day(1, 0)), tiers=["desktop"]), "rules-not-kept"),
    (replace(opened("petition/92", day(1, 0)), closes=day(-1)), "step-forbidden"),
])  # fmt: skip
def test_an_office_that_bends_the_rules(log, leaf, code):
    log.write(f"text/{sha256(TEXT).hexdigest()}", TEXT)
    wrong, size = codes(log, submitted("petition/92", day(1, 1)), leaf)
    assert wrong == [(size + 1, code)]


def test_a_refusal_that_was_never_written_shows_as_silence(log):
    """The operator refuses by letter only: nobody can hide that the petition waits."""
    log.publish([*log.entries(), submitted("petition/92", day(1, 1))])
    report = log.audit(now=NOW + timedelta(days=60))
    late = {each["subject"]: each for each in report["findings"] if each["code"] == "moderation-overdue"}
    assert late["petition/92"]["facts"]["days"] > 10


def test_a_success_that_the_operator_keeps_to_itself(log):
    """Enough final signatures by the rules, and no registration."""
    threshold = 20
    leaves = [leaf for leaf in log.leaves() if not isinstance(leaf, Registered)]
    opening = place_of(log, "petition.opened", "petition/1")
    leaves[opening] = replace(leaves[opening], threshold=threshold)
    log.publish(leaves)
    report = log.audit()
    (late,) = [each for each in report["findings"] if each["code"] == "registration-overdue"]
    assert (late["subject"], late["facts"]["needed"]) == ("petition/1", threshold)
    assert type(log.leaves()[late["index"]]).__struct_config__.tag == "acts.confirmed"
    assert (opening, "rules-not-kept") in found(report)


def test_a_threshold_claimed_too_early(log):
    final = sum(log.counts()["final"]["petition/1"].values())
    due = decode_leaf(log.entries()[place_of(log, "petition.submitted")]).due
    wrong, size = codes(log, Registered(moment=day(0, 1), subject="petition/1", due=due, signatures=50_000))
    assert wrong == [(size, "step-forbidden")]
    assert final < 50_000


def test_a_removal_without_a_tombstone(log):
    (log.folder / f"text/{sha256(TEXT).hexdigest()}.withheld").unlink()
    assert found(log.audit()) == [(None, "tombstone-missing")]


@pytest.mark.parametrize(("harm", "code"), [
    (lambda file: file.unlink(), "text-missing"),
    (lambda file: file.write_bytes(b"We never said so.\n"), "text-changed"),
    (lambda file: file.rename(file.with_suffix(".withheld")), "withheld-without-act"),
])  # fmt: skip
def test_an_explanation_taken_away_or_changed(log, harm, code):
    harm(log.folder / "text" / sha256(WHY).hexdigest())
    report = log.audit()
    assert found(report) == [(place_of(log, "petition.refused", REFUSED), code)]
    assert REFUSED in report["findings"][0]["sentence"]["en"]


def test_a_title_other_than_the_author_signed(log):
    log.write(f"text/{sha256(TEXT).hexdigest()}", TEXT)
    leaves = [submitted("petition/92", day(1, 1)), replace(opened("petition/92", day(1, 0)), title="Басқа тақырып")]
    (wrong,), size = codes(log, *leaves)
    assert wrong == (size + 1, "title-differs")


def test_a_petition_removed_twice_over(log):
    (wrong,), size = codes(log, removed(REMOVED, day(1, 0)))
    assert wrong == (size, "step-forbidden")


@pytest.mark.parametrize("which", ["subjects", "final"])
def test_another_count_than_the_log_holds(log, which):
    counts = log.counts()
    counts[which]["petition/1"]["mobile"] += 1000
    log.write("counts.json", json.dumps(counts).encode())
    (wrong,) = [each for each in log.audit()["findings"] if each["kind"] == "broken"]
    assert (wrong["code"], wrong["subject"]) == ("count-differs", "petition/1")
    assert str(counts[which]["petition/1"]["mobile"]) in wrong["facts"]["shown"]


def test_counts_of_a_tree_that_does_not_exist(log):
    counts = log.counts() | {"size": log.size + 1}
    log.write("counts.json", json.dumps(counts).encode())
    assert found(log.audit()) == [(None, "size-unknown")] * 2


def test_signatures_that_nobody_made_pass_the_public_audit_and_not_that_of_the_vault(published):
    """300 signatures whose evidence proves nothing: the public log cannot tell, an auditor of the vault can."""
    public = CliRunner().invoke(cli, ["audit", str(published.places.public), "--key", published.vkey, "--json"])
    assert json.loads(public.stdout)["sound"]
    sealed = CliRunner().invoke(cli, ["evidence", "--json"])
    report = json.loads(sealed.stdout)
    assert (sealed.exit_code, report["sound"]) == (1, False)
    with closing((published.log / "tile/entries/000").open("rb")) as file:
        assert file.read()
    assert 9 in [finding["index"] for finding in report["findings"]]
