"""What the witnesses of a policy hold of a log, asked at their own addresses: a fork is proven, not only guessed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from dauys.audit.known import Known, open_known
from dauys.errors import DauysError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dauys.translog.keyring import Keyring
    from dauys.translog.policy import Policy

SECONDS = 10.0  # that one is waited for


def ask_witnesses(policy: Policy, ring: Keyring) -> Iterator[Known]:
    """The checkpoint that each cosigned last, if the log signed it; who does not answer is told on standard error."""
    from dauys.intake.witnesses import Witnesses

    name = ring.keys[0].verifier.name
    with closing(Witnesses(policy, SECONDS)) as witnesses:
        if not witnesses.asked:
            click.echo("The policy names no address of a witness: none can be asked.", err=True)
        for asked, answer in witnesses.latest(name):
            where = asked.client.url
            try:
                if isinstance(answer, DauysError):
                    raise answer
                if answer is None:
                    click.echo(f"The witness at {where} knows nothing of {name}.", err=True)
                else:
                    yield open_known(where, answer.encode(), ring)
            except DauysError as error:
                click.echo(f"The witness at {where} cannot tell: {error}", err=True)
