"""The demo people's entries and cards, signed by a region in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from huxin.adapters.cards import Card, Wish, new_identifier, sign_card
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import demo_people, pack
from tests.lib.regions import NOW, Region

__all__ = ["TODAY", "TOMORROW", "counting", "demo_cards", "demo_entries", "entry"]

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def counting() -> Callable[[int], bytes]:
    """Bytes that never repeat and are the same in each run: chance for tests."""
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def entry(pack_name: str, **cells: str) -> Entry:
    """The first demo person's entry, with other values in some columns."""
    first = demo_people(pack_name, TODAY)[0]
    found = read_entry(pack(pack_name), {**first.row, **cells}, today=TOMORROW)
    assert isinstance(found, Entry), found
    return found


def demo_entries(pack_name: str) -> list[tuple[int, Entry]]:
    """All demo people of a pack, with their lines."""
    entries = [
        read_entry(pack(pack_name), one.row, today=TOMORROW)
        for one in demo_people(pack_name, TODAY)
    ]
    return [(line, one) for line, one in enumerate(entries, start=2) if isinstance(one, Entry)]


def demo_cards(
    pack_name: str, *, environment: str = "test", wish: Wish | None = None
) -> list[Card]:
    """Cards of all demo people of a pack, signed by one region."""
    signer, chance = Region("QW", 1, environment=environment), counting()
    return [
        sign_card(one, signer, wish or Wish(), identifier=new_identifier("QW", chance), now=NOW)
        for _, one in demo_entries(pack_name)
    ]
