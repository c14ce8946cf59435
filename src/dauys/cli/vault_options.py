"""The options of `dauys audit` that open private evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from dauys.cli.vault_check import VaultOptions

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OPTIONS = (
    click.option("--vault", "vault_folder", type=FOLDER, help="Also open evidence: of the installation in DIR, or of a copy or backup of it."),
    click.option("--opened", type=FILE, help="What auditors opened together (`dauys vault open`); without it, the keys in DIR."),
    click.option("--auditor-key", "auditor_keys", multiple=True, type=FILE, help="Auditors' own key files, where they sit together; repeat it."),
    click.option("--find", type=click.FloatRange(0.0001, 50), default=1.0, show_default=True, help="Per cent of acts without true evidence that the sample finds."),
    click.option("--sure", type=click.FloatRange(50, 99.999), default=95.0, show_default=True, help="Per cent of confidence in that."),
    click.option("--every-act", is_flag=True, help="Check all evidence, not a sample."),
    click.option("--words", default="", help="Words of your own, chosen now: with the log's root they draw the sample, so that nobody could prepare for it."),
    click.option("--trust", type=FOLDER, help="Your own copy of the authorities' certificates; default: those in DIR."),
)  # fmt: skip


def vault_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command `vault`: a VaultOptions, or None without --vault."""

    @wraps(command)
    def wrapped(
        *, vault_folder: Path | None, opened: Path | None, auditor_keys: tuple[Path, ...], find: float, sure: float,
        every_act: bool, words: str, trust: Path | None, **others: Any,
    ) -> None:  # fmt: skip
        if vault_folder is None and (opened or auditor_keys or every_act or words or trust):
            raise click.UsageError("Evidence is opened with --vault DIR.")
        share = None if every_act else find / 100
        made = (
            VaultOptions(vault_folder, opened, auditor_keys, share, words, trust, sure / 100) if vault_folder else None
        )
        command(vault=made, **others)

    for option in reversed(OPTIONS):
        wrapped = option(wrapped)
    return wrapped
