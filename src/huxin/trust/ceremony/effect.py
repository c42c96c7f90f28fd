"""What a proposal would do to cards that are out there: invented ones, spread over every key as far as its cap goes.

    effect = measure(before, after, now=now)        "1,204 of 50,000 invented credentials change their answer"

Responsible for the keys' part of an answer alone: is the key one that a door believes, at this instant?  What a rule
then asks is measured at the rule desk.

- keys of both lists have cards, in proportion to their caps, the rest of a division going to the first keys;
- only keys that may have signed by now have any;
- the whole is computed, not drawn: the same lists give the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huxin.trust.anchors import Anchor
from huxin.trust.federation.effective import effective
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.repository import TrustList

__all__ = ["CARDS", "Effect", "measure"]

CARDS: Final = 50_000

_Place = tuple[str | None, str, bytes]


@dataclass(frozen=True, slots=True)
class Effect:
    """How many invented cards are believed afterwards that were not before, and the other way round."""

    cards: int
    gained: int
    lost: int
    by_region: tuple[tuple[str, int, int], ...]
    keys_added: int
    keys_taken: int


def measure(
    before: TrustList | None, after: TrustList, *, policy: LocalPolicy | None, now: datetime
) -> Effect:
    """Ask every key of both lists as a door of `policy` would at `now`."""
    old = _standings(before, policy, now)
    new = _standings(after, policy, now)
    caps = _caps(before, now) | _caps(after, now)
    cards = _spread(caps)
    rows: dict[str, list[int]] = {}
    for place, number in cards.items():
        was, will = old.get(place, False), new.get(place, False)
        row = rows.setdefault(place[0] or "", [0, 0])
        row[0] += number if will and not was else 0
        row[1] += number if was and not will else 0
    by_region = tuple(
        (region, gained, lost) for region, (gained, lost) in sorted(rows.items()) if gained or lost
    )
    return Effect(
        cards=sum(cards.values()),
        gained=sum(gained for _, gained, _ in by_region),
        lost=sum(lost for _, _, lost in by_region),
        by_region=by_region,
        keys_added=sum(will and not old.get(place, False) for place, will in new.items()),
        keys_taken=sum(was and not new.get(place, False) for place, was in old.items()),
    )


def _standings(
    found: TrustList | None, policy: LocalPolicy | None, now: datetime
) -> dict[_Place, bool]:
    if found is None:
        return {}
    environment = found.charter.environment
    return {
        _place(anchor): anchor.environment == environment and _believed(anchor, now)
        for anchor in effective(found, policy=policy, now=now)
    }


def _place(anchor: Anchor) -> _Place:
    return anchor.region, anchor.domain, anchor.key.spki


def _believed(anchor: Anchor, now: datetime) -> bool:
    begun = anchor.valid_from is None or anchor.valid_from <= now
    ended = anchor.valid_until is not None and anchor.valid_until < now
    return anchor.standing == "active" and begun and not ended


def _caps(found: TrustList | None, now: datetime) -> dict[_Place, int]:
    """Return the cap of every key that may have signed by now."""
    if found is None:
        return {}
    return {
        (region, key.domain, key.key.spki): key.cap
        for region, held in found.keys.items()
        for key in held.keys
        if key.since <= now
    }


def _spread(caps: Mapping[_Place, int]) -> dict[_Place, int]:
    whole = sum(caps.values())
    if whole == 0:
        return {}
    cards = {place: CARDS * cap // whole for place, cap in caps.items()}
    left = CARDS - sum(cards.values())
    first = sorted(cards, key=lambda one: (one[0] or "", one[1], one[2]))
    for place in first[:left]:
        cards[place] += 1
    return cards
