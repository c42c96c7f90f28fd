"""Who may decide an appeal: the officers that there are, less those whose own affair it is."""

from __future__ import annotations

import uuid

from huxin.node.base.models import Grant, User
from huxin.node.base.permissions import ROLES, Permission
from huxin.node.trust.models import Hearing, PublishedRule
from huxin.trust.appeals import Bench

__all__ = ["bench_of", "officers"]


def officers() -> frozenset[uuid.UUID]:
    """Return the accounts that may decide appeals, in all offices of the region."""
    roles = [role.value for role, held in ROLES.items() if Permission.DECIDE_APPEAL in held]
    found = Grant.objects.filter(role__in=roles, organisation__isnull=False, user__is_active=True)
    return frozenset(found.values_list("user_id", flat=True))


def bench_of(hearing: Hearing, everybody: frozenset[uuid.UUID]) -> Bench:
    """Return who of `everybody` may decide a hearing, see `huxin.trust.appeals`."""
    appeal = hearing.appeal
    before = appeal.hearings.filter(turn__lt=hearing.turn).values_list("owner", flat=True)
    barred, hands = {one for one in before if one}, _publishers(hearing)
    if appeal.person_id is not None:
        own = User.objects.filter(person_id=appeal.person_id)
        barred.update(own.values_list("id", flat=True))
    if appeal.by is not None:
        (hands if appeal.at_desk else barred).add(appeal.by)
    return Bench(everybody, frozenset(barred), frozenset(hands))


def _publishers(hearing: Hearing) -> set[uuid.UUID]:
    """Return who proposed or published the rule that is named, or any of the purpose where none is."""
    appeal = hearing.appeal
    if not appeal.purpose:
        return set()
    found = PublishedRule.objects.filter(purpose=appeal.purpose)
    if appeal.rule:
        found = found.filter(rule=appeal.rule, version=appeal.version)
    return {one for pair in found.values_list("proposed_by", "published_by") for one in pair}
