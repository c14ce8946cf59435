"""Addresses that exist in demo mode only."""

from __future__ import annotations

from django.urls import path

from dauys.demo import inbox, web

app_name = "demo"
urlpatterns = [
    path("demo/mail", inbox.inbox, name="inbox"),
    path("sign/<str:token>/demo", web.sign, name="sign"),
    path("act/<str:token>/demo", web.act, name="act"),
    path("login/<str:login>/demo", web.log_in, name="log-in"),
]
