"""The protocol as text: every message has an answer, and whoever goes away is waited for no longer."""

import json
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import connect

from dauys.demo.ncalayer import protocol
from dauys.demo.ncalayer.tasks import Task

NOT_FOUND = {"success": False, "errorCode": "MODULE_NOT_FOUND"}
BASICS, COMMON = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"
SIGN = {
    "module": BASICS,
    "method": "sign",
    "args": {"format": "cms", "data": "TVRFSw==", "signingParams": {"decode": "true"}, "signerParams": {}},
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def read(message):
    return protocol.read(message if isinstance(message, str) else json.dumps(message))


def test_greeting_and_heartbeat():
    assert json.loads(protocol.GREETING) == {"result": {"version": "1.4"}}
    assert read("--heartbeat--") == "--heartbeat--"


@pytest.mark.parametrize(
    "message",
    ["", "{", "[]", "7", "{}", '{"module":"kz.digiflow.mobile.extensions","method":"getVersion"}', "[" * 9999],
)
def test_what_is_for_no_module_here_is_said_so(message):
    assert json.loads(read(message)) == NOT_FOUND


def test_the_words_true_and_false_are_taken_for_what_they_mean():
    assert read(SIGN).documents == (b"MTEK",)
    plain = SIGN | {"args": SIGN["args"] | {"signingParams": {"decode": "false"}}}
    assert read(plain).documents == (b"TVRFSw==",)


@given(
    module=st.sampled_from([BASICS, COMMON]),
    method=st.sampled_from(
        ["sign", "getActiveTokens", "getKeyInfo", "createCAdESFromBase64", "signXml", "signXmls", "changeLocale", "x"]
    ),
    args=values | st.fixed_dictionaries(dict.fromkeys(SIGN["args"], values)) | st.lists(values, max_size=5),
)
def test_whatever_is_asked_gets_an_answer_of_its_module(module, method, args):
    answer = read({"module": module, "method": method, "args": args})
    texts = [answer.cancelled] if isinstance(answer, Task) else [answer]
    for body in map(json.loads, texts):
        assert body["status"] in (True, False) if module == BASICS else body["code"] in ("200", "500")


def shows(url, words):
    until = time.monotonic() + 20
    while words not in httpx.get(url, params={"language": "en"}).text:
        assert time.monotonic() < until, words
        time.sleep(0.05)


def test_a_page_that_goes_away_leaves_nothing_to_sign(asking):
    with connect(asking.replace("http", "ws", 1), origin="https://dauys.example") as page:
        assert page.recv() == protocol.GREETING
        page.send(json.dumps(SIGN))
        shows(asking, "https://dauys.example")
        page.send("--heartbeat--")
        assert page.recv() == "--heartbeat--"
    shows(asking, "No request")
