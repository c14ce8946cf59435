"""Addresses under /demo/ that machines ask for, without a language; they exist in demo mode only."""

from __future__ import annotations

from django.urls import path

from dauys.demo import published_lists

urlpatterns = [path("<str:name>", published_lists.serve, name="demo-list")]
