"""The newest revocation list of each authority, kept on disk: checked before it is kept, never replaced by an older one.

    <key identifier of the authority>.json   which lists are here: written last, replaced as a whole
    <SHA-256>.crl                            a list in DER
    <SHA-256>.index                          where its entries stand, so that a reader need not scan half a million

A crash between two files leaves the former state and perhaps a file that nothing names; the next change removes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import msgspec

from dauys.errors import FileRejected
from dauys.identity.certificates import Certificate
from dauys.identity.crl import CertificateList
from dauys.identity.revocation import RevocationList, Revoked
from dauys.identity.trust import TrustStore
from dauys.ledger.confirmation_leaf import ListUsed
from dauys.ledger.durable import write_all_durably, write_durably
from dauys.ledger.moments import moment_text
from dauys.ledger.sqlite import writer_lock


class KeptFile(msgspec.Struct, frozen=True):
    """One list: SHA-256 of it and of its index in hex, CRL number, times, how many entries; `source` and its server's marks."""

    sha256: str
    index: str
    number: str  # decimal; up to 20 bytes
    updated: datetime
    next_update: datetime
    entries: int
    source: str = ""
    etag: str = ""
    modified: str = ""


class Kept(msgspec.Struct, frozen=True):
    """What is here of one authority."""

    full: KeptFile
    delta: KeptFile | None = None

    @property
    def files(self) -> tuple[KeptFile, ...]:
        """The full list, and the delta if there is one."""
        return (self.full,) if self.delta is None else (self.full, self.delta)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A list as it came, with what its server calls this state of it (RFC 9110 section 8.8)."""

    data: bytes
    source: str = ""
    etag: str = ""
    modified: str = ""


class KeptLists:
    """An authority's lists ready to be asked, by the door and by confirmations."""

    def __init__(self, lists: RevocationList, kept: Kept) -> None:
        self.lists, self.kept = lists, kept

    @property
    def issued(self) -> datetime:
        """thisUpdate of the newest."""
        return self.lists.issued

    @cached_property
    def used(self) -> tuple[ListUsed, ...]:
        """What to call them in the log."""
        authority = self.lists.issuer.key_identifier.hex()
        return tuple(
            ListUsed(authority, file is self.kept.delta, file.number, file.sha256, moment_text(file.updated))
            for file in self.kept.files
        )

    def revoked(self, serial: int) -> Revoked | None:
        """When and why a certificate was revoked; RevocationUnknown where its entry cannot be read."""
        return self.lists.revoked(serial)


