"""Killed between any two steps of committing and publishing: recovery by the daily code, nothing lost, nothing twice."""

import random

import pytest

from dauys.ledger import faults

SIZES = (2, 255, 30)  # a batch inside a tile, one that ends it, one in the next
SAMPLE, WHOLE = 6, 200  # rounds
ROUNDS = 8  # after which a log begins anew: each asks everybody again


@pytest.mark.long
def test_killed_between_any_two_steps(make_broken, steps, long, capsys):
    rounds, seed = WHOLE if long else SAMPLE, random.randrange(10**6)
    dice, most = random.Random(seed), steps(SIZES)
    with capsys.disabled():
        print(f"\nkilled between steps: {rounds} of {most} places, seed {seed}")
    moments = [1 + n % most if long else dice.randrange(1, most + 1) for n in range(rounds)]
    killed = 0
    for start in range(0, rounds, ROUNDS):
        broken = make_broken()
        for moment in moments[start : start + ROUNDS]:
            status, said = broken.break_at(f"*:kill:{moment}", SIZES)
            assert status in (-9, 0), said  # a later round may have fewer files to write
            killed += status == -9
            broken.recover()
    assert killed > rounds // 2


@pytest.mark.parametrize("point", faults.POINTS)
def test_every_named_point_is_reached_and_survived(make_broken, point):
    broken = make_broken()
    status, said = broken.break_at(f"{point}:kill", SIZES)
    assert status == -9, said
    broken.recover()


def test_killed_again_while_it_recovers(make_broken):
    broken = make_broken()
    for point in ("after-commit", "after-public-tiles", "before-file-rename", "after-checkpoint"):
        assert broken.break_at(f"{point}:kill", SIZES)[0] == -9
    broken.recover()
