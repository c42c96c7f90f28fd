"""Addresses of the ground."""

from __future__ import annotations

from django.urls import path

from huxin.node.base.views import machine, operate, preferences, reset, staff
from huxin.node.base.views.accessibility import accessibility
from huxin.node.base.views.design import design
from huxin.node.base.views.share import share

__all__ = ["urlpatterns"]

urlpatterns = [
    path("design", design, name="design"),
    path("accessibility", accessibility, name="accessibility"),
    path("language", preferences.language, name="language"),
    path("elder", preferences.elder, name="elder"),
    path("share", share, name="share"),
    path("reset", reset.reset, name="reset"),
    path("reset/password", reset.reset_password, name="reset-password"),
    path("operate", operate.operate, name="operate"),
    path("operate/trail", operate.check_trail, name="operate-trail"),
    path("operate/again", operate.try_again, name="operate-again"),
    path("operate/staff", staff.staff, name="staff"),
    path("operate/staff/new", staff.new_account, name="staff-new"),
    path("operate/staff/<uuid:account>", staff.account, name="staff-account"),
    path("operate/organisations", staff.organisations, name="organisations"),
    path("csp-report", machine.csp_report, name="csp-report"),
    path("health", machine.health, name="health"),
    path("metrics", machine.metrics, name="metrics"),
]
