"""Brings an installation's database to the newest public checkpoint: entries, the ledger's rows, petitions' rows."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dauys.audit.source import Withheld
from dauys.cli.backup import say
from dauys.cli.portal_setup import setup_portal
from dauys.cli.sources import Source, open_source
from dauys.errors import DauysError, ForkRefused, Unreachable
from dauys.ledger import sqlite
from dauys.ledger.durable import write_durably
from dauys.ledger.erasing_again import Again, await_erasures, erase_again
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.places import Places
from dauys.ledger.refill import record, refill
from dauys.ledger.refold import Lost, Refold
from dauys.petitions.terms import terms_of
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import DatedKey, Keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dauys.ledger.leaves import AnyLeaf
    from dauys.petitions.refold import PetitionRows


@dataclass
class Refilled:
    """What came back, and what is gone for good."""

    entries: range = range(0)
    lost: Lost = field(default_factory=Lost)
    petitions: list[str] = field(default_factory=list)
    erased: Again = Again([], [])  # noqa: RUF009 - a constant


@dataclass(frozen=True)
class Seen:
    """A public checkpoint, and where it was seen."""

    checkpoint: Checkpoint
    note: bytes
    where: str
    source: Source | None = None  # a witness has no entries


def refill_installation(
    places: Places, keys: Keys, sources: Sequence[str], now: datetime, lists: Sequence[Path] = ()
) -> Refilled:
    """Everything in one transaction; nothing where no source is ahead. RefillImpossible, ForkRefused, Unreachable.

    Then what was erased meanwhile is erased again, by `lists` of erasures in these folders.
    """
    refilled = _refill_entries(places, keys, sources, now)
    return replace(refilled, erased=erase_again(places, keys, lists))


def _refill_entries(places: Places, keys: Keys, sources: Sequence[str], now: datetime) -> Refilled:
    with closing(
        sqlite.connect(places.database)
    ) as connection:  # a key that was changed since the backup is among the keys
        ring = read_keyring(connection)
    known = Keyring((*ring.keys, *(DatedKey(key) for key in keys.log_verifiers if key not in ring.verifiers)))
    with ExitStack() as stack:
        opened = [stack.enter_context(open_source(place)) for place in (*sources, str(places.log))]
        name = keys.log.name
        seen = [*_look(opened, known, name, own=str(places.log)), *_ask_witnesses(places, known, name)]
        if not seen:
            return Refilled()
        newest = max(seen, key=lambda each: each.checkpoint.size)
        _require_one_history(seen)
        write_durably(places.log / "checkpoint", newest.note)  # so that a start refuses, whatever happens from here on
        return _refill(places, newest.checkpoint, _fullest(seen), now)


def _look(sources: Sequence[Source], known: Keyring, name: str, own: str) -> list[Seen]:
    """The checkpoint of each; one that was named must answer, our own folder may be empty."""
    seen = []
    for source in sources:
        try:
            note = source.read("checkpoint")
        except DauysError:
            if source.name != own:
                raise
            continue
        checkpoint = known.open(note.decode(errors="replace"), name)
        say(f"{checkpoint.size} entries are public at {source.name}")
        seen.append(Seen(checkpoint, note, source.name, source))
    return seen


def _ask_witnesses(places: Places, known: Keyring, name: str) -> list[Seen]:
    """What witnesses of the restored policy cosigned last; they lie elsewhere, and may know more than any mirror."""
    from dauys.intake.witnesses import Witnesses

    seen = []
    with closing(Witnesses.of(places)) as witnesses:
        for asked, answer in witnesses.latest(name):
            where = f"the witness at {asked.client.url}"
            try:
                if isinstance(answer, DauysError):
                    raise answer
                if answer is not None:
                    checkpoint = known.open(answer, name)
                    say(f"{checkpoint.size} entries were cosigned by {where}")
                    seen.append(Seen(checkpoint, answer.encode(), where))
            except DauysError as error:
                say(f"{where} cannot tell: {error}")
    return seen


def _fullest(seen: Sequence[Seen]) -> Source:
    """Where most entries are; the first of several."""
    sources = [each for each in seen if each.source is not None]
    if not sources:
        raise Unreachable(address="the published log", why="only witnesses answered, and they hold no entries")
    best = max(sources, key=lambda each: each.checkpoint.size).source
    assert best is not None
    return best


def _require_one_history(seen: Sequence[Seen]) -> None:
    roots: dict[int, Seen] = {}
    for each in seen:
        other = roots.setdefault(each.checkpoint.size, each)
        if other.checkpoint.root != each.checkpoint.root:
            raise ForkRefused(what=f"{other.where} and {each.where} differ at size {each.checkpoint.size}")


def _refill(places: Places, checkpoint: Checkpoint, source: Source, now: datetime) -> Refilled:
    setup_portal(places)
    from dauys.desk.transactions import office_transaction
    from dauys.petitions.refold import PetitionRows

    with office_transaction() as connection:
        rows = PetitionRows(_reader(source))
        ledger = Refold(connection, lambda rules: terms_of(rules).pack.signing.citizens_only)
        entries = refill(connection, checkpoint, source.read, _both(ledger, rows), _progress)
        if entries:
            rows.keep_numbers()
            await_erasures(places, ledger.lost.erasures)
            record(connection, entries, now)
    return Refilled(entries, ledger.lost, rows.gone)


def _both(ledger: Refold, rows: PetitionRows) -> Callable[[int, AnyLeaf], None]:
    def take(index: int, leaf: AnyLeaf) -> None:
        ledger.take(index, leaf)
        rows.take(index, leaf)

    return take


def _reader(source: Source) -> Callable[[str], bytes | None]:
    def read(sha256: str) -> bytes | None:
        content = source.text(sha256)
        return None if isinstance(content, Withheld) else content

    return read


def _progress(done: int, size: int) -> None:
    say(f"{done} of {size} missing entries are back")


def tell_gone(refilled: Refilled) -> None:
    """What came back, and, for whoever must answer for it, what did not."""
    if not refilled.entries:
        click.echo("Nothing newer was public: the log is as the backup has it.")
        return
    first, last = refilled.entries.start, refilled.entries.stop - 1
    click.echo(
        f"Entries {first} to {last} came back from the public log: the tree, every count, and every person's one place."
    )
    click.echo("Gone for good, and said so in the log:")
    for what, which in (
        ("evidence of acts (their receipts still hold)", ranges(refilled.lost.evidence)),
        ("whose hidden withdrawals these are; they count, and cannot be opened", ranges(refilled.lost.withdrawals)),
        ("keys of what was opened meanwhile; nobody can sign it", ", ".join(refilled.lost.subjects)),
        ("erasures done again here, by their lists", ranges(refilled.erased.done)),
        ("erasures that await you: the backup holds again what they erased", ranges(refilled.erased.awaited)),
        ("auditors to be named again, so that keys are shared with them", ranges(refilled.lost.auditors)),
        ("author and text of what was handed in meanwhile; ask them again", ", ".join(refilled.petitions)),
    ):
        click.echo(f"  {what}: {which or 'none'}")
    click.echo("  drafts, letters, followers, officials and attachments since the backup")


def ranges(indices: Sequence[int]) -> str:
    """1, 2, 3, 7 as `1–3, 7`."""
    parts: list[list[int]] = []
    for index in sorted(indices):
        if parts and index == parts[-1][-1] + 1:
            parts[-1][1:] = [index]
        else:
            parts.append([index])
    return ", ".join("–".join(map(str, part)) for part in parts)
