"""Acts of offices at the door: the exact statement, and the signature over it. The phone's way is `dauys.intake.egov_routes`.

GET  /intake/office-acts/{token}   the statement as text/plain
POST /intake/office-acts           {token, signature: base64 CMS} → 201 {"status": "success"}
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dauys.intake.answers import PRIVATE, answer, read_json
from dauys.intake.login_routes import SignedIn
from dauys.ledger.envelope import Form, Signed

if TYPE_CHECKING:
    from dauys.intake.app import Intake


def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


async def show_statement(request: Request) -> Response:
    """The exact bytes to sign, rebuilt from the token."""
    asked = await _intake(request).acts.open(request.path_params["token"])
    return Response(asked.statement.to_bytes(), headers=PRIVATE, media_type="text/plain; charset=utf-8")


async def accept_act(request: Request) -> Response:
    """Verifies and lets the office act."""
    body = await read_json(request, SignedIn)
    await _intake(request).acts.accept(body.token, Signed(Form.CMS, body.signature.encode()), datetime.now(UTC))
    return answer({"status": "success"}, 201)


ROUTES = [
    Route("/intake/office-acts", accept_act, methods=["POST"]),
    Route("/intake/office-acts/{token}", show_statement),
]
