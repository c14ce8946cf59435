"""`dauys bench verify`: signatures a second on one core by each implementation, and whole verifications beside them.

Rates are per second of CPU, the best of some rounds; rounds go through all figures in turn, so that a machine that is
busy for a while slows all of them and the ratios stay.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dauys.demo.bare import Parsed
from dauys.demo.people import citizen
from dauys.demo.pki import ALGORITHMS, DemoPki
from dauys.demo.signer import sign_cms
from dauys.identity import algorithms, gost, kernel
from dauys.identity.keys import PublicKey
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import verify_cms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dauys.identity.kernel import Implementation

ROUNDS = 3
CPU_SECONDS = 0.25  # at least, for each figure in each round
KEYS = 64  # keys that sign one digest each; signers of CMS
CONTENT = secrets.token_bytes(600)  # as long as a statement
SIZES = {"streebog_160": 160, "streebog_1m": 1 << 20}  # bytes: signed attributes, a document


@dataclass(slots=True)
class Figure:
    """One call, made over and over on each of some items; the rate is the best met so far."""

    call: Callable[[Any], object]
    items: Sequence[Any]
    rate: float = 0.0

    def run(self) -> None:
        """One round."""
        start, count = time.process_time(), 0
        for item in cycle(self.items):
            self.call(item)
            count += 1
            if count % 16 == 0 or count < 16:
                spent = time.process_time() - start
                if spent >= CPU_SECONDS:
                    break
        self.rate = max(self.rate, count / spent)


def measure(progress: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """All figures by section: each implementation's, and those of whole CMS by the one that is chosen here."""
    absent = kernel.absent()
    sections = {name: _primitives(kernel.implementation(name)) for name in kernel.NAMES if name not in absent}
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as scratch:
        pki = DemoPki.create(Path(scratch))
        sections |= {f"cms_{algorithm}": _whole(pki, algorithm) for algorithm in ALGORITHMS}
    for _ in range(ROUNDS):
        for section in sections.values():
            for figure in section.values():
                figure.run()
        progress()
    rates = {name: {key: one.rate for key, one in section.items()} for name, section in sections.items()}
    return {"chosen": kernel.chosen.name, "absent": absent} | rates | {"ratios": _ratios(rates)}


def _primitives(one: Implementation) -> dict[str, Figure]:
    """Verification under any key (each met as if for the first time) and under a prepared one; digests."""
    digest = secrets.token_bytes(gost.DIGEST_SIZE)
    private = [secrets.randbelow(1 << 511) + 1 for _ in range(KEYS)]
    signed = [(gost.public_key(key), digest, gost.sign(key, digest)) for key in private]
    authority = one.prepare(signed[0][0])
    issued = [secrets.token_bytes(gost.DIGEST_SIZE) for _ in range(KEYS)]
    figures = {
        "any_key": Figure(lambda item: _hold(one.verify(*item)), signed),
        "ca_key": Figure(
            lambda item: _hold(authority.verify(*item)), [(one, gost.sign(private[0], one)) for one in issued]
        ),
    }
    return figures | {name: Figure(one.streebog512, [secrets.token_bytes(size)]) for name, size in SIZES.items()}


def _hold(good: bool) -> None:
    assert good, "a good signature was refused"


def _whole(pki: DemoPki, algorithm: Any) -> dict[str, Figure]:
    """Verification of signatures by distinct citizens from their bytes to the verdict, and its two checks alone."""
    now, trust = datetime.now(UTC), TrustStore.load(pki.trust_directory, Profile.TEST)
    people = [replace(citizen(number), algorithm=algorithm) for number in range(KEYS)]
    messages = [sign_cms(pki, person, CONTENT, now=now) for person in people]
    parsed = [Parsed.of(CONTENT, message, trust) for message in messages]
    return {
        "whole": Figure(lambda message: verify_cms(message, CONTENT, trust, now).require(), messages),
        "checks": Figure(_two_checks, parsed),
    }


def _two_checks(parsed: Parsed) -> None:
    """The signer's signature over the attributes, under a key not met before, and the authority's over the certificate."""
    entry = parsed.message.signers[0]
    digest = algorithms.digest(entry.digest_algorithm)
    PublicKey.load(parsed.leaf.public_key_info).verify(
        algorithms.signature(entry.signature_algorithm), digest, entry.signed, entry.signature
    )
    parsed.leaf.check_signed_by(parsed.issuer)


def _ratios(rates: dict[str, dict[str, float]]) -> dict[str, float]:
    ratios = {f"{name}_to_its_checks": rates[name]["whole"] / rates[name]["checks"] for name in ("cms_gost", "cms_rsa")}
    chosen = rates[kernel.chosen.name]
    arithmetic = 1 / (1 / chosen["any_key"] + 1 / chosen["ca_key"])
    ratios["cms_gost_to_arithmetic"] = rates["cms_gost"]["whole"] / arithmetic
    if {"kernel", "gmpy2"} <= rates.keys():
        ratios |= {
            f"kernel_to_gmpy2_{key}": rates["kernel"][key] / rates["gmpy2"][key] for key in ("any_key", "ca_key")
        }
    return ratios
