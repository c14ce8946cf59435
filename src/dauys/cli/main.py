"""The `dauys` command: one group, one module for each thing it can do."""

from __future__ import annotations

import importlib
import os
import sys

import click

from dauys.errors import LANGUAGES, DauysError

# Command → its module in dauys.cli; loaded only when called, so that `dauys verify` needs no web framework.
COMMANDS = {
    "audit": "audit",
    "backup": "backup",
    "auditor": "auditor",
    "bench": "bench",
    "demo": "demo",
    "desk": "desk",
    "doctor": "doctor",
    "domains": "domains",
    "evidence": "evidence",
    "log": "log",
    "migrate": "migrate",
    "mirror": "mirror",
    "receipt": "receipt",
    "replay": "replay",
    "restore": "restore",
    "revocation": "revocation",
    "rules": "rules",
    "serve": "serve",
    "trust": "trust",
    "vault": "vault",
    "verify": "verify",
    "witness": "witness",
    "worker": "worker",
}
UNUSABLE = 2  # exit status for input or settings that cannot be used, as click's own usage errors


class LazyGroup(click.Group):
    """Imports a command's module when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of `dauys.cli.<module>`, which bears the command's name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"dauys.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="dauys")
def cli() -> None:
    """Dauys: petitions, feedback and votes of a country on a public log that anyone can check."""


def language_of_terminal() -> str:
    """One of LANGUAGES from LC_ALL, LC_MESSAGES or LANG; English where none fits."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if (tag := os.environ.get(name, "")[:2].lower()) in LANGUAGES:
            return tag
    return "en"


def main() -> None:
    """Runs the command; a coded error becomes one sentence and exit status 2."""
    try:
        cli(prog_name="dauys")
    except DauysError as error:
        click.echo(f"{error.explain(language_of_terminal())} [{error.code}]", err=True)
        sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
