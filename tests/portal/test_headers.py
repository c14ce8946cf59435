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
