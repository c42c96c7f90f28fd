"""Rules of other regions, as the shared list that is held has them: `XX/rules.json`, signed by the officers of XX.

Responsible for which regions' rules a place may go by: of members that are active, of the place's environment, and not
denied by the place itself; rules that ended are left out.  Leaves to others what the rules answer.

- a region asks for itself only: a file with a rule of another one is not gone by;
- a file that cannot be read is left out alone, since whoever wrote it is not the one who checks here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from huxin.adapters.rule_files import parse_file
from huxin.adapters.trust_state import Held
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import rules_path
from huxin.trust.rules.book import RuleBook

__all__ = ["MOST_TOTAL", "listed_rules"]

# What a page loads for the sake of others' rules; those that have no room stay away, in the order of their codes.
MOST_TOTAL: Final = 5_000_000


def listed_rules(held: Held, *, environment: str, now: datetime) -> Mapping[str, RuleBook]:
    """Return the books of rules by region, in the order of their codes; refuses with `trust-file` a spoilt list."""
    targets = held.repository().targets
    books: dict[str, RuleBook] = {}
    room = MOST_TOTAL
    for region in sorted(_believed(held, environment)):
        data = targets.get(rules_path(region))
        if data is None or len(data) > room:
            continue
        book = _book(data, region, now)
        if book is not None:
            books[region] = book
            room -= len(data)
    return books


def _believed(held: Held, environment: str) -> Iterator[str]:
    policy = held.policy()
    denied = policy.deny_regions if policy is not None else frozenset()
    for one in held.trust_list().members:
        if (one.standing, one.environment) == ("active", environment) and one.region not in denied:
            yield one.region


def _book(data: bytes, region: str, now: datetime) -> RuleBook | None:
    try:
        found = parse_file(data, name=rules_path(region))
    except RefusalError:
        return None
    if any(rule.region != region for rule in found.rules):
        return None
    lasting = tuple(rule for rule in found.rules if now <= rule.valid_until)
    return RuleBook(lasting, found.value_sets) if lasting else None
