"""Log-in at the door: the exact statement, and the signature over it. The phone's way is `dauys.intake.egov_routes`.

GET  /intake/logins/{token}   the statement as text/plain
POST /intake/logins           {token, signature: base64 CMS} → 201 {"status": "success"}; who it was is told only to the
                              browser that asked, by the portal
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dauys.intake.answers import PRIVATE, answer, read_json
from dauys.ledger.envelope import Form, Signed

if TYPE_CHECKING:
    from dauys.intake.app import Intake


class SignedIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of POST /intake/logins."""

    token: str
    signature: str


def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


async def show_statement(request: Request) -> Response:
    """The exact bytes to sign, rebuilt from the token."""
    asked = _intake(request).logins.open(request.path_params["token"])
    return Response(asked.statement.to_bytes(), headers=PRIVATE, media_type="text/plain; charset=utf-8")


async def accept_login(request: Request) -> Response:
    """Verifies and keeps the result for the browser that asked."""
    intake = _intake(request)
    intake.pool.require_room()  # a busy door is busy for everybody
    body = await read_json(request, SignedIn)
    await intake.logins.accept(body.token, Signed(Form.CMS, body.signature.encode()), datetime.now(UTC))
    return answer({"status": "success"}, 201)


ROUTES = [
    Route("/intake/logins", accept_login, methods=["POST"]),
    Route("/intake/logins/{token}", show_statement),
]
