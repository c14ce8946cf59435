"""Where an installation keeps its things: the database, the keys, what it publishes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The `var` folder of one installation."""

    var: Path

    @classmethod
    def default(cls) -> Places:
        """DAUYS_VAR, or `var` in the current folder."""
        return cls(Path(os.environ.get("DAUYS_VAR", "var")).absolute())

    @property
    def database(self) -> Path:
        """The one SQLite file of ledger and portal."""
        return self.var / "dauys.sqlite3"

    @property
    def vault(self) -> Path:
        """Segment files of sealed envelopes; beside the database, which knows what counts in them."""
        return self.var / "vault"

    @property
    def keys(self) -> Path:
        """The installation's secrets."""
        return self.var / "keys"

    @property
    def witnesses(self) -> Path:
        """Whom the log asks for cosignatures, and when they are enough (c2sp.org/tlog-policy)."""
        return self.var / "witnesses"

    @property
    def public(self) -> Path:
        """Everything under here is public and may be served or copied by anyone."""
        return self.var / "public"

    @property
    def vkeys(self) -> Path:
        """The key of this log, then those of the logs it continues, a line each."""
        return self.public / "log.vkey"

    @property
    def log(self) -> Path:
        """The published log: checkpoint, tiles, entry bundles, counts.json."""
        return self.public / "log"

    @property
    def trust(self) -> Path:
        """Certificates of the certification authorities."""
        return self.var / "trust"

    @property
    def revocation(self) -> Path:
        """The newest revocation list of each certification authority, checked and indexed."""
        return self.var / "revocation"

    @property
    def demo_pki(self) -> Path:
        """The demo country's certification authorities and citizens' keys; in demo mode its `trust` is the only trust."""
        return self.var / "demo" / "pki"
