"""Tokens of the buttons *enter as*: signed by the demo's secret, for one account of one node.

Made by the tour, spent at the node; both got the secret from the supervisor.  A token names the
region, the account and the page that it leads to, and is good for five minutes.  Without the
label `demo` there is no secret, and the node has no address that would take one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing

__all__ = ["GOOD_FOR", "Entry", "read", "token"]

GOOD_FOR: Final = timedelta(minutes=5)
_SALT: Final = "huxin.demo.enter"
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is entered as, and where that leads."""

    account: str
    place: str


def token(region: str, entry: Entry) -> str:
    """Return the token of a button."""
    told = [region, entry.account, entry.place]
    return signing.dumps(told, key=settings.HUXIN_DEMO_SECRET, salt=_SALT)


def read(text: str) -> Entry | None:
    """Return what a token says; nothing if it is forged, old, or another node's."""
    if not settings.HUXIN_DEMO_SECRET or len(text) > _MOST:
        return None
    try:
        region, account, place = signing.loads(
            text, key=settings.HUXIN_DEMO_SECRET, salt=_SALT, max_age=GOOD_FOR
        )
    except (signing.BadSignature, ValueError):
        return None
    return Entry(account, place) if region == settings.HUXIN.region else None
