"""Revocation asked as the verification order wants it: OCSP or a list (order 500, clause 16.2), in that order.

revocation = Revocation.of_files(trust, lists=[crl_bytes, delta_bytes], answers=[ocsp_bytes])
verify_cms(signature, statement, trust, at=now, revocation=revocation)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.errors import FileRejected, RevocationUnknown
from dauys.identity import asn1
from dauys.identity.crl import CertificateList
from dauys.identity.ocsp import OcspResponse
from dauys.identity.revocation import RevocationList

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from dauys.identity.certificates import Certificate
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Evidence


class Revocation:
    """Several sources as one. Immutable; share it between threads.

    The first that can tell decides, OCSP answers before lists. That an authority does not know a certificate is an
    answer too (clause 19), so no list is asked after it.
    """

    def __init__(self, answers: Sequence[RevocationSource] = (), lists: Sequence[RevocationSource] = ()) -> None:
        self._sources = (*answers, *lists)

    @classmethod
    def of_files(cls, trust: TrustStore, lists: Iterable[bytes] = (), answers: Iterable[bytes] = ()) -> Revocation:
        """Of revocation lists (full ones, and delta lists over them) and OCSP responses in DER.

        FileRejected where one is not of an authority of the store, or a delta list has no full one to stand on.
        """
        full: dict[Certificate, RevocationList] = {}
        deltas: list[tuple[bytes, bytes]] = []
        for data in lists:
            listed = _list(data)
            if listed.is_delta:
                deltas.append((listed.issuer, data))
            else:
                checked = _issued(listed, trust)
                full[checked.issuer] = checked
        for issuer, data in deltas:
            below = [certificate for certificate in full if certificate.subject == issuer]
            if not below:
                raise FileRejected(what="a delta list without its full one")
            for certificate in below:
                full[certificate] = full[certificate].updated(data)
        return cls([_answer(data, trust) for data in answers], list(full.values()))

    def require_good(self, certificate: Certificate, at: dt.datetime) -> Evidence | None:
        """See `RevocationSource`. An expired list and an old answer are as good as none (clauses 18 and 19)."""
        for source in self._sources:
            try:
                return source.require_good(certificate, at)
            except RevocationUnknown:
                continue
        raise RevocationUnknown


def _list(data: bytes) -> CertificateList:
    try:
        return CertificateList.load(data)
    except asn1.Malformed as error:
        raise FileRejected(what=f"as a revocation list: {error}") from None


def _issued(listed: CertificateList, trust: TrustStore) -> RevocationList:
    """The list, checked under the authority of the store that signed it."""
    problem = FileRejected(what="a revocation list of no authority that is trusted here")
    for authority in trust.authorities:
        if authority.certificate.subject == listed.issuer:
            try:
                return RevocationList.of(listed, authority.certificate)
            except FileRejected as error:
                problem = error
    raise problem.with_traceback(None)


def _answer(data: bytes, trust: TrustStore) -> OcspResponse:
    """The response, checked under the authority of the store whose certificates it is about."""
    problem = FileRejected(what="an OCSP response about no authority that is trusted here")
    for authority in trust.authorities:
        try:
            answer = OcspResponse.load(data, authority.certificate)
        except FileRejected as error:
            problem = error
            continue
        if answer.tells:
            return answer
    raise problem.with_traceback(None)
