"""Addresses of the administrator's desk, under /<language>/desk/."""

from __future__ import annotations

from django.urls import path

from dauys.desk import administration

urlpatterns = [
    path("people/", administration.people, name="desk-people"),
    path("bodies/", administration.all_of_them, name="desk-bodies"),
]
