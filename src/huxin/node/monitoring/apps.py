"""The Django app of node.monitoring."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["MonitoringConfig"]


class MonitoringConfig(AppConfig):
    name = "huxin.node.monitoring"
    label = "monitoring"
