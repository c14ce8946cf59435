"""What a page needs to be signed with NCALayer on the same computer (docs/spec/ncalayer.md)."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.intake.acts import ActRequest
    from dauys.intake.login import LoginRequest
    from dauys.intake.requests import SigningRequest

NCALAYER = "wss://127.0.0.1:13579"  # where NCALayer listens on whoever's computer it is installed


def demo_socket() -> str:
    """The WebSocket address of the demonstration's NCALayer, or empty."""
    address: str = settings.DAUYS_DEMO_NCALAYER
    return address.replace("http", "ws", 1)


def connections() -> list[str]:
    """What the page's script may connect to."""
    return [address for address in (NCALAYER, demo_socket()) if address]


def desktop_context(asked: SigningRequest | LoginRequest | ActRequest, now: datetime) -> dict[str, object]:
    """`socket` to connect to, `content` to sign in base64, `stamp` or not, `seconds` left, and `demo_ncalayer`."""
    return {
        "socket": demo_socket() or NCALAYER,
        "content": b64encode(asked.statement.to_bytes()).decode(),
        "stamp": settings.DAUYS_NCALAYER_TIMESTAMP,
        "seconds": str(int((asked.expires - now).total_seconds())),
        "demo_ncalayer": settings.DAUYS_DEMO_NCALAYER,
    }
