"""Claim slips that nobody can use any more, for the clock that clears them."""

from __future__ import annotations

from django.db.models import Q

from huxin.node.base.clearing import Clock
from huxin.node.trust.models import ClaimSlip
from huxin.packs.reader import Words

__all__ = ["claim_slips"]


def claim_slips() -> Clock:
    """Return the clock of claim slips: thirty days after their use or their end."""
    return Clock(
        "claim-slips",
        Words("用过或到期的领取单", "Claim slips used or ended"),
        30,
        lambda before: ClaimSlip.objects.filter(Q(ends__lt=before) | Q(used_at__lt=before)),
    )
