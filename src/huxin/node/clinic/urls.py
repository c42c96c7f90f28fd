"""Addresses of node.clinic."""

from __future__ import annotations

from django.urls import URLPattern, path

from huxin.node.clinic.views import booking, corrections, day

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern] = [
    path("visits", booking.mine, name="visits"),
    path("visits/book", booking.book, name="visit-book"),
    path("visits/<uuid:visit>", day.visit, name="visit"),
    path("visits/<uuid:visit>/step", day.step, name="visit-step"),
    path("visits/<uuid:visit>/record", day.record, name="visit-record"),
    path("visits/<uuid:visit>/correct", corrections.correct, name="visit-correct"),
    path("visits/<uuid:visit>/void", corrections.void, name="visit-void"),
    path("clinic", day.clinic_day, name="clinic-day"),
    path("clinic/times", day.open_times, name="clinic-times"),
]
