"""One mailbox, one person: the one spelling of an e-mail address, and domains that are refused.

The data with their sources and dates stand in site/mail_domains.toml and site/disposable_domains.txt: no law of a country admits
signatures by e-mail, an independent site may.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dauys.errors import AddressDisposable, AddressUnfit
from dauys.rules.reading import FOLDER, read

LOCAL = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*/=?^_`{|}~-]+)*")  # RFC 5322 dot-atom, without plus
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")  # RFC 1123 section 2.1
LONGEST_LOCAL, LONGEST = 64, 254  # octets, RFC 5321 section 4.5.3.1


def canonical(address: str) -> str:
    """The one spelling of a mailbox; AddressUnfit, AddressDisposable.

    Two addresses of one mailbox become one, as its provider documents; what follows a plus is left out everywhere, since
    a person counted once too seldom can write to us, and one counted often cannot be found.
    """
    local, _, domain = address.strip().rpartition("@")
    local, domain = local.lower().partition("+")[0], _ascii(domain)
    provider = _providers().get(domain, {})
    for one, other in provider.get("same", {}).items():
        local = local.replace(one, other)
    local = local.translate({ord(dot): None for dot in provider.get("dots", "")})
    if (
        len(local) > LONGEST_LOCAL
        or len(address) > LONGEST
        or not LOCAL.fullmatch(local)
        or not DOMAIN.fullmatch(domain)
    ):
        raise AddressUnfit
    if _is_disposable(domain):
        raise AddressDisposable(domain=domain)
    return f"{local}@{provider.get('domains', [domain])[0]}"


def letters_an_hour(mailbox: str) -> int:
    """How many letters the domain of a canonical address may be sent in an hour."""
    known = mailbox.rpartition("@")[2] in _providers()
    return int(_data()["letters_an_hour_to_provider" if known else "letters_an_hour"])


def _ascii(domain: str) -> str:
    try:
        return domain.lower().rstrip(".").encode("idna").decode()
    except UnicodeError:
        raise AddressUnfit from None


def _is_disposable(domain: str) -> bool:
    """Of the list, or a name under one of the list."""
    labels = domain.split(".")
    return any(".".join(labels[n:]) in _disposable() for n in range(len(labels) - 1))


@cache
def _data() -> dict[str, Any]:
    return read(FOLDER / "site" / "mail_domains.toml")


@cache
def _providers() -> dict[str, dict[str, Any]]:
    """By domain; `domains` of each are those whose mailboxes are one, the first of them the one that is kept."""
    found: dict[str, dict[str, Any]] = {}
    for provider in _data()["provider"]:
        found |= dict.fromkeys(provider.get("domains", ()), provider)
        found |= {domain: provider | {"domains": [domain]} for domain in provider.get("each", ())}
    return found


@cache
def _disposable() -> frozenset[str]:
    lines = (FOLDER / "site" / "disposable_domains.txt").read_text("utf-8").splitlines()
    return frozenset(_data()["forwarding"]["domains"]).union(line for line in lines if not line.startswith("#"))
