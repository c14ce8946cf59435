"""An operator who changes anything of what is public is found out, and the report says where."""

import json
import re
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from click.testing import CliRunner

from dauys.audit.source import Withheld
from dauys.cli.main import cli
from dauys.cli.sources import AddressSource
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf, encode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.petition_leaves import Decided, Listed, Removed
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash, root_from_leaves
from dauys.translog.tiles import bundle, unbundle
from small_country import TEXT

LATE = ["closing-overdue"]  # of petition 2, whose term is long over


def audit(published, *options):
    result = CliRunner().invoke(
        cli, ["audit", str(published.places.public), "--key", published.vkey, "--json", *options]
    )
    return result.exit_code, json.loads(result.stdout), result


def test_an_honest_log_is_sound(published):
    code, report, _ = audit(published)
    assert (code, report["broken"], [finding["code"] for finding in report["findings"]]) == (0, 0, LATE)
    assert report["counts"] == {"petition/1": 300}
    assert report["entries_by_kind"] == {
        "log.opened": 1, "petition.submitted": 4, "petition.opened": 4, "petition.signature": 300,
    }  # fmt: skip


def test_the_report_for_people(published):
    result = CliRunner().invoke(cli, ["audit", str(published.log)])
    assert result.exit_code == 0
    assert "SOUND" in result.output
    assert " (petition/1): 0 of them final" in result.output


@pytest.mark.parametrize(
    "path", ["tile/entries/000", "tile/0/000", "tile/1/000.p/1", "tile/0/001.p/53", "tile/entries/001.p/53"]
)
def test_one_changed_byte_of_any_file(published, path):
    file = published.log / path
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    code, report, _ = audit(published)
    assert code == 1
    assert any(
        "001" in finding["sentence"]["en"] or "000" in finding["sentence"]["en"] for finding in report["findings"]
    )


def test_a_count_that_the_log_does_not_bear_out(published):
    counts = published.counts()
    counts["subjects"]["petition/1"]["mobile"] += 1000
    (published.log / "counts.json").write_text(json.dumps(counts))
    code, report, _ = audit(published)
    assert code == 1
    assert "1300" in report["findings"][0]["sentence"]["en"]
    assert "300" in report["findings"][0]["sentence"]["en"]


def test_a_final_count_that_no_confirmation_bears_out(published):
    counts = published.counts()
    counts["final"] = {"petition/1": {"mobile": 300}}
    (published.log / "counts.json").write_text(json.dumps(counts))
    code, report, _ = audit(published)
    assert code == 1
    assert "final signatures" in report["findings"][0]["sentence"]["en"]


def resign(published, change):
    """An operator with the log's key rebuilds the whole public log from changed entries."""
    keys = Keys.load(published.places.keys)
    entries = unbundle((published.log / "tile/entries/000").read_bytes()) + unbundle(
        (published.log / "tile/entries/001.p/53").read_bytes()
    )
    entries = change(entries)
    hashes = [leaf_hash(entry) for entry in entries]
    assert len(entries) == 309
    (published.log / "tile/entries/000").write_bytes(bundle(entries[:256]))
    (published.log / "tile/entries/001.p/53").write_bytes(bundle(entries[256:]))
    (published.log / "tile/0/000").write_bytes(b"".join(hashes[:256]))
    (published.log / "tile/0/001.p/53").write_bytes(b"".join(hashes[256:]))
    (published.log / "tile/1/000.p/1").write_bytes(root_from_leaves(hashes[:256]))
    note = sign_checkpoint(keys.log, Checkpoint(keys.log.verifier.name, 309, root_from_leaves(hashes)))
    (published.log / "checkpoint").write_text(note)


@pytest.mark.parametrize(("change", "says"), [
    (lambda e: [*e[:-1], e[10]], "counted twice"),
    (lambda e: [e[1], e[0], *e[2:]], "does not open the log"),
    (lambda e: [*e[:-1], e[0]], "opened a second time"),
    (lambda e: [*e[:-1], e[2]], "opened a second time"),
    (lambda e: [*e[:-1], e[-1].replace(b"petition/1", b"petition/9")], "never opened"),
    (lambda e: [*e[:-1], e[-1].replace(b'"hour":"20', b'"hour":"19')], "outside the window"),
    (lambda e: [*e[:-1], e[-1].replace(b'"hour":"2', b'"hour": "2')], "canonical"),
    (lambda e: [*e[:-1], b'{"kind":"petition.magic"}'], "known kind"),
])  # fmt: skip
def test_a_rebuilt_log_that_breaks_a_rule(published, change, says):
    resign(published, change)
    code, report, _ = audit(published)
    assert code == 1
    assert any(says in finding["sentence"]["en"] for finding in report["findings"]), report["findings"]


