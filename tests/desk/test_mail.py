"""Letters wait sealed, go once, are tried again with pauses and given up at last."""

from datetime import UTC, datetime, timedelta

import pytest

import webworld
from webworld import installation

pytestmark = pytest.mark.usefixtures("portal")

ADDRESS = "aigul@example.kz"


@pytest.fixture
def inbox(settings_of_mail, tmp_path):
    settings_of_mail.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def settings_of_mail(monkeypatch):
    from django.conf import settings

    class Settings:
        def __setattr__(self, name, value):
            monkeypatch.setattr(settings, name, value)

    return Settings()


@pytest.fixture
def portal():
    webworld.installation()
    from django.test import Client

    from dauys.desk.models import Mail

    yield Client()
    Mail.objects.all().delete()
    webworld.clear()


def queue(text="Растаңыз: https://example.kz/x"):
    from dauys.desk.mail import queue_mail
    from dauys.desk.transactions import office_transaction

    _, keys = installation()
    with office_transaction():
        queue_mail(keys, ADDRESS, "kk", "Қолтаңбаңызды растаңыз", text, "email-signature")


def send(now=None):
    from dauys.desk.mail import send_due

    return send_due(installation()[1], now or datetime.now(UTC) + timedelta(seconds=1))


def test_a_letter_waits_sealed_goes_once_and_is_forgotten(inbox, portal):
    from dauys.desk.models import Mail

    queue()
    assert ADDRESS.encode() not in bytes(Mail.objects.get().sealed)
    assert [send(), send()] == [1, 0]
    assert not Mail.objects.exists()
    assert len(list(inbox.iterdir())) == 1
    page = portal.get("/kk/demo/mail").content.decode()
    assert ADDRESS in page
    assert "Қолтаңбаңызды растаңыз" in page
    assert 'href="https://example.kz/x"' in page.replace(' rel="nofollow"', "")
    assert portal.get("/demo/mail").headers["Location"].endswith("/demo/mail")


def test_what_is_not_taken_is_tried_again_and_given_up_at_last(settings_of_mail):
    from dauys.desk.mail import MOST_TRIES
    from dauys.desk.models import Mail

    settings_of_mail.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings_of_mail.EMAIL_PORT = 1
    queue()
    now = datetime.now(UTC) + timedelta(seconds=1)
    for tried in range(1, MOST_TRIES):
        assert send(now) == 0
        mail = Mail.objects.get()
        assert mail.tries == tried
        assert send(mail.next_try - timedelta(seconds=1)) == 0
        assert Mail.objects.get().tries == tried
        now = mail.next_try
    send(now)
    assert not Mail.objects.exists()


def test_a_letter_of_a_transaction_that_failed_is_never_sent(inbox):
    from dauys.desk.mail import queue_mail
    from dauys.desk.transactions import office_transaction

    def failing():
        with office_transaction():
            queue_mail(installation()[1], ADDRESS, "ru", "Тема", "Текст", "test")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert send() == 0
    assert not inbox.exists()
