"""Which acts an auditor draws, and how sure that makes them. Pure.

The draw follows from the log's root, so that the operator cannot choose it, and from words of the auditor's own, so that
nobody can search for a root that draws well.
"""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_left
from math import exp, lgamma

LABEL = b"dauys/vault-sample/v1\n"


def draw(root: bytes, size: int, words: str, population: int, wanted: int) -> list[int]:
    """Different places below `population`, ascending: the first `wanted` of SHA-256(seed ‖ u64 counter) mod population."""
    if wanted >= population:
        return list(range(population))
    seed = hashlib.sha256(LABEL + struct.pack(">Q", size) + root + words.encode()).digest()
    drawn, counter = set[int](), 0
    while len(drawn) < wanted:
        number = hashlib.sha256(seed + struct.pack(">Q", counter)).digest()
        drawn.add(int.from_bytes(number) % population)  # of 256 bits: the bias is below 2^-190
        counter += 1
    return sorted(drawn)


def unseen(population: int, bad: int, sample: int) -> float:
    """The chance that a sample without replacement holds none of the bad ones: hypergeometric, k = 0."""
    if bad + sample > population:
        return 0.0
    return exp(_choose(population - bad, sample) - _choose(population, sample))


def sample_for(population: int, share: float, confidence: float) -> int:
    """The smallest sample that finds one of `share` bad acts with this confidence: 299 for 1 % at 95 % of very many."""
    bad = max(1, -int(-share * population // 1))
    return bisect_left(range(population), True, key=lambda sample: unseen(population, bad, sample) <= 1 - confidence)


def most_unseen(population: int, sample: int, confidence: float) -> int:
    """How many bad acts there may be at most, with this confidence, after a sample that found none."""
    first = bisect_left(range(population + 1), True, key=lambda bad: unseen(population, bad, sample) <= 1 - confidence)
    return max(0, first - 1)


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
