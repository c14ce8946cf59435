"""The list of a log's true addresses, signed by the log's own key: how a reader tells a new domain from a false one.

    dauys/addresses@v1
    log <origin>
    serial <decimal, one more with each list>
    date <RFC 3339 moment, UTC>
    site <address>                  where people sign; the first is the main one
    mirror <address>                a copy of the log under another name
    gone <address>                  no longer ours: blocked, lost, or in other hands

as a signed note. Its first line is no origin of a log, so no checkpoint can pass for a list, nor a list for a checkpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.errors import AddressesInvalid, NoteInvalid
from dauys.translog.encoding import decode_decimal
from dauys.translog.note import Signer, Verifier, open_note

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = "dauys/addresses@v1"
KINDS = ("site", "mirror", "gone")
MOST = 500  # addresses of one list
# An address in its one spelling: no default port, no slash at its end, host in lower case and in ASCII (RFC 5891 for others).
ADDRESS = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~-]+)*")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True, slots=True)
class Addresses:
    """A list of `(kind, address)`, each address once; AddressesInvalid where it could not be written."""

    origin: str
    serial: int
    date: str
    listed: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        for kind, address in self.listed:
            if kind not in KINDS or not ADDRESS.fullmatch(address):
                raise AddressesInvalid(
                    what=f"{kind} {address} is no address in its one spelling, as in site https://example.kz"
                )
        if len({address for _, address in self.listed}) != len(self.listed) or len(self.listed) > MOST:
            raise AddressesInvalid(what=f"an address stands in it twice, or there are more than {MOST}")
        if self.serial < 1 or not MOMENT.fullmatch(self.date):
            raise AddressesInvalid(what="its serial is at least 1 and its date is written 2026-11-22T03:00:00Z")

    def of(self, kind: str) -> list[str]:
        """The addresses of a kind, in the list's order."""
        return [address for each, address in self.listed if each == kind]

    def kind_of(self, address: str) -> str:
        """`site`, `mirror`, `gone`, or empty for an address that the list does not know."""
        return next((kind for kind, each in self.listed if each == address), "")

    def to_text(self) -> str:
        """The lines that are signed."""
        head = [HEADER, f"log {self.origin}", f"serial {self.serial}", f"date {self.date}"]
        return "".join(f"{line}\n" for line in (*head, *(f"{kind} {address}" for kind, address in self.listed)))

    @classmethod
    def parse(cls, text: str) -> Addresses:
        """Reads exactly what `to_text` writes; AddressesInvalid otherwise."""
        lines = [line.partition(" ")[::2] for line in text.split("\n")[:-1]]
        if [name for name, _ in lines[:4]] != [HEADER, "log", "serial", "date"]:
            raise AddressesInvalid(what=f"it does not begin with {HEADER}, log, serial and date")
        try:
            found = cls(lines[1][1], decode_decimal(lines[2][1]), lines[3][1], tuple(lines[4:]))
        except ValueError as error:
            raise AddressesInvalid(what=str(error)) from error
        if found.to_text() != text:
            raise AddressesInvalid(what="it is not written as lists are")
        return found


def sign_addresses(signer: Signer, addresses: Addresses) -> str:
    """The signed note; the signer is the log's Ed25519 key."""
    return signer.sign(addresses.to_text())


def open_addresses(note: str | bytes, verifiers: Sequence[Verifier]) -> Addresses:
    """Verifies a signed list; AddressesInvalid unless the log that it names signed it."""
    try:
        opened = open_note(note, verifiers)
    except NoteInvalid as error:
        raise AddressesInvalid(what=error.facts["what"]) from error
    addresses = Addresses.parse(opened.text)
    if addresses.origin not in opened.signed_by:
        raise AddressesInvalid(what=f"the log {addresses.origin} itself did not sign it")
    return addresses
