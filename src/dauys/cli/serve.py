"""`dauys serve`: intake, publisher and portal in one process on one port."""

from __future__ import annotations

import os

import click

from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_start
from dauys.ledger.places import Places


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; the demo listens on loopback only."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the installation of DAUYS_VAR in DAUYS_MODE (demo or production)."""
    import uvicorn

    places, mode = Places.default(), os.environ.get("DAUYS_MODE", "production")
    if mode == "demo" and host not in ("127.0.0.1", "::1", "localhost"):
        raise click.UsageError("The demo binds loopback only: everybody there can sign as anybody.")
    check_start(places, Keys.load(places.keys), mode)  # refuse here, in words, rather than in a worker's traceback
    os.environ["DAUYS_VAR"] = str(places.var)
    uvicorn.run("dauys.portal.asgi:create", factory=True, host=host, port=port, loop="asyncio", http="httptools", ws="none",
                lifespan="on", access_log=False, proxy_headers=False, server_header=False, log_level="warning", timeout_graceful_shutdown=10)  # fmt: skip
