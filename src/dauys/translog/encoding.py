"""The two encodings that the log's text formats share, read strictly: one value has one writing.

Both raise ValueError; each format turns it into its own refusal.
"""

from __future__ import annotations

import base64
import re

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Bytes of standard base64; refuses foreign letters, missing padding and bits after the end."""
    data = base64.b64decode(text, validate=True)
    if encode_base64(data) != text:
        raise ValueError("not canonical base64")
    return data


def decode_decimal(text: str) -> int:
    """A number from 0 to 2**63-1 in ASCII digits without leading zeros."""
    if not DECIMAL.fullmatch(text) or int(text) >= 2**63:
        raise ValueError("not a decimal number")
    return int(text)
