"""The native kernel as a Python module, and which implementation of GOST a process chooses."""

import os
import random
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dauys.errors import Refusal
from dauys.identity import gost, kernel


def signed(key, digest, nonce):
    return gost.public_key(key), digest, gost.sign(key, digest, nonce)


@pytest.fixture
def native():
    return pytest.importorskip("dauys.identity._gost", reason="the native kernel is not built")


def test_it_takes_bytes_and_nothing_else(native):
    public, digest, signature = signed(5, bytes(range(64)), 77)
    for wrong in (None, "text", bytearray(public), memoryview(public), 7):
        for call in (
            lambda wrong=wrong: native.verify(wrong, digest, signature),
            lambda wrong=wrong: native.verify(public, digest, wrong),
            lambda wrong=wrong: native.verify_batch([(public, wrong, signature)]),
            lambda wrong=wrong: native.Prepared(wrong),
            lambda wrong=wrong: native.Prepared(public).verify(wrong, signature),
        ):
            with pytest.raises(TypeError, match="must be bytes"):
                call()
    for call in (
        lambda: native.verify(public),
        lambda: native.verify_batch([(public, digest)]),
        lambda: native.verify_batch([[public, digest, signature]]),
        lambda: native.verify_batch(7),
        native.Prepared,
        lambda: native.Prepared(public, key=1),
        lambda: native.Prepared(public).verify(digest),
        lambda: native.streebog512("text"),
    ):
        with pytest.raises(TypeError):
            call()


def test_a_batch_leaves_the_interpreter_to_others(native):
    items = [signed(5, bytes(range(64)), 77)] * 1000
    begun, answers, turns = threading.Event(), [], 0
    worker = threading.Thread(target=lambda: (begun.set(), answers.extend(native.verify_batch(items))))
    worker.start()
    begun.wait()
    while worker.is_alive():
        turns += 1
        time.sleep(0.001)
    assert answers == [True] * 1000
    assert turns > 10, "a fifth of a second of work and hardly a turn for anyone else"


def test_threads_do_not_disturb_each_other(native):
    good = [signed(key, bytes([key]) * 64, 77) for key in range(1, 9)]
    table, wrong = native.Prepared(good[0][0]), []

    def work(seed):
        dice = random.Random(seed)
        for _ in range(100):
            public, digest, signature = dice.choice(good)
            if not native.verify(public, digest, signature):
                wrong.append(public)
            if table.verify(digest, signature) is not (public == good[0][0]):
                wrong.append(digest)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def resident():
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much memory a process holds")
def test_nothing_is_kept(native):
    public, digest, signature = signed(5, bytes(range(64)), 77)
    native.Prepared(public)  # the base point's table is made with the first, and stays
    counts = [sys.getrefcount(each) for each in (public, digest, signature, native.Prepared)]
    before = resident()
    for _ in range(60):  # 110 MB of tables if they stayed
        native.Prepared(public).verify(digest, signature)
        native.verify_batch([(public, digest, signature)])
        with pytest.raises(TypeError):
            native.verify_batch([(public, digest, None)])
        native.streebog512(digest)
    after = [sys.getrefcount(each) for each in (public, digest, signature, native.Prepared)]
    assert after == counts
    assert resident() - before < 50_000_000


# ---- The choice -------------------------------------------------------------------------------------------------


def chosen(wish="", without=()):
    """What a fresh process chooses, where some modules cannot be imported."""
    code = f"import sys; sys.modules.update(dict.fromkeys({list(without)!r})); "
    code += "from dauys.identity import kernel; print(kernel.chosen.name)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"DAUYS_GOST": wish}, check=False
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


NATIVE = "dauys.identity._gost"


def test_the_fastest_there_is_runs():
    assert chosen() == next(name for name in kernel.NAMES if name not in kernel.absent())
    assert chosen(without=[NATIVE]) == "gmpy2"
    assert chosen(without=[NATIVE, "gmpy2"]) == "python"


@pytest.mark.parametrize("wish", ["gmpy2", "python"])
def test_another_may_be_named(wish):
    assert chosen(wish) == wish


def test_what_cannot_run_is_refused_in_words():
    assert "the native kernel is not built" in chosen("kernel", [NATIVE])
    assert "gmpy2 is not installed" in chosen("gmpy2", ["gmpy2"])
    with pytest.raises(Refusal, match="none of kernel, gmpy2, python"):
        kernel.implementation("openssl")


def test_plain_python_verifies_without_gmpy2():
    code = "import sys; sys.modules['gmpy2'] = None\n"
    code += "from dauys.identity import gost, kernel\n"
    code += "print(kernel.gost_verify(gost.public_key(7), bytes(64), gost.sign(7, bytes(64))))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"DAUYS_GOST": "python"},
        check=True,
    )
    assert done.stdout == "True\n"
