"""The region's rules as they are read: by everybody, by the checking page, version by version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huxin.node.trust.models import PublishedRule
from huxin.packs.purposes import purpose_words
from huxin.packs.reader import Words
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import Rule, parse_rule

__all__ = [
    "Asked",
    "Version",
    "as_file",
    "asked",
    "asked_words",
    "book",
    "pack_of",
    "purpose_words",
    "purposes",
    "standing",
    "state_of",
]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule, and how it stands today: `coming`, `in-force` or `ended`."""

    rule: Rule
    row: PublishedRule
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for a purpose: the versions in force, those to come, those that ended."""

    purpose: str
    words: Words
    informs: bool
    versions: tuple[Version, ...]

    def of(self, state: str) -> list[Version]:
        """Return the versions of one state."""
        return [one for one in self.versions if one.state == state]


def book(now: datetime) -> RuleBook:
    """Return the rules that are in force at `now` or to come, ready to be asked.

    What is to come changes no answer of today, and decides until when the answer holds.
    """
    return _book(PublishedRule.objects.filter(valid_until__gte=now))


def standing() -> RuleBook:
    """Return everything that was ever published, as what a proposal is held against."""
    return _book(PublishedRule.objects.all())


def _book(rows: QuerySet[PublishedRule]) -> RuleBook:
    sets: dict[str, list[str]] = {}
    found = list(rows.order_by("id"))
    for row in found:
        sets |= row.value_sets
    return RuleBook(tuple(map(_rule, found)), sets)


def as_file(now: datetime) -> dict[str, Any]:
    """Return the rules that are in force at `now` or to come as a file of rules holds them."""
    rows = list(PublishedRule.objects.filter(valid_until__gte=now).order_by("id"))
    sets: dict[str, list[str]] = {}
    for row in rows:
        sets |= row.value_sets
    rules = [row.document for row in rows]
    return {"huxin": "rules", "version": 1, "valueSets": sets, "rules": rules}


# A published version never changes, so it is read and compiled once a process.
_rules: dict[str, Rule] = {}
_MOST_KEPT = 1_000


def _rule(row: PublishedRule) -> Rule:
    known = _rules.get(row.id.hex)
    if known is None:
        if len(_rules) >= _MOST_KEPT:
            _rules.clear()
        known = _rules[row.id.hex] = parse_rule(row.document)
    return known


def purposes(now: datetime, *, coming: bool = False) -> dict[str, Words]:
    """Return the purposes that are asked today, with their names; those to come too, where wished."""
    rows = PublishedRule.objects.filter(valid_until__gte=now)
    if not coming:
        rows = rows.filter(valid_from__lte=now)
    found = rows.order_by("purpose").values_list("purpose", "pack").distinct()
    return {purpose: purpose_words(purpose, pack) for purpose, pack in found}


def asked_words(purpose: str) -> Words:
    """Return the name of a purpose that something was published for."""
    return purpose_words(purpose, pack_of(purpose))


def pack_of(purpose: str) -> str:
    """Return the pack that the rules of a purpose came from; empty where they are the region's own."""
    packs = PublishedRule.objects.filter(purpose=purpose).values_list("pack", flat=True)
    return packs.first() or ""


def asked(now: datetime, purpose: str | None = None) -> tuple[Asked, ...]:
    """Return what is, was and will be asked, by purpose; all of them, or one."""
    rows = PublishedRule.objects.order_by("purpose", "rule", "-valid_from")
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    groups: dict[str, list[PublishedRule]] = {}
    for row in rows:
        groups.setdefault(row.purpose, []).append(row)
    return tuple([_asked(name, found, now) for name, found in groups.items()])


def _asked(purpose: str, rows: Iterable[PublishedRule], now: datetime) -> Asked:
    versions = tuple([Version(_rule(row), row, state_of(row, now)) for row in rows])
    informs = all(one.rule.effect == "informs" for one in versions)
    words = purpose_words(purpose, versions[0].row.pack)
    return Asked(purpose, words, informs, versions)


def state_of(row: PublishedRule, now: datetime) -> str:
    """Return how a version stands: `coming`, `in-force` or `ended`."""
    if now < row.valid_from:
        return "coming"
    return "in-force" if now <= row.valid_until else "ended"
