"""The exact bytes a person signs to log in: whom it lets in where, in their language, then the same facts for machines.

docs/spec/login.md is the frozen specification. Its kind stands in its bytes, so that it is never the statement of an act.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dauys.ledger.moments import moment_text
from dauys.ledger.statement import MACHINE_HEAD, template

KIND = "login"
CODE_LABEL = b"dauys/login-code/v1\n"

Role = Literal["citizen", "official"]
ROLES = {
    "citizen": {"kk": "АЗАМАТ РЕТІНДЕ", "ru": "КАК ГРАЖДАНИН", "en": "AS A CITIZEN"},
    "official": {"kk": "ЛАУАЗЫМДЫ ТҰЛҒА РЕТІНДЕ", "ru": "КАК ДОЛЖНОСТНОЕ ЛИЦО", "en": "AS AN OFFICIAL"},
}


@dataclass(frozen=True, slots=True)
class LoginStatement:
    """All that it says; `host` as in the browser's address, `nonce` 16 bytes."""

    role: Role
    host: str
    language: str
    nonce: bytes
    expires: datetime

    @property
    def code(self) -> str:
        """Six digits that browser and phone both show, "123-456"; they follow from the nonce."""
        number = int.from_bytes(hashlib.sha256(CODE_LABEL + self.nonce).digest()[:8]) % 1_000_000
        return f"{number // 1000:03d}-{number % 1000:03d}"

    def to_text(self) -> str:
        """The readable part, then MACHINE_HEAD and one `name: value` line a fact; LF, UTF-8."""
        role = ROLES[self.role][self.language]
        readable = template(KIND, self.language).format(host=self.host, role=role, code=self.code)
        return (
            f"{readable}{MACHINE_HEAD}\nkind: {KIND}\nrole: {self.role}\nhost: {self.host}\nlanguage: {self.language}\n"
            f"code: {self.code}\nnonce: {self.nonce.hex()}\nexpires: {moment_text(self.expires)}\n"
        )

    def to_bytes(self) -> bytes:
        """`to_text` in UTF-8: what is signed."""
        return self.to_text().encode()
