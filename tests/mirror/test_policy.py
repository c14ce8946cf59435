"""A mirror passes on whom the log asks to cosign, and takes no other log's list for it."""

import httpx
import pytest

from dauys.mirror.app import create_app
from dauys.mirror.keeper import Keeper
from dauys.translog.note import Signer
from dauys.translog.signature_types import COSIGNATURE_V1
from made_log import SIGNER, MadeLog
from made_witness import serving

WITNESS = Signer.generate("witness.example", COSIGNATURE_V1).verifier
STRANGER = Signer(SIGNER.name, b"\x09" * 32).verifier


def policy(log=SIGNER.verifier, quorum="paper"):
    return f"log {log.vkey}\nwitness paper {WITNESS.vkey} https://witness.example\nquorum {quorum}\n".encode()


@pytest.fixture
def mirrored(follow, log, tmp_path):
    """A whole round over several sources, each with what it shows as its policy; the keeper."""
    log.grow(3)

    def run(*shown):
        logs = [MadeLog(tmp_path / f"source {number}", entries=list(log.entries)) for number in range(len(shown))]
        for each, content in zip(logs, shown, strict=True):
            each.grow(0, entries=[])
            if content is not None:
                each.write("policy", content)
        follower = follow(*logs, keys=[SIGNER.verifier.vkey])
        keeper = Keeper(follower.folder, follower.state, follower.sources)
        keeper.round()
        return keeper

    return run


def served(keeper):
    with serving(create_app(keeper.folder)) as address:
        answer = httpx.get(f"{address}/log/policy")
    return answer.content if answer.status_code == 200 else answer.status_code


def test_it_is_served_as_the_log_publishes_it(mirrored):
    assert served(mirrored(policy())) == policy()


def test_a_log_that_publishes_none(mirrored):
    keeper = mirrored(None)
    assert (served(keeper), keeper.troubles) == (404, [])


@pytest.mark.parametrize("shown", [policy(STRANGER), b"quorum none\n", b"nonsense\n", b"\xff\n"])
def test_what_is_no_policy_of_this_log_is_told_and_not_passed_on(mirrored, shown):
    keeper = mirrored(shown)
    assert (served(keeper), len(keeper.troubles)) == (404, 1)
    assert served(mirrored(shown, policy())) == policy()


def test_the_newest_replaces_it_and_a_false_one_does_not(mirrored):
    mirrored(policy())
    assert served(mirrored(policy(quorum="none"))) == policy(quorum="none")
    assert served(mirrored(policy(STRANGER))) == policy(quorum="none")
    assert served(mirrored(None)) == policy(quorum="none")
