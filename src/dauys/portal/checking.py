"""The page that checks a receipt in the reader's own browser: one file that works offline and cannot send anything."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dauys.desk.models import LedgerLog
from dauys.errors import LogKeyUnknown
from dauys.portal.witnesses import browser_keys

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FOLDER = Path(__file__).parent / "static" / "check"
IMPORT = 'import { Refused, expandReceipt, verifyReceipt } from "./receipt.js";\n'
FILE_NAME = "dauys-check-receipt.html"


@require_safe
def check_here(request: HttpRequest) -> HttpResponse:
    """The page; with `?save` as a file to keep. Its policy lets it run its own script and reach nobody."""
    if LedgerLog.objects.first() is None:
        raise LogKeyUnknown
    script, style = parts()
    context = {
        "script": script,
        "style": style,
        "known": {"keys": browser_keys()},
        "policy": policy(script, style),
    }
    response = render(request, "portal/check_here.html", context)
    response.headers["Content-Security-Policy"] = f"{context['policy']}; frame-ancestors 'none'"
    if "save" in request.GET:
        response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@cache
def parts() -> tuple[str, str]:
    """(script, style) as they stand in the page: the two modules as one, so that the page is one file."""
    receipt, page, style = (_read(name) for name in ("receipt.js", "page.js", "page.css"))
    assert IMPORT in page
    return f"\n{receipt}\n{page.replace(IMPORT, '')}", f"\n{style}"


def policy(script: str, style: str) -> str:
    """Content-Security-Policy: this script and this style by their hashes, no image, no connection, no form."""
    return f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; base-uri 'none'; form-action 'none'"


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
