"""Whose word stands beside the log's own, as pages show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings

from dauys.desk.transactions import reading_connection
from dauys.ledger.cosigned import read_policy, witnessed
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.places import Places
from dauys.translog.policy import Policy
from dauys.translog.signature_types import COSIGNATURE_V1, ED25519


class Watcher(NamedTuple):
    """A witness, whatever number of keys it has; the time of its latest cosignature, or None."""

    name: str
    time: datetime | None


def policy() -> Policy:
    """The installation's own; without a file, nobody watches."""
    return read_policy(Places(settings.DAUYS_VAR))


def watchers(note: str, believed: Policy) -> list[Watcher]:
    """Every witness of the policy, and when it cosigned this checkpoint."""
    times = witnessed(note, believed).times if note else {}
    found = dict[str, int]()
    for name, witness in believed.witnesses.items():
        found[witness.verifier.name] = max(found.get(witness.verifier.name, 0), times.get(name, 0))
    return [Watcher(name, datetime.fromtimestamp(time, UTC) if time else None) for name, time in found.items()]


def cosigners(note: str) -> list[Watcher]:
    """Those who cosigned."""
    return [watcher for watcher in watchers(note, policy()) if watcher.time]


def browser_keys() -> list[str]:
    """Keys of the log, of all times, and of its witnesses that a browser can check without a library: Ed25519.

    Behind a key that the log gave up stands the size of the largest tree that it signs.
    """
    dated = [key for key in read_keyring(reading_connection()).keys if key.verifier.type is ED25519]
    witnesses = [key.vkey for key in policy().witness_keys if key.type is COSIGNATURE_V1]
    return [key.verifier.vkey if key.upto is None else f"{key.verifier.vkey} {key.upto}" for key in dated] + witnesses
