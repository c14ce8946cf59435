"""The disk is full, or fails: nothing acknowledged is lost, the answer says so, and after a failure nothing more is written."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from dauys.errors import error_classes
from dauys.ledger import faults

SIZES = (3, 260, 20)
SAMPLE, WHOLE = 4, 60
CHECKPOINT = "went on"  # SQLite forgives a failed checkpoint, and may: its next one writes the same pages again
BETWEEN_WRITES = {
    "before-answer", "after-texts", "after-public-tiles", "after-witnesses", "after-checkpoint", "after-public-counts", "before-partials-go",
}  # fmt: skip
WRITING = [point for point in faults.POINTS if point not in BETWEEN_WRITES]


def moments(long, most, capsys, what):
    """Which of `most` places break: all in turn, or a few by a printed seed."""
    seed, rounds = random.randrange(10**6), WHOLE if long else SAMPLE
    with capsys.disabled():
        print(f"\n{what}: {rounds} of {most} places, seed {seed}")
    dice = random.Random(seed)
    return [1 + n * most // rounds if long else dice.randrange(1, most + 1) for n in range(rounds)]


@pytest.mark.long
@pytest.mark.parametrize(("action", "code"), [("enospc", "storage-full"), ("eio", "storage-failed")])
def test_a_disk_that_refuses_between_any_two_steps(make_broken, long, capsys, action, code):
    places = [f"{point}:{action}:{times}" for times in (1, 2, 3) for point in WRITING]
    for moment in moments(long, len(places), capsys, action):
        broken = make_broken()
        _, said = broken.break_at(places[moment - 1], SIZES)
        assert said.get("error") == code, (places[moment - 1], said)
        broken.recover()


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], check=False, capture_output=True
    ).returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_full(make_broken, small_disk):
    broken = make_broken(small_disk)
    _, said = broken.break_at(None, [100] * 40)
    assert said["error"] == "storage-full", said
    assert broken.answers
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    broken.recover()
    assert len(broken.answers) == 4000


@pytest.fixture(scope="module")
def failing_fsync(tmp_path_factory):
    """A library that makes fsync fail under SQLite and Python alike."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler: fsync cannot be made to fail")
    library = tmp_path_factory.mktemp("fsync") / "failing_fsync.so"
    source = Path(__file__).with_suffix("").parent / "failing_fsync.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return library


@pytest.mark.long
def test_a_failed_fsync_ends_the_writing(make_broken, failing_fsync, long, capsys):
    """The kernel says so once and lies from then on: whoever went on would acknowledge what is not on disk."""
    told = []
    for moment in [1, *moments(long, 45, capsys, "failed fsync")]:
        broken = make_broken()
        _, said = broken.break_at(
            None, SIZES, {"LD_PRELOAD": str(failing_fsync), "FAILING_FSYNC": str(moment), **os.environ}
        )
        told.append(said.get("error", CHECKPOINT))
        broken.recover()
    assert set(told) <= {"storage-failed", CHECKPOINT}
    assert told.count("storage-failed") > told.count(CHECKPOINT)


def test_each_refusal_says_what_to_do_in_three_languages():
    for code in ("storage-full", "storage-failed", "edge-refused", "clock-refused", "fork-refused"):
        error = error_classes()[code](what="x", now="1", newest="2")
        sentences = {error.explain(language) for language in ("kk", "ru", "en")}
        assert len(sentences) == 3, code
