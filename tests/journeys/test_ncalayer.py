"""A citizen declares on the page, signs with NCALayer on the same computer, and the page goes on; or it says what is wrong."""

import json
import re
from datetime import UTC, datetime

import pytest

from dauys.demo.ncalayer import protocol
from dauys.demo.people import citizen
from dauys.demo.pki import DemoPki
from dauys.demo.server import free_port
from offline_check import verify

pytestmark = pytest.mark.browser

# The unmodified client looks for another program's HTTP API; the page's policy forbids it, and the browser says so.
FORBIDDEN = "https://127.0.0.1:24680/"
DONE = re.compile(r"/done$")
PAGE = re.compile(r"/sign/[\w-]+$")


@pytest.fixture(scope="module")
def width():
    """A computer's: tests of what goes wrong look at one."""
    return 1280


def open_page(page, language, petition=7):
    """From the petition to the page that signs on this computer."""
    page.goto(f"/{language}/petitions/{petition}")
    page.locator("a[href$='/sign']").first.click()
    page.locator("input[name=declare]").check()
    page.locator("main form button").first.click()
    page.locator("a[href$='/computer']").click()
    page.locator("[data-socket] button").wait_for()


def press(page):
    page.locator("[data-socket] button").focus()
    page.keyboard.press("Enter")


@pytest.fixture
def window(browser, ncalayer):
    """NCALayer's window; `window("sign")` and `window("cancel")` decide what waits, or will."""
    context = browser.new_context(viewport={"width": 900, "height": 800}, java_script_enabled=False)
    context.set_default_timeout(10_000)

    def decide(what, number=None):
        page = context.new_page()  # a page that looks for requests by itself is not to be led elsewhere
        page.goto(f"{ncalayer}/?language=en" + (f"&citizen={number}" if number is not None else ""))
        page.locator("button" if what == "sign" else "button.plain").first.click()
        said = page.locator("[role=status]").inner_text()
        page.close()
        return said

    yield decide
    context.close()


def told(page, kind="trouble"):
    """What the page says once it says anything of that kind."""
    said = page.locator(f".ncalayer__state > .{kind} strong")
    said.wait_for()
    return page.locator(".ncalayer__state").inner_text()


class TestOnEveryScreen:
    @pytest.fixture(params=[1280, 360], ids=["desktop", "phone"])
    def width(self, request):
        return request.param

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_from_the_petition_to_a_receipt_that_verifies(self, page, portal, width, window, language, tmp_path):
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        open_page(page, language)
        assert "tier: desktop" in page.locator("pre.statement").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        press(page)
        assert window("sign").startswith("Signed.")
        page.wait_for_url(DONE)
        assert page.locator("html").get_attribute("lang") == language
        with page.expect_download() as download:
            page.locator("main a[download]").first.click()
        download.value.save_as(tmp_path / "mine.tlog-proof")
        verify(portal, tmp_path / "mine.tlog-proof", expected=0)
        assert [text for text in complaints if FORBIDDEN not in text] == []


@pytest.mark.parametrize(("language", "number"), [("kk", 4001), ("ru", 4002)])
def test_an_act_of_an_office_is_signed_on_the_computer_too(page, window, language, number):
    open_page(page, language)
    press(page)
    window("sign", number)
    page.wait_for_url(DONE)
    page.goto(f"/{language}/petitions/7/unsign")
    page.locator("main form button").first.click()
    page.locator("a[href$='/computer']").click()
    page.locator("[data-socket] button").wait_for()
    assert "tier: desktop" in page.locator("pre.statement").inner_text()
    press(page)
    assert window("sign", number).startswith("Signed.")
    page.wait_for_url(re.compile(rf"/{language}/petitions/7/unsigned(\?|$)"))


def test_who_declines_is_told_kindly_and_may_still_sign(page, window):
    open_page(page, "kk")
    press(page)
    assert window("cancel").startswith("Not signed.")
    assert "Сіз қол қоймадыңыз." in told(page, "told")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    press(page)
    window("sign")
    page.wait_for_url(DONE)


def test_where_no_ncalayer_runs_the_page_says_how_to_start_it(page, ncalayer):
    used, unused = ncalayer.rpartition(":")[2], str(free_port())

    def elsewhere(route):
        answer = route.fetch()
        policy = answer.headers["content-security-policy"].replace(used, unused)
        headers = answer.headers | {"content-security-policy": policy}
        route.fulfill(response=answer, body=answer.text().replace(used, unused), headers=headers)

    open_page(page, "ru")
    page.route(PAGE, elsewhere)
    page.reload()
    press(page)
    said = told(page)
    assert "NCALayer не отвечает." in said
    assert page.locator(".ncalayer__state a[href='https://ncl.pki.gov.kz/']").is_visible()
    assert page.locator("[data-socket] button").get_attribute("aria-disabled") is None


def between(page, answer_of):
    """Puts `answer_of(request)` before the demo's NCALayer: a text is the answer, None passes on, False hangs up."""

    def route(socket):
        server = socket.connect_to_server()

        def pass_on(message):
            answer = answer_of(json.loads(message))
            if answer is None:
                server.send(message)
            elif answer is False:
                socket.close()
            else:
                socket.send(answer)

        socket.on_message(pass_on)

    page.route_web_socket(re.compile("^ws://127.0.0.1:"), route)


