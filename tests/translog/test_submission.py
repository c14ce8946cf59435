"""What a log sends to a witness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import SubmissionMalformed
from dauys.translog.submission import Submission, latest_path, parse_size

# The example of c2sp.org/tlog-witness.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


def test_the_example_of_the_specification():
    read = Submission.parse(EXAMPLE.encode())
    assert read.old == 20852014
    assert [len(hash_) for hash_ in read.proof] == [32] * 4
    assert read.checkpoint.startswith("example.com/behind-the-sofa\n20852163\n")
    assert read.to_text() == EXAMPLE


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.text(min_size=1),
)
def test_a_submission_is_read_back(old, proof, checkpoint):
    try:
        data = Submission(old, proof, checkpoint).to_text().encode()
    except UnicodeEncodeError:
        return
    assert Submission.parse(data) == Submission(old, proof, checkpoint)


HASH = "A" * 43 + "=\n"


@pytest.mark.parametrize(
    "data",
    [
        "", "old 1", "old 1\n", "old 01\n\na", "old -1\n\na", "OLD 1\n\na", "old\n\na", "1\n\na", "old 1\r\n\r\na", "old 1\nAAAA\n\na",
        "old 1\nnonsense\n\na", f"old 1\n{HASH * 64}\na", "old 9223372036854775808\n\na", f"{HASH}\na", "old 1\n\n" + "a" * (1 << 20),
    ],
)  # fmt: skip
def test_refused_submissions(data):
    with pytest.raises(SubmissionMalformed):
        Submission.parse(data.encode())
    with pytest.raises(SubmissionMalformed):
        Submission.parse(b"\xff" + data.encode())


@given(st.binary())
def test_anything_else_is_a_clean_refusal(data):
    with pytest.raises(SubmissionMalformed):
        Submission.parse(data)


def test_the_size_of_a_conflict():
    assert parse_size(b"20852014\n") == 20852014
    for body in (b"", b"1", b"01\n", b"1\n\n", b"-1\n", b"\xff\n", "\u0661\n".encode()):
        with pytest.raises(ValueError, match=r".*"):
            parse_size(body)


def test_where_a_witness_shows_the_latest():
    assert (
        latest_path("log.example/2026")
        == "/3192c68a87e6daf8bbecabd9ba0d92295ae50b2c345b99ac56f22a4b33593fbe/checkpoint"
    )
