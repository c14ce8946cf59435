"""Addresses under /demo/ that machines ask for, without a language; they exist in demo mode only."""

from __future__ import annotations

from django.urls import path

from dauys.demo import inbox, published_lists

urlpatterns = [
    path("mail", inbox.to_inbox, name="demo-mail"),
    path("<str:name>", published_lists.serve, name="demo-list"),
]
