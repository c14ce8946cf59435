"""One process, one port: the surge door, static files, and the portal as WSGI behind it (design, "Web")."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.portal.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dauys.intake.app import create_app
from dauys.intake.revocation import is_asked
from dauys.ledger.places import Places

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.staticfiles import PathLike
    from starlette.types import Scope

FOR_EVER, FOR_A_DAY = "public, max-age=31536000, immutable", "public, max-age=86400"
PORTAL_THREADS = 10  # pages wait on SQLite reads of a millisecond; more threads only queue at the GIL


def create() -> Starlette:
    """The whole portal of the installation that DAUYS_VAR and DAUYS_MODE name."""
    from dauys.portal.wsgi import application  # noqa: PLC0415, I001 - Django reads its settings when this is imported
    from dauys.portal.offices import offices  # noqa: PLC0415 - and its models only after that

    routes = [
        Mount("/static", Assets(directory=settings.HERE / "static")),
        Mount("/", WSGIMiddleware(application, workers=PORTAL_THREADS)),  # type: ignore[arg-type]
    ]
    places, mode, egov = Places(settings.DAUYS_VAR), settings.DAUYS_MODE, settings.DAUYS_EGOV
    return create_app(places, mode, routes=routes, egov=egov, offices=offices(), revocation=is_asked(mode))


class Assets(StaticFiles):
    """Static files; one asked for by the hash of its content (`?v=`) never changes and may be kept for ever."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = FOR_EVER if scope["query_string"].startswith(b"v=") else FOR_A_DAY
        return response
