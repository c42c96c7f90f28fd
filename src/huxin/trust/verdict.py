"""The answer at the door: `Verdict`, its reasons, and what was checked of each card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, NoReturn

from huxin.kernel.value import value
from huxin.trust.anchors import Anchor
from huxin.trust.reading import Reading
from huxin.trust.rules.book import Decision

__all__ = ["CardCheck", "Layer", "Outcome", "Reason", "Verdict"]

_MILLISECOND: Final = timedelta(milliseconds=1)

Outcome = Literal["accepted", "rejected", "cross-check", "unknown"]

Layer = Literal["card", "trust", "status", "rules", "clock"]
"""Which part of the basis decided: the card itself, the trust list, revocation, …"""


@value()
class Reason:
    """Why: a code of the register, the layer it comes from, and which card (from 0) it is about."""

    code: str
    layer: Layer
    card: int | None = None
    detail: str = ""


@value()
class CardCheck:
    """One card: how it was read, the key it was signed with, each step's outcome, what failed.

    `steps` maps a step to true or false; a step that was not reached is absent.
    """

    reading: Reading
    anchor: Anchor | None
    steps: dict[str, bool]
    faults: tuple[Reason, ...]

    @property
    def specimen(self) -> bool:
        """Whether it was signed with a test key."""
        return self.anchor is not None and self.anchor.environment != "production"


@value()
class Verdict:
    """The answer, and everything needed to explain it.

    The first of `reasons` decides.  A verdict has no truth value: compare its outcome, so
    that nobody lets in a "cross-check" by a short `if`.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    cards: tuple[CardCheck, ...]
    purpose: str | None = None
    decision: Decision | None = None

    @property
    def code(self) -> str:
        """The code of the deciding reason."""
        return self.reasons[0].code

    @property
    def layer(self) -> Layer:
        """The layer that decided."""
        return self.reasons[0].layer

    @property
    def anchor(self) -> Anchor | None:
        """The key of the first card, where it was found: whose card this is."""
        return self.cards[0].anchor if self.cards else None

    @property
    def specimen(self) -> bool:
        """Whether any of the cards was signed with a test key."""
        return any(one.specimen for one in self.cards)

    @property
    def valid_from(self) -> datetime | None:
        """The first instant at which all the cards hold by their own dates.

        Where rules are not met yet: from when they would be, or `None` if that cannot be foreseen.
        """
        starts = [one for check in self.cards for one in _starts(check)]
        if self.decision is not None and not self.decision.met:
            turn = self.decision.turns_at()
            return None if turn is None else max([turn, *starts])
        return max(starts, default=None)

    @property
    def valid_until(self) -> datetime | None:
        """The last instant at which all the cards hold by their own dates, and the rules are met."""
        ends = [one for check in self.cards for one in _ends(check)]
        turn = self.decision.turns_at() if self.decision is not None and self.decision.met else None
        if turn is not None:
            ends.append(turn - _MILLISECOND)
        return min(ends, default=None)

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not true or false: compare its outcome")


def _starts(check: CardCheck) -> Iterator[datetime]:
    credential = check.reading.credential
    if credential is None:
        return
    yield from (one for one in (credential.issued, credential.not_before) if one is not None)
    for event in credential.facts.events if credential.facts else ():
        if event.valid_from is not None:
            yield datetime.combine(event.valid_from.earliest(), time.min, UTC)


def _ends(check: CardCheck) -> Iterator[datetime]:
    credential = check.reading.credential
    if credential is None:
        return
    if credential.expires is not None:
        yield credential.expires
    for event in credential.facts.events if credential.facts else ():
        if event.valid_until is not None:
            yield datetime.combine(event.valid_until.latest(), time.max, UTC)
