"""Django's settings: pages without sessions, accounts or cookies, on the database of this installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from dauys.intake.egov import Egov

HERE = Path(__file__).parent

# ---- This installation ------------------------------------------------------------------------------------------
DAUYS_VAR = Path(os.environ.get("DAUYS_VAR", "var")).absolute()
DAUYS_MODE = os.environ.get("DAUYS_MODE", "production")
DAUYS_JURISDICTION = os.environ.get("DAUYS_JURISDICTION", "kz")  # whose rules new petitions begin under
# A folder like `rules/` with more bodies to ask: those that an operator adds; the demo has districts of its own.
_more_bodies = os.environ.get("DAUYS_BODIES") or (
    HERE.parent / "demo" / "data" / "rules" if DAUYS_MODE == "demo" else ""
)
DAUYS_BODIES = Path(_more_bodies).absolute() if _more_bodies else None
DAUYS_LOG_URL = "/log/"  # where checkpoint, tiles and entry bundles are served
DAUYS_COUNT_SECONDS = 2 if DAUYS_MODE == "demo" else 10  # how often an open page asks for the count again
DAUYS_POLL_SECONDS = 2 if DAUYS_MODE == "demo" else 5  # how often a page asks whether its statement was signed
DAUYS_RELOAD_SECONDS = 3 * DAUYS_POLL_SECONDS  # and how often it is loaded again where there is no script
DAUYS_EGOV = Egov.from_environment(os.environ)
# Where letters lead to; `dauys serve` tells its worker where it listens, for an installation with no public address.
DAUYS_ADDRESS = DAUYS_EGOV.public_url or os.environ.get("DAUYS_ADDRESS", "http://127.0.0.1:8000")
DAUYS_DEMO_PHONE = os.environ.get("DAUYS_DEMO_PHONE", "") if DAUYS_MODE == "demo" else ""  # its address, if it runs
DAUYS_DEMO_NCALAYER = os.environ.get("DAUYS_DEMO_NCALAYER", "") if DAUYS_MODE == "demo" else ""  # likewise
DAUYS_NCALAYER_TIMESTAMP = os.environ.get("DAUYS_NCALAYER_TIMESTAMP", "off") == "on"  # ask for a national time stamp
# A page to sign offers the ways of these templates; `proposed_citizen(request)` belongs to the demonstration's way.
DAUYS_SIGN_WAYS = ("portal/sign/ways/egov.html",) if DAUYS_MODE == "demo" or DAUYS_EGOV.complete else ()
DAUYS_SIGN_WAYS += ("portal/sign/ways/ncalayer.html",)
DAUYS_SIGN_WAYS += ("portal/sign/ways/demo.html",) if DAUYS_MODE == "demo" else ()
DAUYS_LOGIN_WAYS = ("portal/sign/ways/egov.html",) if DAUYS_MODE == "demo" or DAUYS_EGOV.complete else ()
DAUYS_LOGIN_WAYS += ("portal/login/ways/ncalayer.html",)
DAUYS_LOGIN_WAYS += ("portal/login/ways/demo.html",) if DAUYS_MODE == "demo" else ()
DAUYS_LOGIN_PEOPLE = "dauys.demo.officials.login_people" if DAUYS_MODE == "demo" else ""
DAUYS_CANDIDATE = "dauys.demo.candidates.offered" if DAUYS_MODE == "demo" else ""  # somebody to appoint
DAUYS_BEGIN_ACT = "dauys.portal.acts.begin_act"  # what `desk.signing` calls
DAUYS_ACT_WAYS = ("portal/sign/ways/egov.html",) if DAUYS_MODE == "demo" or DAUYS_EGOV.complete else ()
DAUYS_ACT_WAYS += ("portal/act/ways/ncalayer.html",)
DAUYS_ACT_WAYS += ("portal/act/ways/demo.html",) if DAUYS_MODE == "demo" else ()
DAUYS_ACT_PEOPLE = "dauys.demo.officials.act_people" if DAUYS_MODE == "demo" else ""
DAUYS_PROPOSED_CITIZEN = "dauys.demo.web.proposed_citizen" if DAUYS_MODE == "demo" else ""
ALLOWED_HOSTS = [host for host in os.environ.get("DAUYS_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
# Nothing public is signed with it: there is no session and no token. Kept on disk so that processes agree.
_key = DAUYS_VAR / "keys" / "django.key"
SECRET_KEY = _key.read_text().strip() if _key.is_file() else secrets.token_hex(32)
DEBUG = False

# ---- Django -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = ["dauys.desk", "dauys.petitions", "dauys.portal"]
ROOT_URLCONF = "dauys.portal.urls"
WSGI_APPLICATION = "dauys.portal.wsgi.application"
MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "dauys.portal.headers.HeadersMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dauys.portal.problems.ProblemMiddleware",
    "dauys.portal.crosssite.CrossSiteMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
# A page is made at most once a second per process: answers are kept for their own max-age, and without one not at all.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1000}}}
CACHE_MIDDLEWARE_SECONDS = 0
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "dauys.portal.templatetags.dauys"],
            "context_processors": ["django.template.context_processors.request", "dauys.portal.context.portal"],
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DAUYS_VAR / "dauys.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # nothing sent here touches a disk
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes; a receipt is under 8 KiB

# ---- Letters: to a mail server, or in demo mode into files that /demo/mail shows -----------------------------------
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DAUYS_MODE == 'demo' else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = DAUYS_VAR / "mail"
EMAIL_HOST, EMAIL_PORT = os.environ.get("DAUYS_SMTP_HOST", "localhost"), int(os.environ.get("DAUYS_SMTP_PORT", "25"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = os.environ.get("DAUYS_SMTP_USER", ""), os.environ.get("DAUYS_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("DAUYS_SMTP_TLS", "off") == "on"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("DAUYS_MAIL_FROM", "dauys@localhost")

# ---- Languages --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
# The whole country lives at UTC+5 since 1 March 2024; this zone says so in every tzdata since 2018.
TIME_ZONE = "Asia/Qyzylorda"
STATIC_URL = "/static/"

# ---- What broke goes to standard error, where the operator's service manager keeps it ---------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
