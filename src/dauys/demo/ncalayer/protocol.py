"""The frame of NCALayer's protocol: a greeting, a heartbeat, and JSON requests of named modules."""

from __future__ import annotations

import msgspec

from dauys.demo.ncalayer import basics, common
from dauys.demo.ncalayer.messages import Request, text_of
from dauys.demo.ncalayer.tasks import Task

GREETING = text_of({"result": {"version": "1.4"}})
HEARTBEAT = "--heartbeat--"
MODULE_NOT_FOUND = text_of({"success": False, "errorCode": "MODULE_NOT_FOUND"})
MODULES = {"kz.gov.pki.knca.basics": basics.read, "kz.gov.pki.knca.commonUtils": common.read}

_request = msgspec.json.Decoder(Request)


def read(message: str) -> str | Task:
    """The answer to a message, or what a person must decide first."""
    if message == HEARTBEAT:
        return HEARTBEAT
    try:
        request = _request.decode(message)
    except (msgspec.DecodeError, RecursionError):
        return MODULE_NOT_FOUND
    module = MODULES.get(request.module)
    return module(request) if module else MODULE_NOT_FOUND
