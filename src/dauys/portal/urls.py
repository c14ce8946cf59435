"""All addresses of the portal; pages live under /kk/, /ru/ and /en/."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from dauys.petitions.views import files as petition_files
from dauys.petitions.views import listing, open_data
from dauys.petitions.views import text as petition_text
from dauys.portal import (
    account,
    acts,
    checking,
    desks,
    domains,
    login,
    own_entry,
    pages,
    printing,
    problems,
    receipts,
    signed,
    signing,
)

urlpatterns = [
    path("", pages.welcome, name="welcome"),
    path("petitions/<int:number>/text.txt", petition_text.download, name="petition-text"),
    path("petitions.json", listing.as_json, name="petitions-json"),
    path("petitions.csv", listing.as_csv, name="petitions-csv"),
    path("petitions/<int:number>.json", open_data.one, name="petition-json"),
    path("petitions/<int:number>/steps/<int:index>.tlog-proof", open_data.proof, name="petition-proof"),
    path("petitions/<int:number>/files/<str:sha256>", petition_files.of_petition, name="petition-file"),
]
if settings.DAUYS_MODE == "demo":
    urlpatterns += [path("demo/", include("dauys.demo.plain_urls"))]
urlpatterns += i18n_patterns(
    path("", pages.home, name="home"),
    path("petitions/", include("dauys.petitions.urls")),
    path("petitions/<int:number>/sign", signing.declare, name="sign"),
    path("sign/<str:token>", signing.choose, name="sign-way"),
    path("sign/<str:token>/phone", signing.change_tier, {"tier": "mobile"}, name="sign-by-phone"),
    path("sign/<str:token>/computer", signing.change_tier, {"tier": "desktop"}, name="sign-on-computer"),
    path("sign/<str:token>/state", signing.state, name="sign-state"),
    path("sign/<str:token>/done", signing.done, name="sign-done"),
    path("sign/<str:token>/forget", signing.forget, name="sign-forget"),
    path("sign/<str:token>/receipt", signing.receipt, name="sign-receipt"),
    path("act/<str:token>", acts.way, name="act-way"),
    path("act/<str:token>/phone", acts.change_tier, {"tier": "mobile"}, name="act-by-phone"),
    path("act/<str:token>/computer", acts.change_tier, {"tier": "desktop"}, name="act-on-computer"),
    path("act/<str:token>/state", acts.state, name="act-state"),
    path("login/", login.begin, name="login"),
    path("login/<str:login>", login.way, name="login-way"),
    path("login/<str:login>/computer", login.computer, name="login-on-computer"),
    path("login/<str:login>/state", login.state, name="login-state"),
    path("login/<str:login>/confirm", login.confirm, name="login-confirm"),
    path("account/", account.account, name="account"),
    path("account/signed", signed.signed, name="signed"),
    path("account/signed/<int:number>/receipt", signed.receipt, name="signed-receipt"),
    path("account/own", own_entry.own, name="own-entry"),
    path("account/own/<int:number>/proof", own_entry.proof, name="own-entry-proof"),
    path("account/mailbox", account.mailbox, name="account-mailbox"),
    path("account/log-out", account.log_out, name="log-out"),
    path("desk/", desks.home, name="desk"),
    path("desk/", include("dauys.petitions.desk_urls")),
    path("desk/", include("dauys.desk.urls")),
    path("desk/record/", desks.record, name="desk-record"),
    path("receipt", receipts.check, name="check-receipt"),
    path("receipt/renewed", receipts.renewed, name="renew-receipt"),
    path("receipt/print", printing.from_text, name="print-receipt"),
    path("receipt/here", checking.check_here, name="check-here"),
    path("log", pages.log, name="log"),
    path("domains", domains.domains, name="domains"),
    path("privacy", pages.privacy, name="privacy"),
    path("accessibility", pages.accessibility, name="accessibility"),
    *([path("", include("dauys.demo.urls"))] if settings.DAUYS_MODE == "demo" else []),
)
handler404 = problems.not_found
handler500 = problems.broken
