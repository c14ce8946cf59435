"""Module kz.gov.pki.knca.basics: one window for any key, one document or many."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from dauys.demo.ncalayer.messages import Request, Unreadable, content, text_of
from dauys.demo.ncalayer.tasks import Task, Wanted

if TYPE_CHECKING:
    from dauys.demo.pki import Signatory

CANCELLED = text_of({"status": True, "body": {}})


def read(request: Request) -> str | Task:
    """The task of a `sign` request, or the error that answers it."""
    if request.method != "sign":
        return invocation_error(f"java.lang.NoSuchMethodException: {request.method}")
    args = request.args if isinstance(request.args, dict) else {}
    for name in ("signingParams", "signerParams"):
        if not isinstance(args.get(name), dict):
            return invocation_error(f'org.json.JSONException: JSONObject["{name}"] is not a JSONObject.')
    try:
        return _task(args)
    except Unreadable as why:
        return error("SIGNING_FAILURE", "The demo cannot sign this.", str(why))


def _task(args: dict[str, Any]) -> Task:
    signing, signer = args["signingParams"], args["signerParams"]
    if args.get("format") != "cms":
        raise Unreadable("it makes CMS only")
    if _is_true(signing.get("digested")):
        raise Unreadable("it signs documents, not their digests")
    if signing.get("tsaProfile") is not None:
        raise Unreadable("there is no time stamp authority in the demo country")
    usages = signer.get("extKeyUsageOids") or []
    wanted = Wanted(frozenset(map(str, usages)), str(signer.get("iin") or ""), str(signer.get("bin") or ""))
    documents = tuple(_document(text, decode=_is_true(signing.get("decode"))) for text in _texts(args.get("data")))
    return Task(wanted, documents, _is_true(signing.get("encapsulate")), _signed, CANCELLED)


def _texts(data: Any) -> list[str]:
    texts = data if isinstance(data, list) else [data]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise Unreadable("there is nothing to sign")
    return texts


def _document(text: str, *, decode: bool) -> bytes:
    return content(text) if decode else text.encode()


def _is_true(value: Any) -> bool:
    """Pages send booleans as such or as words."""
    return value is True or value == "true"


def _signed(_signatory: Signatory, signatures: list[bytes]) -> str:
    """The answer to a Yes: always a list, also for one document."""
    return text_of({"status": True, "body": {"result": [b64encode(each).decode() for each in signatures]}})


def error(code: str, message: str, details: str) -> str:
    """The module's answer where nothing could be signed."""
    return text_of({"status": False, "code": code, "message": message, "details": details})


def invocation_error(details: str) -> str:
    """The answer to a call that does not fit the method."""
    return error("INVOCATION_ERROR", "An invoked method threw an exception.", details)
