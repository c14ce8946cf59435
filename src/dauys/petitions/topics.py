"""What a petition is about, for those who look for petitions; the law knows no such list."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TOPICS = {
    "education": gettext_noop("Education"),
    "health": gettext_noop("Health"),
    "environment": gettext_noop("Environment"),
    "transport": gettext_noop("Transport and roads"),
    "utilities": gettext_noop("Water, heat, light"),
    "housing": gettext_noop("Housing"),
    "social": gettext_noop("Family and social support"),
    "work": gettext_noop("Work and pay"),
    "economy": gettext_noop("Economy and taxes"),
    "agriculture": gettext_noop("Villages and farming"),
    "culture": gettext_noop("Culture and sport"),
    "animals": gettext_noop("Animals"),
    "accessibility": gettext_noop("Accessibility"),
    "digital": gettext_noop("Digital services"),
    "safety": gettext_noop("Safety"),
    "other": gettext_noop("Something else"),
}
