"""The log's keys change, and everybody who knew a key of any time can go on."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.errors import AddressesInvalid, DatabaseRefused, LogServed, Refusal
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring, signers_beside
from dauys.ledger.opening import check_start
from dauys.ledger.publication import Publisher
from dauys.ledger.published_files import KEY_FILE
from dauys.ledger.receipts import best_receipt, receipts_of
from dauys.ledger.roles import Role
from dauys.ledger.sequencer import Sequencer
from dauys.ledger.true_addresses import read_addresses
from dauys.translog.checkpoint import open_checkpoint, sign_checkpoint


def run(*arguments):
    return CliRunner().invoke(cli, list(map(str, arguments)))


def publish(published):
    keys = Keys.load(published.places.keys)
    with closing(sqlite.connect(published.places.database)) as connection:
        beside = signers_beside(connection, keys)
    with closing(Publisher(published.places, keys.log, None, beside)) as publisher:
        return publisher.publish()


@pytest.fixture
def rotated(published):
    """The installation after a change of keys; `before` are the keys of before."""
    published.before = Keys.load(published.places.keys)
    done = run("log", "rotate")
    assert done.exit_code == 0, done.output
    assert f"Copy {published.places.keys} to its safe place again" in done.output
    published.after = Keys.load(published.places.keys)
    published.size = publish(published)
    return published


def test_new_keys_sign_from_the_change_on(rotated):
    before, after = rotated.before.log_verifiers, rotated.after.log_verifiers
    assert not set(before) & set(after)
    check_start(rotated.places, rotated.after, "demo")
    note = (rotated.log / "checkpoint").read_text()
    for key in after:
        assert open_checkpoint(note, [key]).size == rotated.size
    with closing(sqlite.connect(rotated.places.database)) as connection:
        ring = read_keyring(connection)
        assert (ring.at(rotated.size - 1), ring.at(rotated.size)) == (before, after)
        assert run("log", "keys").output.count("trees of more than") == 4
        with pytest.raises(Refusal, match="changed while this process ran"):
            receipts_of(connection, rotated.before.log, [0])
        best_receipt(connection, rotated.after.log, 0)


def test_an_old_process_signs_and_admits_nothing_more(rotated):
    gone = pytest.raises(Refusal, match="changed while this process ran")
    with closing(Sequencer(rotated.places.database, rotated.before.log)) as sequencer, gone:
        sequencer.commit([])
    with closing(Publisher(rotated.places, rotated.before.log)) as publisher, gone:
        publisher.publish()


@pytest.mark.parametrize("which", ["before", "after"])
def test_receipts_and_audit_hold_by_a_key_of_any_time(rotated, tmp_path, monkeypatch, which):
    """For someone elsewhere, who knows one key only, and reads what is published."""
    old, new = tmp_path / "old.tlog-proof", tmp_path / "new.tlog-proof"
    old.write_text(rotated.receipt)
    with closing(sqlite.connect(rotated.places.database)) as connection:
        new.write_text(best_receipt(connection, rotated.after.log, 3))
    assert run("receipt", "verify", old).exit_code == 0
    assert run("receipt", "verify", new).exit_code == 0
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    key = getattr(rotated, which).log.verifier.vkey
    assert run("receipt", "verify", {"before": old, "after": new}[which], "--key", key).exit_code == 0
    assert run("receipt", "verify", {"before": new, "after": old}[which], "--key", key).exit_code == 1
    for file in (old, new):
        assert run("receipt", "refresh", file, "--key", key, "--log", rotated.log).exit_code == 0
    report = run("audit", rotated.log, "--key", key, "--json")
    assert report.exit_code == 0, report.output
    assert json.loads(report.output)["entries_by_kind"]["log.keys"] == 1


def test_a_renewed_receipt_says_by_which_keys_it_holds(rotated, tmp_path, monkeypatch):
    file, before, after = tmp_path / "mine.tlog-proof", rotated.before.log.verifier, rotated.after.log.verifier
    file.write_text(rotated.receipt)
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "nowhere"))
    renewed = run("receipt", "refresh", file, "--key", before.vkey, "--log", rotated.log)
    assert (
        f"signed by newer keys now: the log changed them, and the key that you gave leads to {after.vkey}\n"
        in renewed.output
    )
    assert f"{rotated.log}/keys.json" in renewed.output
    refused = run("receipt", "verify", file, "--key", before.vkey)
    assert refused.exit_code == 1
    assert refused.output.startswith(f"NOT VERIFIED: This receipt names the key {after.name}+{after.key_id.hex()}")
    assert "--key keys.json" in refused.output
    told = json.loads(run("receipt", "verify", file, "--key", before.vkey, "--json").output)
    assert (told["valid"], told["code"]) == (False, "receipt-key-unknown")
    assert run("receipt", "verify", file, "--key", rotated.log / "keys.json").output.startswith("VALID")
    again = run("receipt", "refresh", file, "--key", rotated.log / "keys.json", "--log", rotated.log)
    assert (again.exit_code, "newer keys" in again.output) == (0, False)


def test_a_stolen_old_key_convinces_nobody(rotated, tmp_path):
    """It signs the same tree, as a thief would who forks from here."""
    checkpoint = open_checkpoint((rotated.log / "checkpoint").read_text(), rotated.after.log_verifiers)
    (rotated.log / "checkpoint").write_text(sign_checkpoint(rotated.before.log, checkpoint))
    report = run("audit", rotated.log, "--json")
    assert report.exit_code == 1
    assert "retired-key" in report.output
    forged = tmp_path / "forged.tlog-proof"
    forged.write_text(rotated.receipt.partition("\n\n")[0] + "\n\n" + sign_checkpoint(rotated.before.log, checkpoint))
    refused = run("receipt", "verify", forged)
    assert refused.exit_code == 1
    assert f"signs no tree of {rotated.size} entries, as the log changed its keys" in refused.output
    assert refused.output.startswith("NOT VALID")


def test_a_change_that_the_old_keys_did_not_sign_is_found(rotated):
    published = rotated.log / "keys.json"
    document = json.loads(published.read_text())
    document["changes"][0] = document["changes"][0].replace("until ", "from ", 1)
    published.write_text(json.dumps(document))
    assert run("audit", rotated.log, "--key", rotated.before.log.verifier.vkey).exception is not None


def test_keys_can_change_again_and_the_key_file_names_all(rotated):
    assert run("log", "rotate").exit_code == 0
    publish(rotated)
    lines = (rotated.places.public / KEY_FILE).read_text().split()
    now = Keys.load(rotated.places.keys)
    assert lines[:2] == [key.vkey for key in now.log_verifiers]
    assert len(lines) == 6
    assert run("audit", rotated.log).exit_code == 0
    check_start(rotated.places, now, "demo")


def test_the_list_of_true_addresses_is_signed_again(published):
    assert run("domains", "sign", "--site", "https://dauys.example").exit_code == 0
    old = Keys.load(published.places.keys).log.verifier
    assert run("log", "rotate").exit_code == 0
    new = Keys.load(published.places.keys).log.verifier
    again = read_addresses(published.places, [new])
    assert (again.serial, again.listed) == (2, (("site", "https://dauys.example"),))
    with pytest.raises(AddressesInvalid):
        read_addresses(published.places, [old])
    assert run("domains", "sign", "--gone", "https://old.example", "--keep").exit_code == 0


def test_prepared_keys_are_the_ones_that_come(published):
    told = run("log", "rotate", "--prepare").output
    assert run("log", "rotate", "--prepare").output == told
    check_start(published.places, Keys.load(published.places.keys), "demo")
    assert run("log", "rotate").exit_code == 0
    for key in Keys.load(published.places.keys).log_verifiers:
        assert key.vkey in told
    assert not list(published.places.keys.glob("*.next"))


@pytest.mark.parametrize("place", ["before any file", "between the files"])
def test_a_change_that_was_broken_off_is_brought_to_its_end(published, monkeypatch, place):
    class Killed(BaseException):
        pass

    def die(directory):
        if place == "between the files":
            (directory / "log-ml.key.next").replace(directory / "log-ml.key")
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(Keys, "adopt_next", staticmethod(die))
        with pytest.raises(Killed):
            run("log", "rotate")
    with pytest.raises(DatabaseRefused, match="script/dauys log rotate"):
        check_start(published.places, Keys.load(published.places.keys), "demo")
    assert run("log", "rotate").exit_code == 0
    now = Keys.load(published.places.keys)
    check_start(published.places, now, "demo")
    with closing(sqlite.connect(published.places.database)) as connection:
        assert read_keyring(connection).present == now.log_verifiers
        assert connection.execute("SELECT count(*) FROM ledger_key_change").fetchone() == (1,)


def test_it_is_refused_while_the_log_is_served_or_a_key_is_lost(published):
    role = Role(published.places.var / "publisher.lock")
    assert role.take()
    served = run("log", "rotate").exception
    assert isinstance(served, LogServed)
    for language, words in (
        ("en", "The keys were not changed: the log"),
        ("ru", "Ключи не сменились"),
        ("kk", "Кілттер ауысқан жоқ"),
    ):
        assert served.explain(language).startswith(words)
    role.close()
    (published.places.keys / "log-ml.key").unlink()
    missing = str(run("log", "rotate").exception)
    assert missing.startswith("The keys were not changed: the private key of")
    assert open_checkpoint((published.log / "checkpoint").read_text(), Keys.load(published.places.keys).log_verifiers)
