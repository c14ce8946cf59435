"""Signing in other processes gives what signing here gives."""

import asyncio

import pytest

from dauys.demo.people import citizen
from dauys.demo.workers import SignerSettings, SigningPool
from dauys.errors import Refusal
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verify import verify_cms


def test_statements_signed_ahead_come_back_in_order_and_valid(pki, now):
    trust = TrustStore.load(pki.trust_directory, Profile.TEST)
    jobs = [(number, f"statement {number}".encode()) for number in range(50)]
    with SigningPool(SignerSettings(pki.directory), workers=2) as pool:
        signed = list(pool.presign(jobs))
        alone = asyncio.run(pool.sign(7, b"alone"))
    for (number, statement), message in zip(jobs, signed, strict=True):
        assert verify_cms(message, statement, trust, now).require().iin.digits == citizen(number).iin
    assert verify_cms(alone, b"alone", trust, now).require().iin.digits == citizen(7).iin


def test_one_algorithm_may_be_asked_of_all(tmp_path):
    own, rsa = SignerSettings(tmp_path), SignerSettings(tmp_path, algorithm="rsa")
    assert {own.citizen(number).algorithm for number in range(30)} == {"gost", "rsa"}
    assert {rsa.citizen(number).algorithm for number in range(30)} == {"rsa"}
    assert own.citizen(3).iin == rsa.citizen(3).iin


def test_without_a_pki_no_pool_begins(tmp_path):
    with pytest.raises(Refusal):
        SigningPool(SignerSettings(tmp_path))
