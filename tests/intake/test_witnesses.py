"""The log and its witnesses: asked before each publication, gone on without, attached later; a start that they forbid."""

import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from dauys.errors import DatabaseRefused, ForkRefused, PolicyMalformed, Refusal
from dauys.intake.witness_check import check_witnesses
from dauys.intake.witnesses import FRESH_SECONDS, Witnesses
from dauys.ledger import sqlite
from dauys.ledger.cosigned import read_policy, witnessed
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import open_note, split_note
from dauys.translog.policy import Policy
from made_witness import MadeWitness, answering
from witnessed_log import Log


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "var")


@pytest.fixture
def two(tmp_path, log):
    """Two witnesses that run; the log believes both."""
    a, b = (MadeWitness(tmp_path / name, f"{name}.example", log.key) for name in "ab")
    with a.serving(), b.serving():
        log.believe(a.lines(), b.lines(), "group each all a.example-ed25519 b.example-ml-dsa\n", quorum="each")
        yield a, b


BOTH = {"a.example-ed25519", "a.example-ml-dsa", "b.example-ed25519", "b.example-ml-dsa"}


def test_a_published_checkpoint_bears_its_witnesses_lines(log, two):
    with log.publisher() as publisher:
        for count in (1, 300, 2):
            log.grow(count)
            size = publisher.publish()
            assert log.names() == BOTH
            assert witnessed(log.checkpoint, read_policy(log.places)).is_enough
            assert open_checkpoint(log.checkpoint, [log.key]).size == size
            assert all(state.size == size and not state.problem for state in log.states().values())
        assert sqlite.read_tail(publisher.connection).published_checkpoint == log.checkpoint
    published = Policy.parse((log.places.log / "policy").read_bytes())
    assert published.log_keys == [log.key]
    assert set(published.cosignatures(log.checkpoint)) == BOTH
    for made in two:
        assert open_checkpoint(made.folder.latest("demo.example/2026"), [log.key]).size == 304


@pytest.mark.usefixtures("two")
def test_a_publisher_that_begins_anew_learns_what_witnesses_hold(log):
    """By the size in a conflict."""
    for count in (10, 20):
        log.grow(count)
        with log.publisher() as publisher:
            publisher.publish()
        assert log.names() == BOTH


def test_without_a_policy_the_log_signs_alone(log):
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
        assert not publisher.renew()
    assert [line.name for line in split_note(log.checkpoint)[1]] == ["demo.example/2026"]
    assert witnessed(log.checkpoint, read_policy(log.places)) == ({}, False)


def test_a_witness_that_is_away_holds_nothing_up_and_is_attached_later(log, tmp_path):
    away = MadeWitness(tmp_path / "a", "a.example", log.key)
    log.believe(away.lines("http://127.0.0.1:1"))
    log.grow(5)
    with log.publisher() as publisher:
        began = time.monotonic()
        publisher.publish()
        assert time.monotonic() - began < 1
        assert log.names() == set()
        assert all("127.0.0.1:1" in state.problem for state in log.states().values())
        assert not publisher.renew()  # not at once: after a pause
    with away.serving():
        log.believe(away.lines())
        with log.publisher() as publisher:
            assert publisher.renew()
            assert log.names() == {"a.example-ed25519", "a.example-ml-dsa"}
            assert sqlite.read_tail(publisher.connection).published_checkpoint == log.checkpoint
            assert not publisher.renew()


def test_a_witness_that_sleeps_is_waited_for_only_so_long(log):
    def sleep(_method, _path, _body):
        time.sleep(1.5)
        return 200, b""

    with answering(sleep) as url, MadeWitnessKeys() as keys:
        log.believe(f"witness slow {keys.vkey} {url}\n")
        log.grow(5)
        with log.publisher(0.2) as publisher:
            began = time.monotonic()
            publisher.publish()
            assert time.monotonic() - began < 1
        assert log.states()["slow"].problem