class ListFolder:
    """The folder of one installation, for the authorities of its trust store. Any number of processes may read and write."""

    def __init__(self, folder: Path, trust: TrustStore) -> None:
        self.folder = folder
        self.authorities: Mapping[bytes, Certificate] = {
            each.certificate.key_identifier: each.certificate for each in trust.authorities if each.problem is None
        }
        # Those that certify people: below a root. Only roots' lists tell about themselves, and they may be missing.
        self.issuing = [
            each.certificate.key_identifier
            for each in trust.authorities
            if each.issuer is not None and each.problem is None
        ]

    def kept(self, authority: bytes) -> Kept | None:
        """What the folder holds of an authority; FileRejected where that cannot be read."""
        try:
            return msgspec.json.decode(self._manifest(authority).read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise FileRejected(what=f"{self._manifest(authority).name}: {error}") from None

    def keep_full(self, authority: bytes, fetched: Fetched, now: datetime) -> bool:
        """Keeps a full list that is newer than the one here; false where it is the same. FileRejected otherwise.

        The delta here stays if it still fits over the new list.
        """
        with self._alone():
            before = self.kept(authority)
            digest = hashlib.sha256(fetched.data).hexdigest()
            if before is not None and before.full.sha256 == digest:
                return self._mark(authority, Kept(_marked(before.full, fetched), before.delta))
            lists = RevocationList.load(fetched.data, self.authorities[authority])
            file = _described(lists.full, digest, fetched)
            _require_newer(file, before.full if before else None, now)
            delta = before.delta if before else None
            if delta is not None and not _fits(lists, self._read(delta)):
                delta = None
            self._write(authority, Kept(file, delta), file, fetched.data, lists.full)
        return True

    def keep_delta(self, authority: bytes, fetched: Fetched, now: datetime) -> bool:
        """Keeps a delta list over the full one here, as `keep_full`; it never takes the place of a full one."""
        with self._alone():
            before = self.kept(authority)
            if before is None:
                raise FileRejected(what="a delta list without its full one")
            digest = hashlib.sha256(fetched.data).hexdigest()
            if before.delta is not None and before.delta.sha256 == digest:
                return self._mark(authority, Kept(before.full, _marked(before.delta, fetched)))
            lists = self._full(authority, before).updated(fetched.data)
            assert lists.delta is not None
            file = _described(lists.delta, digest, fetched)
            _require_newer(file, before.delta, now)
            self._write(authority, Kept(before.full, file), file, fetched.data, lists.delta)
        return True

    def load(self, authority: bytes) -> KeptLists | None:
        """What is here of an authority, ready to be asked; its signature was checked when it was kept."""
        kept = self.kept(authority)
        if kept is None:
            return None
        lists = self._full(authority, kept)
        if kept.delta is not None:
            lists = RevocationList(lists.issuer, lists.full, self._parsed(kept.delta))
        return KeptLists(lists, kept)

    def state(self) -> tuple[object, ...]:
        """Changes whenever a list does: the manifests' inodes and times of writing."""
        found = []
        for authority in self.authorities:
            try:
                stat = self._manifest(authority).stat()
            except FileNotFoundError:
                continue
            found.append((authority, stat.st_ino, stat.st_mtime_ns))
        return tuple(found)

    def _manifest(self, authority: bytes) -> Path:
        return self.folder / f"{authority.hex()}.json"

    def _full(self, authority: bytes, kept: Kept) -> RevocationList:
        return RevocationList(self.authorities[authority], self._parsed(kept.full))

    def _parsed(self, file: KeptFile) -> CertificateList:
        return CertificateList.load(self._read(file), self._bytes(f"{file.sha256}.index", file.index))

    def _read(self, file: KeptFile) -> bytes:
        return self._bytes(f"{file.sha256}.crl", file.sha256)

    def _bytes(self, name: str, sha256: str) -> bytes:
        """A file's bytes; FileRejected where the disk gives others than were kept: a false index would find nobody."""
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise FileRejected(what=f"{name}: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise FileRejected(what=f"{name} is damaged")
        return data

    def _write(self, authority: bytes, kept: Kept, file: KeptFile, data: bytes, listed: CertificateList) -> None:
        stem = self.folder / file.sha256
        write_all_durably([(stem.with_suffix(".crl"), data), (stem.with_suffix(".index"), listed.entries.index)])
        write_durably(self._manifest(authority), msgspec.json.encode(kept))
        self._sweep()

    def _mark(self, authority: bytes, kept: Kept) -> bool:
        """Remembers from where the same list came now, so that it need not come whole again; false: no list is new."""
        if kept != self.kept(authority):
            write_durably(self._manifest(authority), msgspec.json.encode(kept))
        return False

    def _alone(self) -> AbstractContextManager[None]:
        """One writer at a time: another's sweep must not take what this one has not named yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return writer_lock(self.folder / "lists")

    def _sweep(self) -> None:
        """Removes lists that no manifest names any more."""
        named = {file.sha256 for kept in map(self.kept, self.authorities) if kept for file in kept.files}
        for path in [*self.folder.glob("*.crl"), *self.folder.glob("*.index")]:
            if path.stem not in named:
                path.unlink(missing_ok=True)


def _described(listed: CertificateList, digest: str, fetched: Fetched) -> KeptFile:
    if listed.number is None or listed.next_update is None:
        raise FileRejected(what="a revocation list without a number")
    index = hashlib.sha256(listed.entries.index).hexdigest()
    return KeptFile(
        digest, index, str(listed.number), listed.this_update, listed.next_update, len(listed.entries),
        fetched.source, fetched.etag, fetched.modified,
    )  # fmt: skip


def _marked(file: KeptFile, fetched: Fetched) -> KeptFile:
    return msgspec.structs.replace(file, source=fetched.source, etag=fetched.etag, modified=fetched.modified)


def _require_newer(file: KeptFile, before: KeptFile | None, now: datetime) -> None:
    """FileRejected for an older list than the one here, and for one from the future: it would settle acts to come."""
    if file.updated > now:
        raise FileRejected(what=f"a revocation list from the future ({moment_text(file.updated)})")
    if before is not None and (int(file.number) < int(before.number) or file.updated < before.updated):
        raise FileRejected(what=f"an older revocation list (No. {file.number}) than the one here (No. {before.number})")


def _fits(lists: RevocationList, delta: bytes) -> bool:
    try:
        lists.updated(delta)
    except FileRejected:
        return False
    return True


def load_all(folder: ListFolder) -> dict[bytes, KeptLists]:
    """Every authority's lists that can be read, by key identifier."""
    loaded: Iterable[tuple[bytes, KeptLists | None]] = ((each, folder.load(each)) for each in folder.authorities)
    return {authority: lists for authority, lists in loaded if lists is not None}