def test_a_signature_moved_between_petitions_shows_in_the_counts(published):
    def move(entries):
        assert decode_leaf(entries[-1])
        return [*entries[:-1], entries[-1].replace(b"petition/1", b"petition/4")]

    resign(published, move)
    code, report, _ = audit(published)
    assert code == 1
    assert any("petition/4" in finding["sentence"]["en"] for finding in report["findings"])


def test_a_portal_that_is_not_there_is_told_in_words(published):
    from dauys.demo.server import free_port
    from dauys.errors import Unreachable

    result = CliRunner().invoke(cli, ["audit", f"http://127.0.0.1:{free_port()}", "--key", published.vkey])
    assert isinstance(result.exception, Unreachable)


def test_a_log_of_another_key_is_unreadable(published):
    from dauys.translog.note import Signer

    other = Signer.generate("demo.example/2026").verifier.vkey
    result = CliRunner().invoke(cli, ["audit", str(published.log), "--key", other])
    assert result.exit_code != 0
    assert result.exception is not None


def changed(**values):
    """The submission of petition/1 with other values, in canonical form."""

    def change(entries):
        leaf = msgspec.structs.replace(decode_leaf(entries[1]), **values)
        return [entries[0], encode_leaf(leaf), *entries[2:]]

    return change


def instead_of_the_last(**facts):
    """One signature fewer, and a step that the rules forbid."""
    return lambda entries: [*entries[:-1], encode_leaf(facts.pop("leaf")(**facts))]


MOMENT = moment_text(datetime.now(UTC))
REMOVED = {"moment": MOMENT, "subject": "petition/1", "due": "2027-01-01", "explanation": "0" * 64, "officials": [1, 2]}


@pytest.mark.parametrize(("change", "says"), [
    (changed(due="2036-01-01"), "The term 2036-01-01"),
    (changed(rules="kz/1999-01-01"), "no rules of kz"),
    (changed(language="ru"), "not possible now"),
    (instead_of_the_last(leaf=Listed, moment=MOMENT, subject="petition/1", signatures=12), "not possible now"),
    (instead_of_the_last(leaf=Listed, moment=MOMENT, subject="petition/1", signatures=55), "names 55 signatures; the log holds 299"),
    (instead_of_the_last(leaf=Removed, reason="because", **REMOVED), "not possible now"),
    (instead_of_the_last(leaf=Decided, moment=MOMENT, subject="petition/1", answer="satisfied", commitment="A" * 43, officials=[1],
                         promises=[], text="0" * 64), "not possible now"),
])  # fmt: skip
def test_a_life_that_the_rules_forbid(published, change, says):
    resign(published, change)
    code, report, _ = audit(published)
    assert code == 1
    assert any(says in finding["sentence"]["en"] for finding in report["findings"]), report["findings"]


@pytest.mark.parametrize(("harm", "says"), [
    (lambda file: file.unlink(), "is missing"),
    (lambda file: file.write_text("another text"), "has been changed"),
])  # fmt: skip
def test_a_text_that_is_not_what_its_hash_says(published, harm, says):
    harm(published.log / "text" / TEXT)
    code, report, _ = audit(published)
    assert code == 1
    assert says in report["findings"][0]["sentence"]["en"]


def test_a_text_withheld_without_an_act_is_a_broken_rule(published):
    (published.log / "text" / TEXT).rename(published.log / "text" / f"{TEXT}.withheld")
    (published.log / "text" / f"{TEXT}.withheld").write_text("court-order\n")
    code, report, _ = audit(published)
    assert (code, report["texts_withheld"]) == (1, {TEXT: "court-order"})
    assert {finding["code"] for finding in report["findings"] if finding["kind"] == "broken"} == {
        "withheld-without-act"
    }


def test_whoever_is_late_is_told_in_working_days(published):
    code, report, _ = audit(published)
    assert code == 0
    assert report["petitions"] == {f"petition/{number}": "gathering" for number in range(1, 5)}
    (late,) = [finding for finding in report["findings"] if finding["subject"] == "petition/2"]
    assert (late["kind"], late["code"], late["facts"]["days"] > 100) == ("overdue", "closing-overdue", True)
    result = CliRunner().invoke(cli, ["audit", str(published.log)])
    assert re.search(r"OVERDUE The time of “.+” \(petition/2\) was over on", result.output)
    assert "4 looking for first supporters" in result.output


def test_texts_over_http_are_there_withheld_or_missing():
    answers = {
        "a": httpx.Response(200, content=b"text"),
        "b": httpx.Response(410, json={"code": "text-withheld", "facts": {"reason": "court-order"}}),
        "c": httpx.Response(404),
    }
    transport = httpx.MockTransport(lambda request: answers[request.url.path.rpartition("/")[2]])
    source = AddressSource("http://portal.example/", httpx.Client(transport=transport))
    assert [source.text(name) for name in "abc"] == [b"text", Withheld("court-order"), None]
