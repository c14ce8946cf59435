import webworld


def test_every_answer_carries_the_security_headers(portal):
    petition = webworld.add_petition()
    for path in ("/kk/", "/kk/nowhere", f"/kk/petitions/{petition.pk}/sign", f"/petitions/{petition.pk}/text.txt", "/"):
        headers = portal.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_signing_is_never_kept(portal):
    petition = webworld.add_petition()
    assert portal.get(f"/kk/petitions/{petition.pk}/sign").headers["Cache-Control"] == "no-store"
    assert portal.post("/kk/receipt", {"text": "x"}).headers["Cache-Control"] == "no-store"


def test_a_page_is_made_once_a_second_and_signing_every_time(portal):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    petition = webworld.add_petition()
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "once"}}
    ):
        first = portal.get(f"/kk/petitions/{petition.pk}")
        with CaptureQueriesContext(connection) as asked:
            again, russian = (
                portal.get(f"/kk/petitions/{petition.pk}"),
                portal.get(f"/ru/petitions/{petition.pk}?text=kk"),
            )
        assert again.content == first.content
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert russian.content != first.content
        assert len(asked) == 7  # of the Russian page alone
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                portal.get(f"/kk/petitions/{petition.pk}/sign")
            assert asked
