"""The kernel's arithmetic beside Python's, above all where carries run through everything: 1 in 2^500 at random."""

import ctypes
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from dauys.identity import kernel
from dauys.identity.gost import CURVE

P, Q = int(CURVE.p), int(CURVE.q)
LIMIT = 1 << 512
NATIVE = Path(kernel.__file__).parent / "native"
SOURCE = Path(__file__).parent / "native_arithmetic.c"
COMPILER = shutil.which("cc")
pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler here")

# Ends of the range, of either prime, of limbs; and what is congruent to small numbers.
EDGES = sorted(
    {
        value + change
        for value in (0, 569, P, Q, LIMIT - 1, 2 * Q - P, 1 << 64, 1 << 256, 1 << 448, 1 << 511, LIMIT - (1 << 64))
        for change in (-570, -569, -568, -2, -1, 0, 1, 2, 568, 569, 570)
        if 0 <= value + change < LIMIT
    }
)
FIELD = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "square": lambda a, _: a * a,
    "twice": lambda a, _: 2 * a,
    "eightfold": lambda a, _: 8 * a,
}


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    library = tmp_path_factory.mktemp("native") / "arithmetic.so"
    sources = [SOURCE, NATIVE / "field.c", NATIVE / "scalar.c"]
    flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", f"-I{NATIVE}"]
    subprocess.run([COMPILER, *flags, *sources, "-o", library], check=True)
    loaded = ctypes.CDLL(library)

    def run(name, a, b=0):
        result = ctypes.create_string_buffer(64)
        getattr(loaded, name)(result, a.to_bytes(64, "little"), b.to_bytes(64, "little"))
        return int.from_bytes(result.raw, "little")

    return run


@pytest.fixture(scope="module")
def pairs():
    dice = random.Random(512)
    chance = [(dice.randrange(LIMIT), dice.randrange(LIMIT)) for _ in range(1000)]
    return [(a, b) for a in EDGES for b in EDGES] + chance


@pytest.mark.parametrize("name", FIELD)
def test_field(call, pairs, name):
    for a, b in pairs:
        assert call(name, a, b) % P == FIELD[name](a, b) % P, (hex(a), hex(b))


def test_least_forms(call):
    for a in EDGES:
        assert call("reduce", a) == a % P
        assert call("is_zero", a) == (a % P == 0)
        assert call("scalar_rest", a) == a % Q
        assert call("scalar_opposite", a % Q) == -a % Q


def test_products_of_scalars(call, pairs):
    for a, b in pairs:
        assert call("scalar_product", a, b) == a * b % Q, (hex(a), hex(b))


def test_inverses(call, pairs):
    for a in {a for pair in pairs for a in pair}:
        if a % P:
            assert call("invert", a % P) == pow(a, -1, P)
        if a % Q:
            assert call("scalar_inverse", a % Q) == pow(a, -1, Q)
