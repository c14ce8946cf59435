"""An operator who changes anything of what is public is found out, and the report says where."""

import json

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash, root_from_leaves
from dauys.translog.tiles import bundle, unbundle


def audit(published):
    result = CliRunner().invoke(cli, ["audit", str(published.places.public), "--key", published.vkey, "--json"])
    return result.exit_code, json.loads(result.stdout), result


def test_an_honest_log_is_sound(published):
    code, report, _ = audit(published)
    assert (code, report["findings"]) == (0, [])
    assert report["counts"] == {"petition/1": 300}
    assert report["entries_by_kind"] == {"log.opened": 1, "petition.opened": 4, "petition.signature": 300}


def test_the_report_for_people(published):
    result = CliRunner().invoke(cli, ["audit", str(published.log)])
    assert result.exit_code == 0
    assert "SOUND" in result.output
    assert "300 petition/1" in result.output


@pytest.mark.parametrize(
    "path", ["tile/entries/000", "tile/0/000", "tile/1/000.p/1", "tile/0/001.p/49", "tile/entries/001.p/49"]
)
def test_one_changed_byte_of_any_file(published, path):
    file = published.log / path
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    code, report, _ = audit(published)
    assert code == 1
    assert any("001" in finding["sentence"] or "000" in finding["sentence"] for finding in report["findings"])


def test_a_count_that_the_log_does_not_bear_out(published):
    counts = published.counts()
    counts["subjects"]["petition/1"]["mobile"] += 1000
    (published.log / "counts.json").write_text(json.dumps(counts))
    code, report, _ = audit(published)
    assert code == 1
    assert "1300" in report["findings"][0]["sentence"]
    assert "300" in report["findings"][0]["sentence"]


def test_a_final_count_that_no_confirmation_bears_out(published):
    counts = published.counts()
    counts["final"] = {"petition/1": {"mobile": 300}}
    (published.log / "counts.json").write_text(json.dumps(counts))
    code, report, _ = audit(published)
    assert code == 1
    assert "final signatures" in report["findings"][0]["sentence"]


def resign(published, change):
    """An operator with the log's key rebuilds the whole public log from changed entries."""
    keys = Keys.load(published.places.keys)
    entries = unbundle((published.log / "tile/entries/000").read_bytes()) + unbundle(
        (published.log / "tile/entries/001.p/49").read_bytes()
    )
    entries = change(entries)
    hashes = [leaf_hash(entry) for entry in entries]
    assert len(entries) == 305
    (published.log / "tile/entries/000").write_bytes(bundle(entries[:256]))
    (published.log / "tile/entries/001.p/49").write_bytes(bundle(entries[256:]))
    (published.log / "tile/0/000").write_bytes(b"".join(hashes[:256]))
    (published.log / "tile/0/001.p/49").write_bytes(b"".join(hashes[256:]))
    (published.log / "tile/1/000.p/1").write_bytes(root_from_leaves(hashes[:256]))
    note = sign_checkpoint(keys.log, Checkpoint(keys.log.verifier.name, 305, root_from_leaves(hashes)))
    (published.log / "checkpoint").write_text(note)


@pytest.mark.parametrize(("change", "says"), [
    (lambda e: [*e[:-1], e[10]], "counted twice"),
    (lambda e: [e[1], e[0], *e[2:]], "does not open the log"),
    (lambda e: [*e[:-1], e[0]], "opened a second time"),
    (lambda e: [*e[:-1], e[1]], "opened a second time"),
    (lambda e: [*e[:-1], e[-1].replace(b"petition/1", b"petition/9")], "never opened"),
    (lambda e: [*e[:-1], e[-1].replace(b'"hour":"20', b'"hour":"19')], "outside the window"),
    (lambda e: [*e[:-1], e[-1].replace(b'"hour":"2', b'"hour": "2')], "canonical"),
    (lambda e: [*e[:-1], b'{"kind":"petition.magic"}'], "known kind"),
])  # fmt: skip
def test_a_rebuilt_log_that_breaks_a_rule(published, change, says):
    resign(published, change)
    code, report, _ = audit(published)
    assert code == 1
    assert any(says in finding["sentence"] for finding in report["findings"]), report["findings"]


def test_a_signature_moved_between_petitions_shows_in_the_counts(published):
    def move(entries):
        assert decode_leaf(entries[-1])
        return [*entries[:-1], entries[-1].replace(b"petition/1", b"petition/4")]

    resign(published, move)
    code, report, _ = audit(published)
    assert code == 1
    assert any("petition/4" in finding["sentence"] for finding in report["findings"])


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
