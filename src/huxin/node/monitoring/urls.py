"""Addresses of node.monitoring."""

from __future__ import annotations

from django.urls import URLPattern, path

from huxin.node.monitoring.views import numbers

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern] = [
    path("numbers", numbers.numbers, name="numbers"),
    path("numbers.csv", numbers.numbers_csv, name="numbers-csv"),
]
