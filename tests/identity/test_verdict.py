"""A verdict tells every stage, proves each, and cannot be valid by leaving one out."""

import hashlib

import pytest

from dauys.errors import StageSkipped
from dauys.identity import kernel
from dauys.identity.checks import CertificateChecks, not_asked
from dauys.identity.cms_checks import CmsChecks
from dauys.identity.revocation import RevocationList
from dauys.identity.verdict import CLAUSES, SIGNATURE_STAGES, Check, Found, Outcome, Stage, Verdict
from dauys.identity.verify import Purpose, verify_certificate, verify_cms
from made_certificates import SINCE, UNTIL, Maker


def checks(*stages):
    return tuple(Check(stage, Found("a certificate")) for stage in stages)


def test_every_required_stage_must_have_passed():
    assert Verdict(checks(*SIGNATURE_STAGES), None, None).valid
    for left_out in SIGNATURE_STAGES:
        verdict = Verdict(checks(*(SIGNATURE_STAGES - {left_out})), None, None)
        assert (verdict.valid, verdict.error.code, verdict.error.facts["what"]) == (False, "stage-skipped", left_out)


def test_no_stage_at_all_proves_nothing():
    """Zero signers, zero checks, no error: another verifier of these signatures called that valid."""
    for verdict in (Verdict((), None, None), Verdict((), None, None, frozenset({Stage.FORM}))):
        assert not verdict.valid
        with pytest.raises(StageSkipped):
            verdict.require()


# No other stage reads what these find.
ALONE = (Stage.CONTENT, Stage.SIGNATURE, Stage.TIME, Stage.PURPOSE, Stage.REVOCATION, Stage.PERSON)


@pytest.mark.parametrize("stage", ALONE)
def test_a_stage_that_answers_nothing_is_noticed(vectors, national_test, message, at, monkeypatch, stage):
    """A subclass or a slip that turns a stage off does not turn the verdict to valid."""
    from dauys.identity import verify

    kept = [step for step in verify._SigningChecks.steps if step[0] is not stage]
    muted = [(name, (lambda _: not_asked("a certificate")) if name is stage else step)
             for name, step in verify._SigningChecks.steps]  # fmt: skip
    signature = (vectors / "cms" / "gost512_detached.cms").read_bytes()
    for steps in (kept, muted):
        monkeypatch.setattr(verify._SigningChecks, "steps", tuple(steps))
        listed = RevocationSource()
        verdict = verify_cms(signature, message, national_test, at, revocation=listed)
        assert (verdict.valid, verdict.error.code) == (False, "stage-skipped")


class RevocationSource:
    def require_good(self, _certificate, _at):
        return None


def test_what_was_asked_for_is_required(national_test, certificate, at):
    leaf = certificate("test_leaf/individual_valid_individual_valid.cer").der
    verdict = verify_certificate(leaf, national_test, at, Purpose.PERSON_SIGNING, RevocationSource())
    assert {Stage.PERSON, Stage.REVOCATION} <= verdict.required
    assert not {Stage.PERSON, Stage.REVOCATION} & verify_certificate(leaf, national_test, at).required


def test_each_stage_brings_its_evidence(vectors, national_test, message, at):
    signature = (vectors / "cms" / "gost512_detached.cms").read_bytes()
    verdict = verify_cms(signature, message, national_test, at)
    found = {check["stage"]: check for check in verdict.report("ru")["checks"]}
    evidence = {stage: check["evidence"] for stage, check in found.items()}
    leaf = verdict.signer.certificate
    assert evidence["form"] == {"bytes": len(signature), "sha256": hashlib.sha256(signature).hexdigest()}
    assert evidence["signer"]["sha256"] == evidence["chain"]["chain"][0]["sha256"] == leaf.fingerprint
    assert evidence["content"]["algorithm"] == "Streebog-512"
    assert bytes.fromhex(evidence["content"]["digest"]) in signature
    assert len(evidence["chain"]["chain"]) == 3
    assert evidence["time"]["not_after"] == leaf.not_after.isoformat()
    assert evidence["purpose"]["extended_key_usage"] == list(leaf.purposes)
    assert {stage: check["clause"] for stage, check in found.items()} == {stage: CLAUSES.get(stage) for stage in Stage}


def test_a_text_that_differs_is_shown_by_both_digests(vectors, national_test, at):
    signature = (vectors / "cms" / "gost512_detached.cms").read_bytes()
    check = verify_cms(signature, b"another text", national_test, at).checks[-1]
    assert (check.stage, check.outcome) == (Stage.CONTENT, Outcome.FAILED)
    assert bytes.fromhex(check.evidence["digest"]) in signature
    assert check.evidence["found"] == kernel.streebog512(b"another text").hex()


def test_revocation_names_the_list_that_decided():
    root, middle = Maker("ROOT"), Maker("NCA")
    from dauys.identity.trust import Profile, TrustStore

    issuer = root.authority(middle)
    trust = TrustStore.of([root.authority(root), issuer], Profile.TEST)
    listed = RevocationList.load(middle.revocation_list([(77, SINCE, None)]), issuer)
    for serial, outcome in ((77, Outcome.FAILED), (78, Outcome.PASSED)):
        verdict = verify_certificate(middle.person(serial=serial).der, trust, SINCE, revocation=listed)
        check = next(check for check in verdict.checks if check.stage is Stage.REVOCATION)
        assert check.outcome is outcome
        told = check.evidence if outcome is Outcome.FAILED else check.evidence["judged"][0]
        assert (told["source"], told["issuer"], told["next_update"]) == ("CRL", issuer.fingerprint, UNTIL.isoformat())


def test_a_kind_is_told_in_the_language():
    from dauys.identity.subjects import Kind

    found = Found("a key of this kind: {kind}", facts={"kind": Kind.HEAD})
    assert found.explain() == "a key of this kind: head of an organisation"
    assert found.explain("ru") == "вид ключа: руководитель организации"
    assert found.explain("kk") == "кілттің түрі: ұйым басшысы"


def test_the_least_is_asked_of_every_kind_of_verification():
    assert CertificateChecks.required < SIGNATURE_STAGES < CmsChecks.required