def basics(request):
    return request["module"] == "kz.gov.pki.knca.basics"


def test_an_older_ncalayer_signs_by_its_older_module(page, window):
    between(page, lambda request: protocol.MODULE_NOT_FOUND if basics(request) else None)
    open_page(page, "ru")
    press(page)
    window("sign")
    page.wait_for_url(DONE)


@pytest.mark.parametrize(("answer_of", "kind", "words"), [
    (lambda _: protocol.MODULE_NOT_FOUND, "trouble", "This NCALayer cannot sign here."),
    (lambda request: False if basics(request) else None, "trouble", "NCALayer was closed."),
    (lambda request: '{"status":false,"code":"SIGNING_FAILURE","message":"m","details":"<b>d</b>"}' if basics(request) else None,
     "trouble", "SIGNING_FAILURE: m (<b>d</b>)"),
    (lambda request: '{"status":true,"body":{}}' if basics(request) else None, "told", "You did not sign."),
])  # fmt: skip
def test_what_ncalayer_cannot_do_is_told_and_may_be_tried_again(page, answer_of, kind, words):
    between(page, answer_of)
    open_page(page, "en")
    for _ in range(2):
        press(page)
        assert words in told(page, kind)


def signed_by(pki):
    """An NCALayer that signs whatever comes with a citizen's key of this PKI."""
    return lambda request: protocol.read(json.dumps(request)).carry_out(pki, citizen(7), datetime.now(UTC)) if basics(request) else None  # fmt: skip


@pytest.mark.parametrize(("language", "why"), [
    ("kk", "сенетін куәландырушы орталық"), ("ru", "которому доверяет портал"), ("en", "that this portal trusts"),
])  # fmt: skip
def test_a_false_ncalayer_with_an_authority_of_its_own_is_refused(page, impostor, language, why):
    """As github.com/sadshade/FCALayer does: all names are right, and the chain leads nowhere."""
    between(page, signed_by(impostor))
    open_page(page, language)
    press(page)
    said = told(page)
    assert why in said
    assert "issuer-untrusted" in said
    assert PAGE.search(page.url)


@pytest.fixture(scope="module")
def impostor(tmp_path_factory):
    return DemoPki.create(tmp_path_factory.mktemp("impostor"), seed=8)


def test_whoever_signed_before_gets_the_receipt_again(page, window):
    open_page(page, "ru")
    press(page)
    window("sign", number=200_000_001)
    page.wait_for_url(DONE)
    open_page(page, "ru")
    press(page)
    window("sign", number=200_000_001)
    assert "Вы уже подписали" in told(page, "told")
    page.locator(".ncalayer__state summary").click()
    assert page.locator(".ncalayer__state pre").inner_text().startswith("c2sp.org/tlog-proof@v1")


def test_a_page_that_another_person_used_leads_to_a_fresh_one(page, window):
    open_page(page, "ru")
    address = page.url
    press(page)
    window("sign")
    page.wait_for_url(DONE)
    page.context.clear_cookies()  # without them the page of a used request shows again
    page.goto(address)
    press(page)
    window("sign", number=200_000_002)
    page.locator(".ncalayer__state a").click()
    page.locator("[data-socket] button").wait_for()
    assert page.url != address
    press(page)
    window("sign")
    page.wait_for_url(DONE)


def test_a_signature_that_did_not_arrive_is_sent_again_without_signing_again(page, window):
    open_page(page, "en")
    page.route("**/intake/acts", lambda route: route.abort(), times=1)
    press(page)
    window("sign")
    assert "You need not sign again" in told(page)
    busy = {"code": "overloaded", "message": "Very many people", "facts": {"seconds": 5}}
    page.route("**/intake/acts", lambda route: route.fulfill(status=503, json=busy), times=1)
    press(page)
    page.get_by_text("Very many people").wait_for()
    press(page)
    page.wait_for_url(DONE)


def test_time_that_runs_out_is_told(page):
    page.clock.install()
    open_page(page, "en")
    press(page)
    page.get_by_text("The window may be behind this one.").wait_for()
    page.clock.fast_forward("16:00")
    assert "The time to sign has passed." in told(page)
    assert page.locator(".ncalayer__state a[href$='/sign']").is_visible()


def test_without_javascript_the_phone_is_offered(plain_page):
    plain_page.goto("/en/petitions/7/sign")
    plain_page.locator("input[name=declare]").check()
    plain_page.locator("main form button").first.click()
    assert "NCALayer needs JavaScript" in plain_page.locator(".on-computer noscript p").inner_text()
    assert not plain_page.locator("a[href$='/computer']").is_visible()
    plain_page.goto(plain_page.url + "/computer")
    assert plain_page.get_by_text("NCALayer needs JavaScript").is_visible()
    assert not plain_page.locator("[data-socket] button").is_visible()
    plain_page.locator("a[href$='/phone']").click()
    assert plain_page.locator("svg.egov__code").is_visible()
