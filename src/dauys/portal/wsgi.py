"""The portal as a WSGI application (measured: a third to an eleventh of what Django costs under ASGI)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.portal.settings")
application = get_wsgi_application()