class MadeWitnessKeys:
    """A witness's key without the witness."""

    def __enter__(self):
        from dauys.translog.note import Signer
        from dauys.translog.signature_types import COSIGNATURE_V1

        self.signer = Signer.generate("w.example", COSIGNATURE_V1)
        self.vkey = self.signer.verifier.vkey
        return self

    def __exit__(self, *_error):
        pass


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""), (200, b"\xff\xff"), (200, b"nonsense\n"), (200, b"x" * 300_000), (200, "— w.example AAAA\n".encode()),
        (200, "— stranger.example AAAAAAAAAAAAAAAA\n".encode()), (409, b"nonsense"), (409, b"7\n"), (409, b"2\n"), (422, b"no"),
        (500, b"\xff"), (301, b""), (403, b""),
    ],
)  # fmt: skip
def test_whatever_a_witness_answers_the_log_is_published(log, answer):
    with answering(lambda *_request: answer) as url, MadeWitnessKeys() as keys:
        log.believe(f"witness odd {keys.vkey} {url}\n")
        log.grow(5)
        with log.publisher() as publisher:
            assert publisher.publish() == 6
        assert log.names() == set()
        assert log.states()["odd"].problem
        assert open_note(log.checkpoint, [log.key]).signed_by == ["demo.example/2026"]


def test_lines_that_do_not_verify_are_not_attached(log):
    """Neither one over another tree nor one of a key that the policy does not know."""
    with MadeWitnessKeys() as keys, MadeWitnessKeys() as stranger:

        def other_tree(_method, _path, body):
            text = split_note(body.decode().partition("\n\n")[2])[0]
            bent = text.replace("\n6\n", "\n7\n")
            return 200, (keys.signer.line(bent, 1) + stranger.signer.line(text, 1)).encode()

        with answering(other_tree) as url:
            log.believe(f"witness odd {keys.vkey} {url}\n")
            log.grow(5)
            with log.publisher() as publisher:
                publisher.publish()
    assert [line.name for line in split_note(log.checkpoint)[1]] == ["demo.example/2026"]


@pytest.mark.usefixtures("two")
def test_an_old_cosignature_is_renewed(log, monkeypatch):
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
        before = witnessed(log.checkpoint, read_policy(log.places)).times
        assert not publisher.renew()
        later = time.time() + FRESH_SECONDS + 1
        monkeypatch.setattr("dauys.ledger.publication.time.time", lambda: later)
        monkeypatch.setattr("dauys.witness.watch.time.time", lambda: later)
        assert publisher.renew()
    after = witnessed(log.checkpoint, read_policy(log.places)).times
    assert all(after[name] > before[name] for name in BOTH)
    assert len(split_note(log.checkpoint)[1]) == 5


@pytest.mark.usefixtures("two")
def test_an_entry_between_publication_and_renewal(log):
    """The published checkpoint is renewed at its own size, not at the database's."""
    log.grow(5)
    with closing(Publisher(log.places, log.keys.log)) as alone:
        alone.publish()
    log.grow(7)
    with log.publisher() as publisher:
        assert publisher.renew()
        assert open_checkpoint(log.checkpoint, [log.key]).size == 6
        assert log.names() == BOTH
        assert publisher.publish() == 13
        assert log.names() == BOTH


def test_the_doctor_tells_how_witnesses_are(log, tmp_path):
    from dauys.cli.doctor import witness_facts

    assert "none: the log alone signs" in witness_facts(log.places)[0][1]
    made = MadeWitness(tmp_path / "a", "a.example", log.key)
    log.believe(made.lines("http://127.0.0.1:1"), quorum="a.example-ml-dsa")
    assert "not asked yet" in witness_facts(log.places)[1][1]
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
    [(_, enough), (_, first), _] = witness_facts(log.places)
    assert "0 of 2" in enough
    assert "NOT the quorum" in enough
    assert "never cosigned; since then:" in first
    with made.serving():
        log.believe(made.lines(), quorum="a.example-ml-dsa")
        with log.publisher() as publisher:
            publisher.renew()
    [(_, enough), (_, first), _] = witness_facts(log.places)
    assert enough == "2 of 2 on the published checkpoint, the quorum"
    assert first.startswith("a.example-ed25519: 6 entries, cosigned 20")


def test_killed_after_the_witnesses_answered_it_goes_on(log, two):
    """They are ahead of what is public then, never of the database."""
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
    log.grow(5)
    with log.publisher() as publisher, pytest.MonkeyPatch.context() as broken:
        broken.setattr("dauys.ledger.publication.faults.reach", die_at("after-witnesses"))
        with pytest.raises(KeyboardInterrupt):
            publisher.publish()
    assert open_checkpoint(log.checkpoint, [log.key]).size == 6
    assert {open_checkpoint(made.folder.latest("demo.example/2026"), [log.key]).size for made in two} == {11}
    assert check_witnesses(log.places, log.keys) == []
    with log.publisher() as publisher:
        assert publisher.publish() == 11
    assert log.names() == BOTH


