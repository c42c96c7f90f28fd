"""The Django app of node.clinic."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["ClinicConfig"]


class ClinicConfig(AppConfig):
    name = "huxin.node.clinic"
    label = "clinic"
