"""`dauys serve`: intake, publisher and portal in one process on one port."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import uvicorn

from dauys.cli.attached import AttachedWorker
from dauys.cli.ending import end_process
from dauys.intake.witness_check import check_witnesses
from dauys.ledger import storage
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_clock, check_start, settle
from dauys.ledger.places import Places

if TYPE_CHECKING:
    import socket

WELCOME = """
  Dauys, the demo country, is at   {address}/

  Try:  open a petition, press "Sign", declare, and sign as a demo citizen;
        watch the count rise; take the receipt; then check it without the portal:
            script/dauys receipt verify ~/Downloads/dauys-petition-….tlog-proof
        Re-read the whole public log and recount it:
            script/dauys audit {address}
        Log in under "Account": as a citizen, or as one of its officials.
{phone}{ncalayer}  Stop with Ctrl+C. Everything it made stands in {var}; delete that folder to begin anew.
"""
PHONE = """        Sign by phone: the demo phone at {phone}/ reads the code of a page to sign.
"""
NCALAYER = """        Sign on this computer: the demo's NCALayer at {ncalayer}/ asks who signs.
"""


class AnnouncedServer(uvicorn.Server):
    """Says where it is once it listens, not before."""

    words = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen; a taken port ends the process with uvicorn's own words."""
        await super().startup(sockets=sockets)
        if self.started:
            click.echo(self.words, err=True)


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; the demo listens on loopback only."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--accept-clock", is_flag=True, help="Start although the newest act is later than this server's clock says."
)
def serve(host: str, port: int, accept_clock: bool) -> None:
    """Serve the installation of DAUYS_VAR in DAUYS_MODE (demo or production)."""
    places, mode = Places.default(), os.environ.get("DAUYS_MODE", "production")
    if mode == "demo" and host not in ("127.0.0.1", "::1", "localhost"):
        raise click.UsageError("The demo binds loopback only: everybody there can sign as anybody.")
    _check(places, mode, accept_clock=accept_clock)
    os.environ["DAUYS_VAR"] = str(places.var)
    address = os.environ["DAUYS_ADDRESS"] = f"http://{host}:{port}"
    _prepare_revocation(places, mode, address)
    if mode == "demo":
        from dauys.demo.addresses import sign_own_address

        sign_own_address(places, address)
    server = AnnouncedServer(
        uvicorn.Config(
            "dauys.portal.asgi:create", factory=True, host=host, port=port, loop="asyncio", http="httptools", ws="none",
            lifespan="on", access_log=False, proxy_headers=False, server_header=False, log_level="warning",
            timeout_graceful_shutdown=10,
        )
    )  # fmt: skip
    phone, ncalayer = os.environ.get("DAUYS_DEMO_PHONE", ""), os.environ.get("DAUYS_DEMO_NCALAYER", "")
    welcome = WELCOME.format(
        address=address,
        var=places.var,
        phone=PHONE.format(phone=phone) if phone else "",
        ncalayer=NCALAYER.format(ncalayer=ncalayer) if ncalayer else "",
    )
    server.words = welcome if mode == "demo" else f"Dauys serves at {address}/"
    with AttachedWorker():
        server.run()


def _check(places: Places, mode: str, *, accept_clock: bool) -> None:
    """Refuses here, in words, rather than in a worker's traceback; what is served later ends when its disk fails."""
    keys = Keys.load(places.keys)
    check_start(places, keys, mode)
    if mode == "demo":
        from dauys.demo.witness import name_witness

        name_witness(places, os.environ.get("DAUYS_DEMO_WITNESS", ""))
    for sentence in check_witnesses(places, keys):
        click.echo(sentence, err=True)
    settle(places)
    if not accept_clock:
        check_clock(places, datetime.now(UTC))
    storage.on_failure(end_process)


def _prepare_revocation(places: Places, mode: str, address: str) -> None:
    """Says what is missing; the demo country's authorities publish at its own portal, and have done so before it opens."""
    from dauys.intake.app import load_trust
    from dauys.intake.revocation import is_asked, missing
    from dauys.intake.revocation_lists import ListFolder

    now = datetime.now(UTC)
    if not is_asked(mode):
        click.echo("Revocation lists are not asked: revoked keys can sign, and no signature becomes final.", err=True)
        return
    if mode == "demo":
        from dauys.demo.authority import keep_issued, write_addresses

        keep_issued(places, now)
        os.environ["DAUYS_REVOCATION_LISTS"] = str(write_addresses(places, address))
    for authority in missing(ListFolder(places.revocation, load_trust(places, mode)), now):
        click.echo(
            f"No current revocation list of {authority.holder.common_name} is here: who has a key of it is answered "
            "revocation-unknown until one is fetched. Look: script/dauys revocation show",
            err=True,
        )
