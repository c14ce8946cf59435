"""`dauys bench audit`: a made log of any length audited by a process of its own, beside the bare cost of its hashes.

The bound is measured on the log's own entries between the parts of the run, so that both see the machine in the same
moods. Run as a module it is that process: `python -m dauys.demo.bench_audit FOLDER VKEY [STATE]`, figures as JSON lines.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from dauys.audit.folder import FolderSource
from dauys.audit.report import build
from dauys.audit.run import Audit
from dauys.audit.state import StateFile
from dauys.translog.frontier import perfect_root
from dauys.translog.merkle import LEAF_PREFIX
from dauys.translog.note import Verifier
from dauys.translog.tiles import TILE_WIDTH, entries_path, unbundle

PARTS, SAMPLE = 8, 40  # of a run; bundles hashed bare after each
LONGEST = 3600.0  # seconds


class Clock:
    """Stops while the bound is measured; told of every step of the audit."""

    def __init__(self, source: FolderSource) -> None:
        self.source, self.began, self.bare, self.hashed, self.paused = source, time.perf_counter(), 0.0, 0, 0.0
        self.cpu, self.bare_cpu, self._part = time.process_time(), 0.0, 0

    def progress(self, done: int, size: int) -> None:
        """After each part of the run, hashes some of its bundles bare; says how far it is."""
        if done * PARTS // size > self._part:
            self._part = done * PARTS // size
            pause = time.perf_counter()
            self._hash(done // TILE_WIDTH)
            self.paused += time.perf_counter() - pause
            sys.stdout.write(json.dumps({"done": done}) + "\n")
            sys.stdout.flush()

    def _hash(self, before: int) -> None:
        """Leaf hashes and the tree over them, nothing else."""
        bundles = [
            unbundle(self.source.read(entries_path(number))) for number in range(max(0, before - SAMPLE), before)
        ]
        start, cpu = time.perf_counter(), time.process_time()
        for entries in bundles:
            perfect_root([sha256(LEAF_PREFIX + entry).digest() for entry in entries])
        self.bare += time.perf_counter() - start
        self.bare_cpu += time.process_time() - cpu
        self.hashed += len(bundles) * TILE_WIDTH

    def figures(self, read: int) -> dict[str, float]:
        """Rates of whole and bare, and processor time of both, an entry; memory in bytes."""
        seconds = time.perf_counter() - self.began - self.paused
        other = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = time.process_time() - self.cpu - self.bare_cpu + other.ru_utime + other.ru_stime
        bare = self.bare / max(1, self.hashed)
        return {
            "seconds": seconds, "entries_per_second": read / seconds, "bound_per_second": 1 / bare if bare else 0.0,
            "rate_to_bound": read / seconds * bare, "cpu_us_per_entry": cpu / max(1, read) * 1e6,
            "bound_cpu_us_per_entry": self.bare_cpu / max(1, self.hashed) * 1e6,
            "bound_to_cpu": self.bare_cpu / max(1, self.hashed) / (cpu / max(1, read)) if cpu else 0.0,
            "memory": _own_peak() + other.ru_maxrss * 1024,
        }  # fmt: skip


def _own_peak() -> int:
    """Bytes. ru_maxrss would count the process that started this one, too, as large as it was then (Linux keeps it over exec)."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024


def measured(folder: Path, vkey: str, state: Path | None = None, *, beside: bool = True) -> dict[str, Any]:
    """One audit in this process, with its figures."""
    source = FolderSource(folder)
    clock = Clock(source)
    audit = Audit(source, [Verifier.parse(vkey)], StateFile(state) if state else None, progress=clock.progress)
    audit.beside, audit.save_every = beside, 0.01  # and twenty times what saving costs
    made = audit.run()
    figures = clock.figures(made.checkpoint.size - made.since)
    report = build(made)
    told = {name: report[name] for name in ("size", "root", "sound", "counts", "final", "entries_by_kind", "petitions")}
    return figures | {"read_before": made.since, "report": told}


def run(folder: Path, vkey: str, state: Path | None = None, *, kill_after: int = 0, beside: bool = True) -> dict[str, Any] | None:  # fmt: skip
    """The same in a fresh process, so that its memory is its own; None where it was killed after so many entries."""
    command = [sys.executable, "-m", "dauys.demo.bench_audit", str(folder), vkey, "beside" if beside else "alone"]
    with subprocess.Popen([*command, *([str(state)] if state else [])], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        assert process.stdout is not None
        for line in process.stdout:
            told: dict[str, Any] = json.loads(line)
            if "report" in told:
                return told
            if kill_after and told["done"] >= kill_after:
                process.kill()
                return None
    raise RuntimeError(f"the audit ended with {process.returncode}")


if __name__ == "__main__":
    place, key, how, *rest = sys.argv[1:]
    sys.stdout.write(json.dumps(measured(Path(place), key, Path(rest[0]) if rest else None, beside=how == "beside")))
    sys.stdout.write("\n")
