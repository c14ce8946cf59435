"""`dauys worker`: what an installation does at its own rhythm, beside answering people."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

import click

from dauys.ledger.places import Places

Job = Callable[[threading.Event], None]
NICENESS = 10  # people who wait for an answer come first


@click.command()
@click.option("--attached", is_flag=True, help="End when standard input does: started by `dauys serve`, ends with it.")
def worker(attached: bool) -> None:
    """Take the steps that time drives, fetch revocation lists, make signatures final; `dauys serve` starts one of its own."""
    from dauys.intake.revocation import is_asked

    logging.basicConfig(format="%(asctime)s %(message)s")
    os.nice(NICENESS)
    places, mode, stop = Places.default(), os.environ.get("DAUYS_MODE", "production"), threading.Event()
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