def die_at(point):
    def reach(reached):
        if reached == point:
            raise KeyboardInterrupt

    return reach


# ---- Before a start ----


def test_tables_of_an_older_version_are_told(log):
    with closing(sqlite3.connect(log.places.database)) as connection:
        connection.execute("DROP TABLE ledger_witness")
    with pytest.raises(DatabaseRefused, match="ledger_witness"):
        check_witnesses(log.places, log.keys)


@pytest.mark.usefixtures("two")
def test_a_database_behind_a_witness_does_not_start(log):
    log.grow(5)
    shutil.copytree(log.places.var, log.places.var.with_name("backup"))
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
    assert check_witnesses(log.places, log.keys) == []
    restored = Places(
        log.places.var.with_name("backup")
    )  # the published files are as old as the database: only witnesses know
    with pytest.raises(ForkRefused, match="holds 11 entries, here are 6"):
        check_witnesses(restored, log.keys)
    other = Log.__new__(Log)
    other.places, other.keys = restored, log.keys
    other.grow(20, b"other")
    with pytest.raises(ForkRefused, match="another root at size 11"):
        check_witnesses(restored, log.keys)


def test_a_restored_database_that_publishes_is_refused_by_its_witnesses(log, two):
    """If the start were forced: the checkpoint stays the log's own word, and both witnesses have the proof."""
    log.grow(5)
    shutil.copytree(log.places.var, log.places.var.with_name("backup"))
    log.grow(5)
    with log.publisher() as publisher:
        publisher.publish()
    log.places = Places(log.places.var.with_name("backup"))
    log.grow(20, b"other")
    with log.publisher() as publisher:
        publisher.publish()
    assert log.names() == set()
    assert all("not-consistent" in state.problem for state in log.states().values())
    for made in two:
        assert len(made.folder.evidence("demo.example/2026")) == 1


def test_witnesses_that_know_nothing_or_are_away_are_told_and_gone_on_without(log, tmp_path, monkeypatch):
    log.grow(3)
    assert check_witnesses(log.places, log.keys) == []
    away = MadeWitness(tmp_path / "a", "a.example", log.key)
    log.believe(away.lines("http://127.0.0.1:1"), quorum="a.example-ml-dsa")
    [said] = check_witnesses(log.places, log.keys)
    assert "127.0.0.1:1" in said
    monkeypatch.setenv("DAUYS_WITNESS_START", "quorum")
    with pytest.raises(Refusal, match="too few witnesses"):
        check_witnesses(log.places, log.keys)
    with away.serving():
        log.believe(away.lines(), quorum="a.example-ml-dsa")
        assert check_witnesses(log.places, log.keys) == []
    monkeypatch.setenv("DAUYS_WITNESS_START", "sometimes")
    with pytest.raises(Refusal, match="sometimes"):
        check_witnesses(log.places, log.keys)


def test_only_what_the_log_signed_can_stop_a_start(log, tmp_path):
    """A witness that lies cannot take the log down."""
    other = Keys.create(tmp_path / "other", "demo.example/2026")
    forged = sign_checkpoint(other.log, Checkpoint("demo.example/2026", 99, bytes(32)))
    for answer in ((200, forged.encode()), (200, b"\xff"), (500, b"")):
        with answering(lambda *_request, answer=answer: answer) as url, MadeWitnessKeys() as keys:
            log.believe(f"witness liar {keys.vkey} {url}\n")
            [said] = check_witnesses(log.places, log.keys)
            assert "cannot tell" in said


def test_a_broken_policy_is_told_before_anything_runs(log, monkeypatch):
    log.places.witnesses.write_text("nonsense\n")
    with pytest.raises(PolicyMalformed):
        check_witnesses(log.places, log.keys)
    log.believe()
    for written in ("0", "x", "-1", "600"):
        monkeypatch.setenv("DAUYS_WITNESS_SECONDS", written)
        with pytest.raises(Refusal, match="DAUYS_WITNESS_SECONDS"):
            Witnesses.of(log.places)
