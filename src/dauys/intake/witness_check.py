"""Before a start: no witness may have cosigned more than this database holds, or something else.

The published checkpoint stands on the same disk as the database and can be restored with it; witnesses stand elsewhere.
"""

from __future__ import annotations

import os
from contextlib import closing

from dauys.errors import DauysError, ForkRefused, NoteInvalid, Refusal
from dauys.intake.witnesses import Asked, Witnesses
from dauys.ledger import sqlite
from dauys.ledger.cosigned import read_states
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.places import Places
from dauys.ledger.tail import LogTail
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import Keyring

CHOICES = ("go-on", "quorum")


def check_witnesses(places: Places, keys: Keys) -> list[str]:
    """Asks each witness for its latest; sentences about those that could not be asked. ForkRefused; Refusal.

    DAUYS_WITNESS_START says whether a start needs the quorum's answers (`quorum`) or goes on without (`go-on`, the default).
    """
    needed = os.environ.get("DAUYS_WITNESS_START", "go-on")
    if needed not in CHOICES:
        raise Refusal(why=f"DAUYS_WITNESS_START is {needed}, neither of {' and '.join(CHOICES)}")
    answered, said = set[str](), list[str]()
    with closing(Witnesses.of(places)) as witnesses, closing(sqlite.connect(places.database)) as connection:
        found = witnesses.latest(keys.log.verifier.name)
        with sqlite.snapshot(connection):
            read_states(connection)  # the publisher will write there
            log = LogTail(connection)
            log.refresh()
            keyring = read_keyring(connection)
            for asked, answer in found:
                if (problem := _problem(asked, answer, keyring, log)) is None:
                    answered |= {witness.name for witness in asked.witnesses}
                else:
                    said.append(
                        f"The witness at {asked.client.url} cannot tell whether this database is the newest: {problem}"
                    )
    if needed == "quorum" and not witnesses.policy.is_met(answered):
        raise Refusal(
            why=f"too few witnesses answered, and DAUYS_WITNESS_START asks for their quorum. {' '.join(said)}"
        )
    return said


def _problem(asked: Asked, answer: str | DauysError | None, keyring: Keyring, log: LogTail) -> str | None:
    """Why an answer tells nothing, or None where it agrees with the database; ForkRefused where it does not.

    Only what the log itself signed can stop a start: a witness alone cannot.
    """
    if answer is None:
        return None
    if isinstance(answer, DauysError):
        return str(answer)
    try:
        seen = keyring.open(answer, keyring.present[0].name)
    except NoteInvalid as error:
        return str(error)
    _compare(asked, seen, log)
    return None


def _compare(asked: Asked, seen: Checkpoint, log: LogTail) -> None:
    where = f"the witness at {asked.client.url}"
    if seen.size > log.tree.size:
        raise ForkRefused(what=f"{where} holds {seen.size} entries, here are {log.tree.size}")
    if log.tree.root_at(seen.size) != seen.root:
        raise ForkRefused(what=f"{where} holds another root at size {seen.size}")
