import pytest


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(portal, headers):
    answer = portal.post("/en/receipt", {"text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "cross-site" in answer.content.decode()


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver"}, {}]
)
def test_our_own_form_and_a_client_that_is_no_browser_pass(portal, headers):
    assert portal.post("/en/receipt", {"text": "x"}, headers=headers).status_code == 200


def test_reading_is_free_for_all(portal):
    assert portal.get("/en/", headers={"sec-fetch-site": "cross-site"}).status_code == 200
