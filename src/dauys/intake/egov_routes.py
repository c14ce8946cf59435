"""eGov Mobile at the door: API 1, API 2 and the signed documents on their way back.

GET  /intake/mgovSign/{token}             API 1: who asks, until when, where the documents are
GET  /intake/mgovSign/{token}/documents   API 2: the statement to sign
POST /intake/mgovSign/{token}/documents   the same after a signed log-in, where this installation asks for one
PUT  /intake/mgovSign/{token}/documents   the same JSON with signatures → 200 {"status":"success"}, 403 for a bad one
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
    LoginDiffers,
    ManySigners,
    RequestUsed,
    SignatureRejected,
    SignedBefore,
)
from dauys.intake.acts import is_act
from dauys.intake.answers import answer, error_headers, language_of, read_json
from dauys.intake.door import MAX_SIGNATURE
from dauys.intake.egov import PATH, Asked, invitation_url
from dauys.intake.egov_documents import Package, signatures_in
from dauys.intake.egov_login import Login, logged_in
from dauys.intake.login import is_login
from dauys.intake.phone_answers import ANSWERS
from dauys.ledger.envelope import Signed
from dauys.ledger.evidence import kept, person_of

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
    intake, asked = _intake(request), await _open(request)
    bearer, language = intake.requests.tokens.bearer(asked.token), language_of(request, asked.grant.language)
    invitation = intake.egov.invitation(asked, _documents_url(request, asked), bearer, language)
    return answer(msgspec.to_builtins(invitation))


@told
async def show_documents(request: Request) -> Response:
    """API 2."""
    intake, asked = _intake(request), await _open(request)
    if intake.egov.auth != "None":
        _require_bearer(request, asked.token)
    return answer(msgspec.to_builtins(intake.egov.package(asked)))


@told
async def log_in(request: Request) -> Response:
    """API 2 for the one who logs in: what it shows may be signed by nobody else."""
    intake, asked = _intake(request), await _open(request)
    if intake.egov.auth != "Eds":
        raise BearerWrong
    login, now = await read_json(request, Login), datetime.now(UTC)
    with ANSWERS.noting(asked.grant.nonce, now):
        person = logged_in(login, _documents_url(request, asked), intake.door, now)
    package = intake.egov.package(asked, intake.requests.tokens.mark(asked.token, person))
    return answer(msgspec.to_builtins(package))


@told
async def accept_documents(request: Request) -> Response:
    """What the app signed, through the same door as POST /intake/acts; the page that waits learns what came of it."""
    intake, token, now = _intake(request), request.path_params["token"], datetime.now(UTC)
    if intake.egov.auth == "Token":
        _require_bearer(request, token)
    asked = await intake.asked(token, now)
    with ANSWERS.noting(asked.grant.nonce, now):
        intake.pool.require_room()
        signed = _signed(intake, asked, await read_json(request, Package), now)
        await _hand_in(intake, token, signed, now)
    return answer({"status": "success"})


async def _hand_in(intake: Intake, token: str, signed: Signed, now: datetime) -> None:
    """To whom a token of this kind belongs."""
    if is_login(token):
        await intake.logins.accept(token, signed, now)
        return
    if is_act(token):
        await intake.acts.accept(token, signed, now)
        return
    try:
        await intake.hand_in(token, signed, now)
    except RequestUsed:  # the fresh request it brings cannot be used: the code belongs to a page elsewhere
        raise CodeUsed from None
    except AlreadySigned:  # no receipt is told to a phone, only to the browser that asked
        raise SignedBefore from None


def _signed(intake: Intake, asked: Asked, body: Package, now: datetime) -> Signed:
    """The signature that counts; DocumentsDiffer, SigningCancelled, and where several must be one person's, those too.

    Under Eds the mark of the log-in comes back among the facts of the document, and fits one person only.
    """
    by_login = intake.egov.auth == "Eds"
    mark = _mark_in(body) if by_login else ""
    first, *others = signatures_in(body, intake.egov.package(asked, mark))
    if by_login or others:
        person = _only_person(intake, [first, *others], asked.statement.to_bytes(), now)
        if by_login and not _same(mark, intake.requests.tokens.mark(asked.token, person)):
            raise LoginDiffers
    return first


def _mark_in(body: Package) -> str:
    """The last fact of the first document; nothing where there is none."""
    facts = [fact for document in body.documents_to_sign[:1] for fact in document.meta]
    return facts[-1].value if facts else ""


def _only_person(intake: Intake, signed: list[Signed], statement: bytes, now: datetime) -> str:
    """Who signed all of these; ManySigners, any SignatureRejected."""
    people = {person_of(intake.door.signer(kept(one, MAX_SIGNATURE), statement, now)) for one in signed}
    if len(people) > 1:
        raise ManySigners
    return people.pop()


async def _open(request: Request) -> Asked:
    """The request of the address, if it can still be signed; RequestForged, RequestExpired, SubjectClosed."""
    now = datetime.now(UTC)
    asked = await _intake(request).asked(request.path_params["token"], now)
    asked.require_open(now)
    return asked


def _documents_url(request: Request, asked: Asked) -> str:
    """The address of API 2, as API 1 tells it."""
    base = _intake(request).egov.public_url or str(request.base_url).rstrip("/")
    return f"{invitation_url(base, asked.token)}/documents"


def _require_bearer(request: Request, token: str) -> None:
    """BearerWrong unless the app shows what API 1 gave it."""
    shown, bearer = request.headers.get("authorization", ""), _intake(request).requests.tokens.bearer(token)
    if not _same(shown, f"Bearer {bearer}"):
        raise BearerWrong


def _same(shown: str, known: str) -> bool:
    """Compared in constant time, whatever letters were sent."""
    return hmac.compare_digest(shown.encode(), known.encode())


ROUTES = [
    Route(PATH + "{token}", show_invitation),
    Route(PATH + "{token}/documents", show_documents),
    Route(PATH + "{token}/documents", log_in, methods=["POST"]),
    Route(PATH + "{token}/documents", accept_documents, methods=["PUT"]),
]
