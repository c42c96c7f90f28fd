"""The Django app of node.trust."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["TrustConfig"]


class TrustConfig(AppConfig):
    name = "huxin.node.trust"
    label = "trust"
