"""`dauys worker`: what an installation does at its own rhythm, beside answering people."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import click

from dauys.ledger.places import Places

Job = Callable[[threading.Event], None]
NICENESS = 10  # people who wait for an answer come first


@click.command()
@click.option("--attached", is_flag=True, help="End when standard input does: started by `dauys serve`, ends with it.")
@click.option("--once", is_flag=True, help="Take the steps and send the letters that are due now, then end: for cron.")
def worker(attached: bool, once: bool) -> None:
    """Take the steps that time drives, fetch revocation lists, make signatures final; `dauys serve` starts one of its own."""
    from dauys.cli.ending import end_process
    from dauys.intake.revocation import is_asked
    from dauys.ledger import storage
    from dauys.ledger.keys import Keys
    from dauys.ledger.opening import check_start

    logging.basicConfig(format="%(asctime)s %(message)s")
    os.nice(NICENESS)
    storage.on_failure(end_process)
    places, mode, stop = Places.default(), os.environ.get("DAUYS_MODE", "production"), threading.Event()
    check_start(places, Keys.load(places.keys), mode)  # it writes to the log: as much may go wrong as when serving
    if once:
        _run_once(places, mode)
        return
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    if attached:
        threading.Thread(target=_follow_input, args=(stop,), daemon=True).start()
    jobs = _office_jobs(places, mode)
    jobs += [*_demo_jobs(places, mode), *_revocation_jobs(places, mode)] if is_asked(mode) else []
    threads = [threading.Thread(target=job, args=(stop,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(timeout=2)  # a fetch from a silent host may take longer: what it would keep is fetched again


def _run_once(places: Places, mode: str) -> None:
    from dauys.cli.office_jobs import OfficeJobs
    from dauys.cli.portal_setup import setup_portal

    setup_portal(places)
    done = OfficeJobs(places, mode).once(datetime.now(UTC))
    click.echo("Another worker is at it." if done is None else f"{done[0]} steps taken, {done[1]} letters sent.")


def _follow_input(stop: threading.Event) -> None:
    """Whoever started us holds the other end, and the kernel closes it however they end."""
    while os.read(sys.stdin.fileno(), 1):  # not through sys.stdin, whose lock a dying interpreter wants
        pass
    stop.set()


def _office_jobs(places: Places, mode: str) -> list[Job]:
    from dauys.cli.office_jobs import OfficeJobs
    from dauys.cli.portal_setup import setup_portal

    setup_portal(places)
    return [OfficeJobs(places, mode).run]


def _demo_jobs(places: Places, mode: str) -> list[Job]:
    if mode != "demo":
        return []
    from dauys.demo.authority import DemoAuthority

    return [DemoAuthority.of(places).run]


def _revocation_jobs(places: Places, mode: str) -> list[Job]:
    from dauys.intake.app import load_trust
    from dauys.intake.revocation_lists import ListFolder
    from dauys.intake.revocation_role import RevocationRole, configured_fetcher

    role = RevocationRole(places, configured_fetcher(ListFolder(places.revocation, load_trust(places, mode))))
    return [role.run]
