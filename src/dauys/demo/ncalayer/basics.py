"""Module kz.gov.pki.knca.basics: one window for any key, one document or many."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from dauys.demo.ncalayer.messages import Request, Unreadable, content, text_of, xml
from dauys.demo.ncalayer.tasks import Task, Wanted, attached_cms, detached_cms, enveloped_xml

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
    form, texts, wanted = args.get("format"), _texts(args.get("data")), _wanted(args["signerParams"])
    if form == "xml":
        return Task(wanted, tuple(xml(text) for text in texts), enveloped_xml, _signed_xml, CANCELLED)
    if form != "cms":
        raise Unreadable("the format is neither cms nor xml")
    signing = args["signingParams"]
    _require_possible(signing)
    documents = tuple(content(text) if _is_true(signing.get("decode")) else text.encode() for text in texts)
    sign = attached_cms if _is_true(signing.get("encapsulate")) else detached_cms
    return Task(wanted, documents, sign, _signed_cms, CANCELLED)


def _wanted(signer: dict[str, Any]) -> Wanted:
    usages = signer.get("extKeyUsageOids") or []
    listed = usages if isinstance(usages, list) else [usages]
    return Wanted(frozenset(map(str, listed)), str(signer.get("iin") or ""), str(signer.get("bin") or ""))


def _require_possible(signing: dict[str, Any]) -> None:
    """Unreadable where the demo lacks what is asked for."""
    if _is_true(signing.get("digested")):
        raise Unreadable("the demo signs documents, not their digests")
    if signing.get("tsaProfile") is not None:
        raise Unreadable("there is no time stamp authority in the demo country")


def _texts(data: Any) -> list[str]:
    texts = data if isinstance(data, list) else [data]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise Unreadable("there is nothing to sign")
    return texts


def _is_true(value: Any) -> bool:
    """Pages send booleans as such or as words."""
    return value is True or value == "true"


def _signed_cms(_signatory: Signatory, signatures: list[bytes]) -> str:
    return _result([b64encode(signature).decode() for signature in signatures])


def _signed_xml(_signatory: Signatory, documents: list[bytes]) -> str:
    return _result([document.decode() for document in documents])


def _result(signatures: list[str]) -> str:
    """The answer to a Yes: always a list, also for one document."""
    return text_of({"status": True, "body": {"result": signatures}})


def error(code: str, message: str, details: str) -> str:
    """The module's answer where nothing could be signed."""
    return text_of({"status": False, "code": code, "message": message, "details": details})


def invocation_error(details: str) -> str:
    """The answer to a call that does not fit the method."""
    return error("INVOCATION_ERROR", "An invoked method threw an exception.", details)
