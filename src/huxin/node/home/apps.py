"""The Django app of node.home."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["HomeConfig"]


class HomeConfig(AppConfig):
    name = "huxin.node.home"
    label = "home"

    def ready(self) -> None:
        from huxin.node.home import flows

        flows.register()
