"""Addresses of the office of petitions, under /<language>/petitions/."""

from __future__ import annotations

from django.urls import path

from dauys.petitions.views import (
    author_letters,
    draft,
    email_signing,
    files,
    following,
    listing,
    mine,
    page,
    preview,
    report,
    starting,
    unsigning,
)

urlpatterns = [
    path("", listing.index, name="petitions"),
    path("new", starting.topics, name="petition-new"),
    path("new/title", starting.title, name="petition-new-title"),
    path("draft/addressee", draft.addressee, name="draft-addressee"),
    path("draft/text", draft.text, name="draft-text"),
    path("draft/author", draft.author, name="draft-author"),
    path("draft/preview", preview.preview, name="draft-preview"),
    path("draft/handed-in", preview.handed_in, name="draft-handed-in"),
    path("draft/delete", draft.delete, name="draft-delete"),
    path("draft/files/<str:sha256>", files.of_draft, name="draft-file"),
    path("draft/link/<str:secret>", draft.link, name="draft-link"),
    path("<int:number>/mend", starting.mend, name="petition-mend"),
    path("mine/<int:number>", mine.one, name="my-petition"),
    path("mine/<int:number>/withdraw", mine.withdraw, name="my-petition-withdraw"),
    path("mine/<int:number>/letters", author_letters.choose, name="my-petition-letters"),
    path("letters/<str:link>/leave", author_letters.leave, name="author-leave"),
    path("mine/<int:number>/appeal", mine.appeal, name="my-petition-appeal"),
    path("<int:number>", page.detail, name="petition"),
    path("<int:number>/count", page.count, name="petition-count"),
    path("<int:number>/report", report.report, name="petition-report"),
    path("<int:number>/sign/email", email_signing.ask, name="email-sign"),
    path("email/<str:token>", email_signing.confirm, name="email-confirm"),
    path("email/<str:token>/receipt", email_signing.receipt, name="email-receipt"),
    path("<int:number>/follow", following.follow, name="follow"),
    path("follow/<str:link>", following.confirm, name="follow-confirm"),
    path("follow/<str:link>/leave", following.leave, name="follow-leave"),
    path("<int:number>/unsign", unsigning.unsign, name="unsign"),
    path("<int:number>/unsign/email", unsigning.ask, name="email-unsign"),
    path("unsign/<str:token>", unsigning.confirm, name="email-unsign-confirm"),
    path("<int:number>/unsigned", unsigning.unsigned, name="unsigned"),
]
