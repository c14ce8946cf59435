"""The inbox of everyone in the demo country: letters as they were handed over, newest first."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Received:
    """One letter, as a mail program would show it."""

    to: str
    subject: str
    text: str


@require_safe
@cache_control(no_store=True)
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest letters to anybody."""
    files = sorted(settings.EMAIL_FILE_PATH.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return render(request, "portal/demo/mail.html", {"letters": [_read(file) for file in files[:MOST_SHOWN]]})


@require_safe
def to_inbox(_request: HttpRequest) -> HttpResponse:
    """From /demo/mail to the page in a language."""
    return HttpResponseRedirect(reverse("demo:inbox"))


def _read(file: Path) -> Received:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    text = str(message.get_content()).partition("\n" + "-" * 79)[0]  # the backend's own line follows
    return Received(str(message["To"]), str(message["Subject"]), text)
