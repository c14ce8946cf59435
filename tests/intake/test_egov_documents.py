"""Whatever comes back: the signatures of what was sent, or a coded error."""

import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import DauysError
from dauys.intake.egov_documents import MIXED, Meta, Method, Names, Package, package, signatures_in

STATEMENT = "МЕН <осы> ПЕТИЦИЯҒА & ҚОЛ ҚОЯМЫН\n".encode()
RAW = json.dumps({"signature": "AAAA", "certificate": "AAAA"})


def sent_by(method):
    return package(method, Names("Ru", "Kz", "En"), [Meta("Petition", "Title")], STATEMENT)


def signed(sent):
    """The package as an app returns it: each content replaced."""
    body = msgspec.to_builtins(sent)
    for document in body["documentsToSign"]:
        if "documentXml" in document:
            document["documentXml"] = "<signed/>"
        else:
            document["document"]["file"]["data"] = RAW
    return body


def places(value, path=()):
    """The paths of all values in a JSON document."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["CANCELED", RAW, "XML", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("method", get_args(Method))
def test_what_comes_back_unchanged_brings_its_signatures(method):
    sent = sent_by(method)
    found = signatures_in(msgspec.convert(signed(sent), Package), sent)
    assert len(found) == (len(MIXED) if method == "MIX_SIGN" else 1)


@given(method=st.sampled_from(get_args(Method)), data=st.data())
def test_one_changed_value_is_an_error_or_a_signature(method, data):
    sent = sent_by(method)
    body = signed(sent)
    path, new = data.draw(st.sampled_from(list(places(body)))), data.draw(JSON)
    is_signature = bool(path) and path[-1] in ("data", "documentXml")
    try:
        answer = msgspec.json.decode(json.dumps(changed(body, path, new)), type=Package)
        found = signatures_in(answer, sent)
    except (DauysError, msgspec.DecodeError):
        return
    assert is_signature or msgspec.to_builtins(answer) == msgspec.to_builtins(msgspec.convert(body, Package))
    assert len(found) == len(sent.documents_to_sign)
