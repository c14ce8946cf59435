"""eGov Mobile at the door: API 1, API 2 and the signed documents on their way back.

GET /intake/mgovSign/{token}             API 1: who asks, until when, where the documents are
GET /intake/mgovSign/{token}/documents   API 2: the statement to sign
PUT /intake/mgovSign/{token}/documents   the same JSON with the CMS → 200 {"status":"success"}, 403 for a bad signature
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dauys.errors import (
    AlreadySigned,
    BearerWrong,
    CodeUsed,
    DauysError,
    RequestUsed,
    SignatureRejected,
    SignedBefore,
)
from dauys.intake.answers import answer, error_headers, language_of, read_json
from dauys.intake.egov import PATH, Package, invitation_url, signature_in
from dauys.intake.login import LoginRequest, is_login
from dauys.intake.requests import SigningRequest
from dauys.ledger.envelope import Form, Signed

if TYPE_CHECKING:
    from dauys.intake.app import Intake

FORBIDDEN = 403
Handler = Callable[[Request], Awaitable[Response]]


def told(handler: Handler) -> Handler:
    """Errors as the app reads them: `{"message"}` in its language."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except DauysError as error:
            _intake(request).refusals.count(error.code)
            body = {"message": error.explain(language_of(request))}
            return answer(body, status_of(error), error_headers(error))

    return answered


def status_of(error: DauysError) -> int:
    """The protocol's 403 for whatever is wrong with a signature; otherwise the error's own."""
    return FORBIDDEN if isinstance(error, SignatureRejected) and error.status in (400, 422) else error.status


def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


@told
async def show_invitation(request: Request) -> Response:
    """API 1."""
    intake, asked = _intake(request), _open(request)
    base = intake.egov.public_url or str(request.base_url).rstrip("/")
    uri = f"{invitation_url(base, asked.token)}/documents"
    return answer(msgspec.to_builtins(intake.egov.invitation(asked, uri, intake.requests.tokens.bearer(asked.token))))


@told
async def show_documents(request: Request) -> Response:
    """API 2."""
    asked = _open(request)
    _require_bearer(request, asked.token)
    return answer(msgspec.to_builtins(_intake(request).egov.package(asked)))


@told
async def accept_documents(request: Request) -> Response:
    """What the app signed, through the same door as POST /intake/acts."""
    intake = _intake(request)
    intake.pool.require_room()
    token, now = request.path_params["token"], datetime.now(UTC)
    _require_bearer(request, token)
    signed = await read_json(request, Package)
    signature = signature_in(signed, intake.egov.package(intake.open(token, now)))
    if is_login(token):
        await intake.logins.accept(token, Signed(Form.CMS, signature), now)
        return answer({"status": "success"})
    try:
        await intake.hand_in(token, Signed(Form.CMS, signature), now)
    except RequestUsed:  # the fresh request it brings cannot be used: the code belongs to a page elsewhere
        raise CodeUsed from None
    except AlreadySigned:  # no receipt is told to a phone, only to the browser that asked
        raise SignedBefore from None
    return answer({"status": "success"})


def _open(request: Request) -> SigningRequest | LoginRequest:
    """The request of the address, if it can still be signed; RequestForged, RequestExpired, SubjectClosed."""
    now = datetime.now(UTC)
    asked = _intake(request).open(request.path_params["token"], now)
    asked.require_open(now)
    return asked


def _require_bearer(request: Request, token: str) -> None:
    """BearerWrong unless the app shows what API 1 gave it, where this installation gives anything."""
    intake = _intake(request)
    if intake.egov.auth == "None":
        return
    shown = request.headers.get("authorization", "")
    if not hmac.compare_digest(shown.encode(), b"Bearer " + intake.requests.tokens.bearer(token).encode()):
        raise BearerWrong


ROUTES = [
    Route(PATH + "{token}", show_invitation),
    Route(PATH + "{token}/documents", show_documents),
    Route(PATH + "{token}/documents", accept_documents, methods=["PUT"]),
]
