"""Addresses of node.home."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from huxin.node.home.views.access_log import access_log, access_log_person
from huxin.node.home.views.audit import audit_page, audit_verify
from huxin.node.home.views.enter import enter
from huxin.node.home.views.family import family, family_end, helpers
from huxin.node.home.views.home import home
from huxin.node.home.views.messages import messages_page, read

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", home, name="home"),
    path("audit", audit_page, name="audit"),
    path("audit/verify", audit_verify, name="audit-verify"),
    path("wallet/access", access_log, name="access-log"),
    path("wallet/access/<uuid:person>", access_log_person, name="access-log-person"),
    path("wallet/messages", messages_page, name="messages"),
    path("wallet/messages/read", read, name="messages-read"),
    path("wallet/family", family, name="family"),
    path("wallet/family/<uuid:proxy>/end", family_end, name="family-end"),
    path("help", helpers, name="helpers"),
]
if settings.HUXIN.environment == "demo":
    urlpatterns.append(path("demo/enter", enter, name="demo-enter"))
