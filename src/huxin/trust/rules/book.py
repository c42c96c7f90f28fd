"""The rules that a region asks for its purposes, and what they answer to the cards of one person.

    book = RuleBook(rules, value_sets)
    decision = book.decide("school", cards, now=now)
    decision.met · decision.results · decision.turns_at()

- all rules of a purpose that are in force have to hold; of several versions of one the latest counts;
- rules that read facts see all cards of the person at once; rules that read EU certificates see one
  card at a time, and one card that fulfils all rules of its kind is enough;
- no rule in force, no card of the kind that is asked for: never met;
- what other regions say of their own certificates (`Rule.of_issuer`) is asked beside, and alone lets nobody in;
- a rule that cannot be evaluated makes a fault of the whole decision, whatever the others say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from huxin.trust.credentials.credential import Credential
from huxin.trust.rules.change import next_change
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.wallet import Result, Wallet, at_millisecond, just_after, wallet_of

__all__ = ["Answer", "Decision", "RuleBook"]

Answer = Literal["met", "not-met", "no-rules", "fault"]

_MOST_TURNS: Final = 100


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything that one region asks; `value_sets` are the lists of codes that rules look into.

    `region` is that region where it was chosen among several.
    """

    rules: tuple[Rule, ...]
    value_sets: Mapping[str, list[str]] = field(default_factory=dict, hash=False)
    region: str | None = None

    def of(self, region: str) -> RuleBook:
        """Return what this region asks, out of the rules of several, and what issuers say of their certificates."""
        return RuleBook(
            tuple(rule for rule in self.rules if rule.of_issuer or rule.region == region),
            self.value_sets,
            region,
        )

    @property
    def arrival(self) -> str | None:
        """The region where the cards are shown: whose rules count.  `None` where several regions' do."""
        if self.region is not None:
            return self.region
        asking = {rule.region for rule in self.rules if not rule.of_issuer}
        return asking.pop() if len(asking) == 1 else None

    def purposes(self) -> frozenset[str]:
        """Return the purposes that there are rules for, in force or not."""
        return frozenset(rule.purpose for rule in self.rules if not rule.of_issuer)

    def asked(self, purpose: str, now: datetime) -> tuple[Rule, ...]:
        """Return the rules of a purpose that are in force, the latest version of each."""
        latest: dict[tuple[str, str], Rule] = {}
        for rule in self.rules:
            if rule.purpose == purpose and rule.in_force(now):
                known = latest.setdefault((rule.region, rule.id), rule)
                if rule.version > known.version:
                    latest[rule.region, rule.id] = rule
        return tuple(latest.values())

    def decide(self, purpose: str, cards: Sequence[Credential], *, now: datetime) -> Decision:
        """Answer for the cards that one person shows, as at an aware instant."""
        wallet = wallet_of(cards, self.value_sets, self.arrival)
        answer, results = self.answer(purpose, wallet, now)
        if answer == "not-met":
            results = tuple([wallet.explained(result, now) for result in results])
        return Decision(purpose, now, answer, results, self, wallet)

    def answer(
        self, purpose: str, wallet: Wallet, now: datetime
    ) -> tuple[Answer, tuple[Result, ...]]:
        """Return the answer to a wallet at an instant, without the reasons."""
        rules = self.asked(purpose, now)
        if all(rule.of_issuer for rule in rules):
            return "no-rules", ()
        by_card = [rule for rule in rules if rule.reads == "dcc"]
        whole = [wallet.result(rule, None, now) for rule in rules if rule.reads == "facts"]
        groups = [
            tuple([wallet.result(rule, one, now) for rule in by_card if one.asked_by(rule)])
            for one in wallet.certificates
        ]
        results = (*whole, *(result for group in groups for result in group))
        if any(result.fault for result in results):
            return "fault", results
        if any(not rule.of_issuer for rule in by_card):
            by_cards = any(map(_admits, groups))
        else:
            by_cards = all(map(_all_hold, groups))
        return "met" if _all_hold(whole) and by_cards else "not-met", results


def _admits(group: Sequence[Result]) -> bool:
    """Tell whether a card is enough: its issuer's rules hold too, but somebody here asked for it."""
    return any(not result.rule.of_issuer for result in group) and _all_hold(group)


def _all_hold(results: Iterable[Result]) -> bool:
    return all(result.holds for result in results)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules of a purpose answer, and what is needed to say why and until when."""

    purpose: str
    now: datetime
    answer: Answer
    results: tuple[Result, ...]
    _book: RuleBook = field(repr=False, compare=False)
    _wallet: Wallet = field(repr=False, compare=False)

    @property
    def met(self) -> bool:
        """Whether everything that is asked holds."""
        return self.answer == "met"

    @property
    def deciding(self) -> Result | None:
        """The first rule that does not hold, a faulty one before all others."""
        faulty = [result for result in self.results if result.fault]
        return next(iter(faulty or [one for one in self.results if not one.holds]), None)

    def turns_at(self) -> datetime | None:
        """Return the first instant after now at which rules that are met no longer are, or the reverse.

        With the same cards, and the rules as they stand now.  `None`: not foreseeable.
        """
        now = self.now
        for _ in range(_MOST_TURNS):
            later = self._next(now)
            if later is None:
                return None
            now = later
            answer, _ = self._book.answer(self.purpose, self._wallet, now)
            if (answer == "met") is not self.met:
                return now
        return None

    def _next(self, now: datetime) -> datetime | None:
        """Return the next instant at which any rule may say something else or is not the same."""
        book = self._book
        instants = [
            instant
            for rule in book.rules
            if rule.purpose == self.purpose
            for instant in (rule.valid_from, just_after(rule.valid_until))
            if instant is not None and instant > now
        ]
        for rule in book.asked(self.purpose, now):
            shown = [one for one in self._wallet.certificates if one.asked_by(rule)]
            for one in shown if rule.reads == "dcc" else [None]:
                change = next_change(rule.logic.expression, self._wallet.data(one, now))
                instant = None if change is None else at_millisecond(change)
                if instant is not None:
                    instants.append(instant)
        return min(instants, default=None)
