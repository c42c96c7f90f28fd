"""The Django app of the ground; its tables are called `base_…`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest

from huxin.adapters import clock

__all__ = ["BaseConfig"]


def _note(request: HttpRequest, **_: Any) -> None:
    from huxin.node.base import sessions

    sessions.note_sign_in(request, clock.now())


class BaseConfig(AppConfig):
    name = "huxin.node.base"
    label = "base"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        # Signals of the login library's; our own parts have none.
        from allauth.account.signals import authentication_step_completed

        from huxin.node.base import own_keys

        authentication_step_completed.connect(_note, dispatch_uid="huxin-fresh")
        own_keys.listen()
