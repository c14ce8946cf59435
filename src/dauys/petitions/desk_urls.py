"""Addresses of the desks of petitions, under /<language>/desk/."""

from __future__ import annotations

from django.urls import path

from dauys.petitions.views import desk_agency, desk_appeals, desk_erasing, desk_paper, desk_petition, desk_queue

urlpatterns = [
    path("moderation/", desk_queue.queue, name="desk-moderation"),
    path("moderation/several", desk_queue.several, name="desk-several"),
    path("moderation/reports", desk_queue.reported, name="desk-reported"),
    path("moderation/<int:number>", desk_petition.petition, name="desk-petition"),
    path("moderation/<int:number>/beat", desk_petition.beat, name="desk-beat"),
    path("moderation/<int:number>/files/<str:sha256>", desk_petition.file, name="desk-file"),
    path("moderation/<int:number>/paper", desk_paper.sheets, name="desk-paper"),
    path("moderation/<int:number>/paper/<int:sheet>", desk_paper.sheet, name="desk-paper-sheet"),
    path("erasures/", desk_erasing.erasures, name="desk-erasures"),
    path("appeals/", desk_appeals.queue, name="desk-appeals"),
    path("appeals/<int:number>", desk_appeals.appeal, name="desk-appeal"),
    path("agency/", desk_agency.queue, name="desk-agency"),
    path("agency/<int:number>", desk_agency.petition, name="desk-agency-petition"),
    path("agency/<int:number>/sign", desk_agency.sign, name="desk-agency-sign"),
]
