"""What was looked up of withdrawals, and how old it is: told with each answer, since a card withdrawn since then is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huxin.cli.list_age import age_in_words
from huxin.cli.speech import Speech
from huxin.kernel.instants import rfc3339
from huxin.trust.status import Several, Status
from huxin.trust.status.signed_set import Held
from huxin.trust.status.status_sets import StatusSets
from huxin.trust.verdict import Verdict

__all__ = ["Lookup", "SetAge", "told_set_age"]


@dataclass(frozen=True, slots=True)
class SetAge:
    """The oldest set that was asked: when it was true, how old that is, and whether its next one is overdue."""

    as_of: datetime
    age: timedelta
    overdue: bool

    def data(self) -> dict[str, Any]:
        """Return it for programs."""
        hours = self.age // timedelta(hours=1)
        return {"as_of": rfc3339(self.as_of), "age_hours": hours, "overdue": self.overdue}


def told_set_age(found: SetAge, words: Speech) -> str:
    """Return in words how old a set is."""
    told = words.say("list-signed", age=age_in_words(found.age, words))
    return f"{told} · {words.say('set-overdue')}" if found.overdue else told


class Lookup:
    """The lists of a call: revocation lists of others, and status sets."""

    def __init__(self, lists: Status | None, sets: Iterable[Held]) -> None:
        self._lists = lists
        self._sets = StatusSets(sets)

    def status(self) -> Status | None:
        """Return what `verify` asks; nothing where there is no list at all."""
        if self._lists is None:
            return self._sets if self._sets else None
        return Several((self._lists, self._sets))

    def was_made(self, verdicts: Iterable[Verdict]) -> bool:
        """Tell whether the list of each card was here to be looked into."""
        if self._lists is not None:
            return True
        return bool(self._sets) and None not in self._dates(verdicts)

    def age(self, verdicts: Iterable[Verdict], *, now: datetime) -> SetAge | None:
        """Return the age of the oldest set that a card was looked up in."""
        dates = [one for one in self._dates(verdicts) if one is not None]
        if not dates:
            return None
        as_of, _ = min(dates)
        return SetAge(as_of, now - as_of, any(due <= now for _, due in dates))

    def _dates(self, verdicts: Iterable[Verdict]) -> Sequence[tuple[datetime, datetime] | None]:
        cards = [card for verdict in verdicts for card in verdict.cards]
        return [
            None
            if card.anchor is None or card.reading.credential is None
            else self._sets.dates(card.reading.credential, card.anchor)
            for card in cards
        ]
