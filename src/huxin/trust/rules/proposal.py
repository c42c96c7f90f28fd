"""A proposal: rules that somebody wants a region to publish, held against what it published before.

    proposal = read_proposal(content, standing=book, region="QW", now=now)
    faults = proposal.faults(now=now)
    for turn in proposal.turns():
        effect = simulate(turn.before, turn.after, turn.purpose, people, now=turn.at)

- a rule is the region's own, and each of its versions is published once and in order;
- a list of codes that published rules look into does not change under them: another list has another name;
- what one rule may not ask, it may not ask together with rules that stand already;
- the effect is measured wherever other rules apply than before, and on the dates that the rules themselves
  name, so that nothing waits behind a later day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.days import named_instants
from huxin.trust.rules.lint import RuleFault, lint
from huxin.trust.rules.lint_logic import Fault
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.rule_set import parse_set, set_parts
from huxin.trust.rules.simulate import Effect
from huxin.trust.rules.wallet import at_millisecond, just_after

__all__ = ["MOST_RULES", "MOST_TURNS", "Proposal", "Turn", "few", "read_proposal"]

MOST_RULES: Final = 40
MOST_TURNS: Final = 12
"""How often, at most, other rules may apply to a purpose within one proposal: each is tried on everybody."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant from which other rules apply to a purpose: what would be asked, what would have been."""

    purpose: str
    at: datetime
    before: RuleBook
    after: RuleBook


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rules as they would be published, and the book that they would join."""

    book: RuleBook
    standing: RuleBook

    def purposes(self) -> tuple[str, ...]:
        """Return what it asks for, in order."""
        return tuple(sorted(self.book.purposes()))

    def replaced(self, rule: Rule) -> Rule | None:
        """Return the latest published version of one of its rules, or nothing for a new rule."""
        known = [one for one in self.standing.rules if one.id == rule.id]
        return max(known, key=lambda one: one.version, default=None)

    def turns(self) -> tuple[Turn, ...]:
        """Return the instants at which its effect is to be measured, by purpose and time.

        Refuses with `rule-shape` where a purpose has more than twelve.
        """
        return tuple(turn for purpose in self.purposes() for turn in self._turns(purpose))

    def _turns(self, purpose: str) -> Iterator[Turn]:
        before = _of(purpose, self.standing.rules, self.standing.value_sets)
        after = _of(purpose, (*self.standing.rules, *self.book.rules), self._value_sets())
        new = [rule for rule in self.book.rules if rule.purpose == purpose]
        first, last = min(one.valid_from for one in new), max(one.valid_until for one in new)
        instants = {at for at in _instants(after.rules) if first <= at <= last}
        # Just after what is named: a rule that asks “after” does not yet do so at the instant itself.
        points = {at + 1 for rule in new for at in named_instants(rule.logic.expression)}
        named = {at for at in map(at_millisecond, points) if at is not None and first < at <= last}
        seen: set[tuple[frozenset[Rule], frozenset[Rule]]] = set()
        found = []
        for at in sorted(instants | named):
            pair = (frozenset(before.asked(purpose, at)), frozenset(after.asked(purpose, at)))
            if pair[0] != pair[1] and (pair not in seen or at in named):
                found.append(Turn(purpose, at, before, after))
            seen.add(pair)
        if len(found) > MOST_TURNS:
            raise RefusalError("rule-shape", f"{purpose}: more than {MOST_TURNS} dates of change")
        yield from found

    def _value_sets(self) -> dict[str, list[str]]:
        return {**self.standing.value_sets, **self.book.value_sets}

    def faults(
        self, *, now: datetime, relaxes: frozenset[str] = frozenset()
    ) -> tuple[RuleFault, ...]:
        """Return what the linter has against it, alone and together with what stands."""
        book = RuleBook(self.book.rules, self._value_sets())
        found = list(lint(book, now=now, relaxes=relaxes))
        known = {one.fault for one in found}
        for turn in self.turns():
            together = turn.after.asked(turn.purpose, turn.at)
            if any(rule not in self.book.rules for rule in together):
                asked = RuleBook(together, turn.after.value_sets)
                for one in lint(asked, now=now, relaxes=frozenset(rule.id for rule in together)):
                    if one.rule is None and one.fault not in known:
                        known.add(one.fault)
                        found.append(one)
        return tuple(found)


def read_proposal(content: Any, *, standing: RuleBook, region: str, now: datetime) -> Proposal:
    """Read a set of rules as a proposal of `region`, dated `now`.

    Refuses as `parse_rule` does, and with `rule-region`, `rule-version` or `rule-value-set`.
    """
    documents, sets = set_parts(content)
    rows = [content] if documents is None else documents
    if not 1 <= len(rows) <= MOST_RULES:
        raise RefusalError("rule-shape", f"at /rules: from 1 to {MOST_RULES} rules")
    stamp = {"published": rfc3339(now)}
    dated = [{**row, **stamp} if isinstance(row, dict) else row for row in rows]
    book = parse_set({"rules": dated, "valueSets": sets})
    for number, rule in enumerate(book.rules, start=1):
        if rule.region != region:
            raise RefusalError("rule-region", f"rule {number}: at /region: {rule.region}")
    _in_order(book.rules, standing.rules)
    for name, codes in sets.items():
        if name in standing.value_sets and standing.value_sets[name] != codes:
            raise RefusalError("rule-value-set", f"at /valueSets/{name}")
    return Proposal(book, standing)


def few(effects: Iterable[Effect]) -> tuple[RuleFault, ...]:
    """Return a fault for each purpose in which a change moves so few people that it is about somebody."""
    found = {
        effect.purpose: Fault(
            "lint-target", f"/{effect.purpose}", f"moves {effect.smallest} people"
        )
        for effect in effects
        if effect.targets_few
    }
    return tuple([RuleFault(None, fault) for fault in found.values()])


def _in_order(rules: Iterable[Rule], published: Iterable[Rule]) -> None:
    latest: dict[str, tuple[int, int, int]] = {}
    for rule in published:
        latest[rule.id] = max(rule.version, latest.get(rule.id, rule.version))
    for number, rule in enumerate(rules, start=1):
        if rule.id in latest and rule.version <= latest[rule.id]:
            raise RefusalError("rule-version", f"rule {number}: {rule.id} {rule.version_text}")
        latest[rule.id] = rule.version


def _of(purpose: str, rules: Iterable[Rule], sets: Mapping[str, list[str]]) -> RuleBook:
    return RuleBook(tuple([rule for rule in rules if rule.purpose == purpose]), sets)


def _instants(rules: Iterable[Rule]) -> Iterator[datetime]:
    for rule in rules:
        yield rule.valid_from
        if ended := just_after(rule.valid_until):
            yield ended
