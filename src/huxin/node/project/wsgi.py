"""The node as a WSGI application; granian serves it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxin.node.project.settings")
application = get_wsgi_application()
