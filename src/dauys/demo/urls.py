"""Addresses that exist in demo mode only."""

from __future__ import annotations

from django.urls import path

from dauys.demo import web

app_name = "demo"
urlpatterns = [
    path("sign/<str:token>/demo", web.sign, name="sign"),
    path("act/<str:token>/demo", web.act, name="act"),
    path("login/<str:login>/demo", web.log_in, name="log-in"),
]
