"""Addresses of the office of petitions, under /<language>/petitions/."""

from __future__ import annotations

from django.urls import path

from dauys.petitions.views import listing, page

urlpatterns = [
    path("", listing.index, name="petitions"),
    path("<int:number>", page.detail, name="petition"),
    path("<int:number>/count", page.count, name="petition-count"),
]
