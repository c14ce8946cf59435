"""Module kz.gov.pki.knca.commonUtils, which older pages and older NCALayers speak: positional arguments, codes in words."""

from __future__ import annotations

import textwrap
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import AuthorityKeyIdentifier, load_der_x509_certificate
from cryptography.x509.oid import NameOID

from dauys.demo.ncalayer.messages import Request, Unreadable, content, text_of
from dauys.demo.ncalayer.tasks import Task, Wanted
from dauys.demo.profile import CLIENT_AUTH, EMAIL_PROTECTION
from dauys.identity.certificates import Certificate

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate as X509Certificate
    from cryptography.x509 import Name

    from dauys.demo.pki import Signatory

USAGES = {"SIGNATURE": frozenset({EMAIL_PROTECTION}), "AUTHENTICATION": frozenset({CLIENT_AUTH})}
LINE = 64  # characters of base64 in a line of PEM (RFC 7468 section 2)


def read(request: Request) -> str | Task:
    """The answer to a call, or its task."""
    handler = METHODS.get(request.method)
    if handler is None:
        return failed(f"java.lang.NoSuchMethodException: {request.method}")
    try:
        return handler(*_positional(request.args))
    except TypeError:
        return failed(f"java.lang.IllegalArgumentException: argument type mismatch. Method: {request.method}")
    except Unreadable as why:
        return failed(str(why))


def get_active_tokens() -> str:
    """No token is plugged in: a demo citizen keeps the key in a file."""
    return succeeded([])


def change_locale(language: str) -> str:
    """Anything is taken; this window has its own links for its languages."""
    _require_words(language)
    return succeeded()


def get_key_info(storage: str) -> Task:
    """The facts of the key that the person chooses."""
    _require_words(storage)
    return Task(Wanted(), (), attached=False, answered=_key_info, cancelled=CANCELLED)


def create_cades(storage: str, key_type: str, data: str, attach: bool = False) -> Task:
    """A CMS of one document; another word than SIGNATURE or AUTHENTICATION lets the person take any key."""
    _require_words(storage, key_type, data)
    wanted = Wanted(USAGES.get(key_type, frozenset()))
    return Task(wanted, (content(data),), attached=attach, answered=_signed, cancelled=CANCELLED)


METHODS: dict[str, Callable[..., str | Task]] = {
    "getActiveTokens": get_active_tokens,
    "changeLocale": change_locale,
    "getKeyInfo": get_key_info,
    "createCAdESFromBase64": create_cades,
}


def succeeded(value: Any = None) -> str:
    """The module's good answer."""
    return text_of({"code": "200"} | ({} if value is None else {"responseObject": value}))


def failed(message: str) -> str:
    """The module's other answer."""
    return text_of({"code": "500", "message": message})


CANCELLED = failed("action.canceled")


def _positional(args: Any) -> list[Any]:
    if not isinstance(args, list | None):
        raise TypeError
    return args or []


def _require_words(*arguments: object) -> None:
    if not all(isinstance(argument, str) for argument in arguments):
        raise TypeError


def _signed(_signatory: Signatory, signatures: list[bytes]) -> str:
    lines = textwrap.wrap(b64encode(signatures[0]).decode(), LINE)
    return succeeded("\n".join(["-----BEGIN CMS-----", *lines, "-----END CMS-----", ""]))


def _key_info(signatory: Signatory, _signatures: list[bytes]) -> str:
    """Facts of the certificate; moments are milliseconds since 1970, as text."""
    certificate = load_der_x509_certificate(signatory.certificate)
    subject, issuer = certificate.subject, certificate.issuer
    return succeeded(
        {
            "alias": f"{certificate.serial_number:x}",
            "keyId": f"{certificate.serial_number:x}",
            "algorithm": Certificate.load(signatory.certificate).key_algorithm,
            "subjectCn": _common_name(subject),
            "subjectDn": subject.rfc4514_string(),
            "issuerCn": _common_name(issuer),
            "issuerDn": issuer.rfc4514_string(),
            "serialNumber": str(certificate.serial_number),
            "certNotBefore": _milliseconds(certificate.not_valid_before_utc),
            "certNotAfter": _milliseconds(certificate.not_valid_after_utc),
            "authorityKeyIdentifier": _authority_key(certificate),
            "pem": certificate.public_bytes(Encoding.PEM).decode(),
        }
    )


def _common_name(name: Name) -> str:
    return str(name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _authority_key(certificate: X509Certificate) -> str:
    identifier = certificate.extensions.get_extension_for_class(AuthorityKeyIdentifier).value.key_identifier
    return (identifier or b"").hex()


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
