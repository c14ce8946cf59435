"""The log's signed list of true addresses, kept by a mirror: the newest one, and its page."""

from __future__ import annotations

from html import escape

from dauys.errors import AddressesInvalid, FileRejected, NotFound, Unreachable
from dauys.ledger.durable import write_durably
from dauys.ledger.publication import read_published
from dauys.ledger.true_addresses import ADDRESSES
from dauys.mirror.folder import MirrorFolder, State
from dauys.mirror.markup import Page
from dauys.mirror.ring import kept_ring
from dauys.mirror.sources import Source
from dauys.mirror.words import Words
from dauys.translog.addresses import Addresses, open_addresses
from dauys.translog.note import Verifier

_ = str
TITLE = _("True addresses")
NONE = _("No list of addresses is signed yet.")
SIGNED = _("List No. %(serial)s of %(date)s, signed by the key of the log %(origin)s.")
HOW = _("How to tell a true address from a false one")
KINDS = (
    ("site", _("Where to sign")),
    ("mirror", _("Mirrors, to read and to check")),
    ("gone", _("No longer ours: do not sign there")),
)
# The portal's own page says the same words.
ADVICE = (
    _("A true address stands in this list. Anybody may copy the list; nobody but the holder of the log's key can change it."),
    _("The list is the same everywhere: here, on every mirror, and in files that people send each other. Of two lists the one with the greater number is the newer."),
    _("A false site can look exactly like ours, and can copy the whole log. It cannot sign a list, a checkpoint or a receipt with the log's key."),
    _("After signing, check your receipt with the log's key as you know it from elsewhere: if it holds, your signature is in the true log, wherever you signed."),
    _("Before you sign, read the line that names the log in the text your phone or NCALayer shows. If it is another log, do not sign."),
    _("Nobody from Dauys will send you a new address and ask you to sign in haste, or ask for your key or its password."),
)  # fmt: skip


def read_list(folder: MirrorFolder, state: State) -> Addresses | None:
    """The kept list."""
    note = read_published(folder.log, ADDRESSES)
    if note is None:
        return None
    past = [Verifier.parse(key) for each in state.past for key in each.keys]
    return open_addresses(note, [*kept_ring(folder, state).verifiers, *past])


def fetch_list(folder: MirrorFolder, state: State, sources: list[Source]) -> list[str]:
    """Keeps the newest list that the sources show; what is wrong with the others, in words. Never goes back to an older one."""
    troubles = []
    for source in sources:
        try:
            note = source.read(ADDRESSES)
            shown, held = open_addresses(note, kept_ring(folder, state).present), read_list(folder, state)
        except NotFound:
            continue
        except (AddressesInvalid, FileRejected, Unreachable) as error:
            troubles.append(f"{source.name}: {error}")
            continue
        if held is None or shown.serial > held.serial or shown.origin != held.origin:
            write_durably(folder.log / ADDRESSES, note)
        elif shown.serial == held.serial and shown != held:
            ours = read_published(folder.log, ADDRESSES) or b""
            kept = folder.keep_evidence(f"addresses-{shown.serial}", {"one": ours.decode(), "other": note.decode()})
            troubles.append(
                f"{source.name}: two lists of addresses bear the number {shown.serial}; both are kept in {kept}"
            )
    return troubles


def addresses_page(addresses: Addresses | None, words: Words) -> Page:
    """The list and how to use it."""
    advice = "".join(f"<li>{escape(words(sentence))}</li>" for sentence in ADVICE)
    listed = f"<p>{escape(words(NONE))}</p>" if addresses is None else _listed(addresses, words)
    body = f"<h1>{escape(words(TITLE))}</h1>{listed}<h2>{escape(words(HOW))}</h2><ul>{advice}</ul>"
    return Page("domains", words(TITLE), body)


def _listed(addresses: Addresses, words: Words) -> str:
    parts = [
        f"<p>{escape(words(SIGNED, serial=addresses.serial, date=addresses.date[:10], origin=addresses.origin))}</p>"
    ]
    for kind, title in KINDS:
        found = addresses.of(kind)
        if found:
            items = "".join(f"<li>{_shown(kind, escape(address))}</li>" for address in found)
            parts.append(f"<h2>{escape(words(title))}</h2><ul>{items}</ul>")
    parts.append(f'<p><a href="../../log/{ADDRESSES}">{ADDRESSES}</a></p>')
    return "".join(parts)


def _shown(kind: str, address: str) -> str:
    return f"<del>{address}</del>" if kind == "gone" else f'<a href="{address}">{address}</a>'
