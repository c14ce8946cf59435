"""Policies of logs, witnesses and quorums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import NoteInvalid, PolicyMalformed
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer
from dauys.translog.policy import Policy
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44

LOG = Signer("log.example/2026", bytes(range(32)))
LOG_ML = Signer("log.example/2026", bytes(range(32)), ML_DSA_44)
SIX = {f"{kind}{n}": Signer(f"{kind}{n}.example", kind.encode() * 31 + bytes([n]), COSIGNATURE_V1) for kind in "XY" for n in (1, 2, 3)}  # fmt: skip
CHECKPOINT = Checkpoint("log.example/2026", 300, bytes(32))
# The example of c2sp.org/tlog-policy, with keys.
EXAMPLE = "\n".join(
    [
        "# who is believed",
        "",
        f"log {LOG.verifier.vkey}",
        f" \tlog {LOG_ML.verifier.vkey}\thttps://log.example/2026 ",
        *(f"witness {name} {signer.verifier.vkey} https://{signer.name}" for name, signer in SIX.items()),
        "group X-witnesses 2 X1 X2 X3",
        "group Y-witnesses any Y1 Y2 Y3",
        "group X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
        "",
    ]
)
KEY = SIX["X1"].verifier.vkey
OTHER = SIX["X2"].verifier.vkey


def test_the_example_of_the_specification():
    policy = Policy.parse(EXAMPLE.encode())
    assert policy.log_keys == [LOG.verifier, LOG_ML.verifier]
    assert [log.url for log in policy.logs] == ["", "https://log.example/2026"]
    assert policy.witnesses["Y3"].verifier == SIX["Y3"].verifier
    assert policy.witnesses["Y3"].url == "https://Y3.example"
    assert policy.is_met({"X1", "X3", "Y2"})
    for too_few in ({"X1", "Y2"}, {"X1", "X2", "X3"}, {"Y1", "Y2", "Y3"}, {"X1", "Y1", "Y2"}, set()):
        assert not policy.is_met(too_few)


def test_a_policy_is_written_and_read_back():
    policy = Policy.parse(EXAMPLE)
    assert Policy.parse(policy.to_text()) == policy
    assert Policy.parse(Policy().to_text()) == Policy()


@given(st.sets(st.sampled_from(sorted(SIX))))
def test_a_quorum_is_what_its_groups_say(names):
    of_x, of_y = sum(name[0] == "X" for name in names), sum(name[0] == "Y" for name in names)
    assert Policy.parse(EXAMPLE).is_met(names) == (of_x >= 2 and of_y >= 1)


def test_cosignatures_are_told_by_the_policys_names():
    note = sign_checkpoint(LOG, CHECKPOINT, SIX["X1"], Signer.generate("stranger", ML_DSA_44), SIX["Y2"], time=77)
    found = Policy.parse(EXAMPLE).cosignatures(note)
    assert {name: signature.time for name, signature in found.items()} == {"X1": 77, "Y2": 77}
    bent = note.replace(str(CHECKPOINT.size), "301", 1)
    with pytest.raises(NoteInvalid):
        Policy.parse(EXAMPLE).cosignatures(bent)


def test_a_single_witness_or_nobody_can_be_the_quorum():
    one = Policy.parse(f"witness w {KEY}\nquorum w\n")
    assert one.is_met(["w"])
    assert not one.is_met([])
    assert Policy.parse(f"witness w {KEY}\nquorum none").is_met([])
    assert Policy().is_met([])


def test_octets_that_are_no_utf8_are_a_name_like_any_other():
    policy = Policy.parse(b"witness \xff\xfe %b\nquorum \xff\xfe\n" % KEY.encode())
    [name] = policy.witnesses
    assert policy.is_met([name])
    assert not policy.is_met(["w"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("witness w " + KEY, 1),
        ("quorum none\nquorum none", 2),
        ("quorum w", 1),
        ("quorum", 1),
        ("quorum none none", 1),
        ("Log x\nquorum none", 1),
        ("log\nquorum none", 1),
        ("log nonsense\nquorum none", 1),
        (f"log {KEY}\nquorum none", 1),  # a witness's type of key
        (f"log {LOG.verifier.vkey}\nlog {LOG.verifier.vkey}\nquorum none", 2),
        (f"witness w {LOG.verifier.vkey}\nquorum none", 1),  # a log's type of key
        (f"witness w {KEY}\nwitness v {KEY}\nquorum none", 2),
        (f"witness w {KEY}\nwitness w {OTHER}\nquorum none", 2),
        (f"witness none {KEY}\nquorum none", 1),
        (f"witness w {KEY} url more\nquorum none", 1),
        ("witness w\nquorum none", 1),
        (f"witness w {KEY}\ngroup w any w\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any v\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any g\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any none\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any w w\nquorum none", 2),
        (f"witness w {KEY}\ngroup g any w\ngroup h any w\nquorum none", 3),
        (f"witness w {KEY}\ngroup g 0 w\nquorum none", 2),
        (f"witness w {KEY}\ngroup g 2 w\nquorum none", 2),
        (f"witness w {KEY}\ngroup g 01 w\nquorum none", 2),
        (f"witness w {KEY}\ngroup g some w\nquorum none", 2),
        ("quorum none\n\x00", 2),
        ("quorum none\r\n", 1),
        ("x" * 1_000_001, 0),
    ],
)  # fmt: skip
def test_refused_policies_name_the_line(text, line):
    with pytest.raises(PolicyMalformed) as refused:
        Policy.parse(text)
    assert refused.value.facts["line"] == line


@given(st.binary() | st.lists(st.sampled_from([*EXAMPLE.split("\n"), "group", "quorum none", "\n", " "]), max_size=9).map("\n".join))  # fmt: skip
def test_anything_else_is_a_policy_or_a_clean_refusal(data):
    try:
        policy = Policy.parse(data)
    except PolicyMalformed:
        return
    assert policy.quorum == "none" or policy.quorum in policy.witnesses or policy.quorum in policy.groups
