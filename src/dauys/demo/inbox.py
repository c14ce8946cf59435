"""The inbox of everyone in the demo country: letters as they were handed over, newest first."""

from __future__ import annotations

import email
import email.policy
import itertools
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
RULER = b"\n" + b"-" * 79 + b"\n"  # what Django's backend ends a letter with: one file may hold several


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
    newest = itertools.chain.from_iterable(map(letters_of, files))
    return render(request, "portal/demo/mail.html", {"letters": list(itertools.islice(newest, MOST_SHOWN))})


@require_safe
def to_inbox(_request: HttpRequest) -> HttpResponse:
    """From /demo/mail to the page in a language."""
    return HttpResponseRedirect(reverse("demo:inbox"))


def letters_of(file: Path) -> list[Received]:
    """The letters of one file, the newest first."""
    return [_read(letter) for letter in reversed(file.read_bytes().split(RULER)) if letter.strip()]


def _read(letter: bytes) -> Received:
    message = email.message_from_bytes(letter, policy=email.policy.default)
    return Received(str(message["To"]), str(message["Subject"]), str(message.get_content()))
