"""Withdrawals that wait for a second officer, and what became of an officer's own; never of another organisation.

A list shows no name: a card's kind and number.  Whoever opens a request opens its card, and that is recorded.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.trust.models import Card, WithdrawalRequest

__all__ = [
    "declined_withdrawals",
    "my_withdrawals",
    "open_withdrawal",
    "withdrawal_here",
    "withdrawals_to_decide",
]

_DECLINED_FOR: Final = timedelta(days=7)


def open_withdrawal(card: Card) -> WithdrawalRequest | None:
    """Return the request by which a card waits to be withdrawn; the caller may see the card."""
    return WithdrawalRequest.objects.filter(card=card, approved=None).first()


def withdrawals_to_decide(*, by: Actor) -> list[WithdrawalRequest]:
    """Return the requests of this officer's colleagues that wait, oldest first."""
    return list(_here(by).filter(approved=None).exclude(asked_by=by.staff().user))


def my_withdrawals(*, by: Actor) -> list[WithdrawalRequest]:
    """Return this officer's own requests that wait, oldest first."""
    return list(_here(by).filter(approved=None, asked_by=by.staff().user))


def declined_withdrawals(*, by: Actor, now: datetime) -> list[WithdrawalRequest]:
    """Return this officer's requests that a colleague declined in the last week."""
    mine = _here(by).filter(asked_by=by.staff().user, approved=False).exclude(decided_by=None)
    return list(mine.filter(decided_at__gt=now - _DECLINED_FOR))


def withdrawal_here(request: uuid.UUID, *, by: Actor) -> WithdrawalRequest | None:
    """Return a request of the officer's organisation; the caller asks for its card, which records it."""
    return _here(by).filter(id=request).first()


def _here(by: Actor) -> QuerySet[WithdrawalRequest]:
    if not by.may(Permission.REVOKE):
        return WithdrawalRequest.objects.none()
    here = WithdrawalRequest.objects.filter(card__organisation_id=by.staff().organisation)
    return here.select_related("card").order_by("asked_at")
