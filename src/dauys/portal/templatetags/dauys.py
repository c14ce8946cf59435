"""Numbers, dates and addresses as pages write them, in the language of the page (CLDR by Babel)."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override

if TYPE_CHECKING:
    from django.http import HttpRequest

STATIC = Path(__file__).parent.parent / "static"
LOCALES = {"kk": "kk", "ru": "ru", "en": "en_GB"}  # day first, 24 hours: as people here write English dates

register = template.Library()


def locale() -> str:
    """Babel's name of the page's language."""
    return LOCALES[get_language() or settings.LANGUAGE_CODE]


def full_spaces(text: str) -> str:
    """CLDR's narrow no-break spaces as full ones: in Inter the narrow one is hardly seen."""
    return text.replace("\u202f", "\u00a0")


# Babel takes up to 0.1 ms for each of these, and a page of the surge shows the same hundred again and again.
@lru_cache(maxsize=8192)
def written_number(value: int, locale: str) -> str:
    """The number in digits of this locale."""
    return full_spaces(format_decimal(value, locale=locale))


@lru_cache(maxsize=8192)
def written_day(value: date, locale: str) -> str:
    """The date in words."""
    return full_spaces(format_date(value, "long", locale=locale))


def day_in_words(value: date) -> str:
    """The date in words that may end a sentence: Russian "г." there would stand before a second full stop."""
    return written_day(value, locale()).replace("\u00a0г.", "\u00a0года")


@register.filter
def number(value: int) -> str:
    """50000 as "50 000" with spaces that do not break, or "50,000" in English."""
    return written_number(int(value), locale())


@register.filter
def day(value: date) -> str:
    """A moment's date, or a date, in words: "2026 ж. 21 қараша"."""
    return day_in_words(timezone.localdate(value) if isinstance(value, datetime) else value)


@register.filter
def date_words(value: date) -> str:
    """A calendar day in words."""
    return day_in_words(value)


@register.filter
def megabytes(value: int) -> str:
    """A number of bytes as whole millions."""
    return written_number(value // 1_000_000, locale())


@register.filter
def at(table: dict[str, Any], key: str) -> Any:
    """What a table has under a key that only the page knows."""
    return table.get(key)


@register.filter
def moment(value: datetime) -> str:
    """The date in words and the time to the minute."""
    local = timezone.localtime(value)
    return f"{written_day(local.date(), locale())}, {local:%H:%M}"


@register.filter
def clock(value: datetime) -> str:
    """The time to the minute."""
    return f"{timezone.localtime(value):%H:%M}"


@register.filter
def language_name(code: str) -> str:
    """The language's own name of itself."""
    return dict(settings.LANGUAGES)[code]


@cache
def content_hash(name: str) -> str:
    """The first 10 hex digits of the SHA-256 of a static file, so that caches never serve an old one."""
    return hashlib.sha256(Path(f"{STATIC}/{name}").read_bytes()).hexdigest()[:10]


@register.filter
def time_left(until: datetime) -> str:
    """Minutes and seconds until a moment, 14:05; 0:00 once it has passed."""
    minutes, seconds = divmod(max(0, int((until - timezone.now()).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"


@register.simple_tag
def character_words(*, left: bool) -> str:
    """What a script writes after a number of characters, by CLDR's plural categories as JSON: of those left, or too many."""
    forms = {}
    for category, number in (("one", 1), ("few", 2), ("many", 5), ("other", 5)):
        if left:
            forms[category] = ngettext("character left", "characters left", number)
        else:
            forms[category] = ngettext("character too many", "characters too many", number)
    return json.dumps(forms, ensure_ascii=False)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, with the hash of its content."""
    return f"{settings.STATIC_URL}{name}?v={content_hash(name)}"


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """The address of this same page in another language; the home page where this one has no address."""
    request: HttpRequest = context["request"]
    match = request.resolver_match
    with override(language):
        if match is None or match.namespace:  # namespaced are the ways to sign: they answer POST alone
            return reverse("home")
        address = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    return f"{address}?{query}" if query else address


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: object) -> str:
    """The query of this page with some values changed; an empty value takes its name out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return "?" + query.urlencode() if query else "?"
