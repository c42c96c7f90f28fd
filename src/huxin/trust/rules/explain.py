"""Says in people's words why a rule is not met: one fact a sentence, from the comparisons that decided.

Words come from `spec/explanations.json`, which the browser reads too; a sentence is never written for one
rule.  What a rule asks in its own words, and what to do, are its `description` and `next_step`.

- a value of the card is named by its field; codes are not translated, since lists of names are not ours;
- a time is written as the place's own day, and with its hour where the rule counts hours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from huxin.kernel.value import value
from huxin.trust.rules import datetimes
from huxin.trust.rules.because import Finding, Side
from huxin.trust.rules.book import Decision
from huxin.trust.rules.change import CLOCK
from huxin.trust.rules.wallet import Result, at_millisecond

__all__ = [
    "Explanation",
    "Language",
    "explain",
    "in_language",
    "say",
    "sentence",
    "shown_day",
    "words",
]

Language = Literal["zh-Hans", "zh-Hant", "en"]

_NEAREST: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh-Hans": ("zh-Hans", "zh", "zh-Hant", "en"),
    "zh-Hant": ("zh-Hant", "zh", "zh-Hans", "en"),
    "en": ("en", "en-GB", "en-US"),
}
_CLOCK_FIELD: Final = f"external.{CLOCK}"
_AFTER: Final = ("after", "not-before", ">", ">=")
_BEFORE: Final = ("before", "not-after", "<", "<=")
# Where a reduction found nothing it gives the date that it began with.
_NOTHING_BEFORE: Final = "1971"
_NOTHING_AFTER: Final = "9000"


@value()
class Explanation:
    """What is said of one rule: what it asks, why it is not met, and what to do."""

    rule: str
    asks: str
    because: tuple[str, ...]
    next_step: str


@cache
def words() -> Mapping[str, Any]:
    """Return the words of `spec/explanations.json`."""
    found: dict[str, Any] = json.loads(
        (files("huxin.spec") / "explanations.json").read_text("utf-8")
    )
    return found


def explain(
    decision: Decision, language: Language, *, zone: tzinfo
) -> tuple[tuple[Explanation, ...], str]:
    """Return what is said of each rule that is not met, and the sentence about from or until when."""
    told = tuple([_of(result, language, zone) for result in decision.results if not result.holds])
    turn = decision.turns_at()
    if turn is None:
        return told, ""
    when = shown_day(turn, zone, last=decision.met)
    return told, say("met-until" if decision.met else "met-from", language, when=when)


def _of(result: Result, language: Language, zone: tzinfo) -> Explanation:
    rule = result.rule
    because: Sequence[str] = [say("fault", language)]
    if result.fault is None:
        because = [sentence(one, language, zone=zone) for one in result.findings]
    return Explanation(
        f"{rule.region}/{rule.id}",
        in_language(rule.description, language),
        tuple(dict.fromkeys(because)),
        in_language(rule.next_step, language),
    )


def in_language(texts: Mapping[str, str], language: Language) -> str:
    """Return the text in a language, else in the nearest there is, else nothing."""
    found = (texts[one] for one in _NEAREST[language] if one in texts)
    return next(found, next(iter(texts.values()), ""))


def sentence(finding: Finding, language: Language, *, zone: tzinfo) -> str:
    """Return one comparison that decided, as a sentence."""
    if len(finding.sides) == 1:
        return _alone(finding, language)
    clock = [side for side in finding.sides if _CLOCK_FIELD in side.fields]
    facts = [side for side in finding.sides if _CLOCK_FIELD not in side.fields]
    if len(clock) == len(facts) == 1:
        clock_first = finding.sides[0] is clock[0]
        return _of_time(finding, clock[0], facts[0], clock_first=clock_first, how=(language, zone))
    return _of_values(finding, language)


def _alone(finding: Finding, language: Language) -> str:
    field = _field(finding.sides[0], language)
    return say("absent" if finding.wanted else "present", language, field=field)


def _of_time(
    finding: Finding, clock: Side, fact: Side, *, clock_first: bool, how: tuple[Language, tzinfo]
) -> str:
    """Say of a comparison with the clock whether it is too early or too late."""
    language, zone = how
    if finding.operator not in _AFTER and finding.operator not in _BEFORE:
        return say("other", language)
    # The rule wants the clock to have passed the fact, or not to have passed it yet.
    wants_later = ((finding.operator in _AFTER) is clock_first) is finding.wanted
    field = _field(fact, language)
    if clock.unit in ("month", "year") and fact.fields and _leaf(fact) == "birth":
        unit = _unit(f"{clock.unit}-of-age", language)
        amount = {"amount": abs(clock.amount), "unit": unit}
        return say("older" if wants_later else "younger", language, **amount)
    if not _NOTHING_BEFORE <= str(fact.value) <= _NOTHING_AFTER:
        return say("no-such", language, field=field)
    moved, by = _distance(clock, fact)
    exact = by == "hour"
    blanks = {"field": field, "amount": abs(moved), "unit": _unit(by, language)}
    blanks["when"] = _when(fact.value, clock, zone, exact=exact, last=not wants_later)
    if not moved:
        return say("from" if wants_later else "until", language, **blanks)
    return say("wait" if wants_later else "over", language, **blanks)


def _distance(clock: Side, fact: Side) -> tuple[int, str]:
    """Return how long after the fact the clock is compared: `fact + 14 days` or `clock - 14 days`."""
    if fact.amount:
        return fact.amount, fact.unit
    return -clock.amount, clock.unit or "day"


def _when(text: Any, clock: Side, zone: tzinfo, *, exact: bool, last: bool) -> str:
    """Return the instant at which the clock, moved as the rule moves it, stands at `text`."""
    at = datetimes.parse(str(text))
    if clock.amount and clock.unit in datetimes.UNITS:
        at = datetimes.shift(at, -clock.amount, clock.unit)
    instant = at_millisecond(at)
    return "" if instant is None else shown_day(instant, zone, exact=exact, last=last)


def shown_day(instant: datetime, zone: tzinfo, *, exact: bool = False, last: bool = False) -> str:
    """Return an instant as people read it: a day where a rule's day begins, else the place's own hour."""
    # A rule's midnight is that of UTC, the world's days being what cards are written in.
    if instant.hour == instant.minute == instant.second == 0 and not exact:
        shown = instant - timedelta(days=1) if last else instant
        return shown.date().isoformat()
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _of_values(finding: Finding, language: Language) -> str:
    read = [side for side in finding.sides if side.fields]
    fixed = [side for side in finding.sides if not side.fields]
    if not read:
        return say("other", language)
    field = _field(read[0], language)
    if finding.operator == "in":
        return say("not-listed" if finding.wanted else "listed", language, field=field)
    if finding.operator == "===":
        return say("other-value" if finding.wanted else "same-value", language, field=field)
    if len(read) == len(finding.sides) == 2 and finding.wanted and finding.operator == ">=":
        # Two fields of one card, such as the dose and the doses of its series.
        return say("few", language, field=field, value=read[0].value, bound=read[1].value)
    if len(fixed) != 1 or not finding.wanted:
        return say("other", language)
    doses = _leaf(read[0]) == "vaccination"
    if (read[0].value, fixed[0].value) == (0, 1) and not doses:
        return say("no-such", language, field=field)
    name = "few-doses" if doses else "few"
    return say(name, language, field=field, value=read[0].value, bound=fixed[0].value)


def _leaf(side: Side) -> str:
    """Return the field that a side reads, by its own name, whatever its place in a card."""
    parts = [part for part in side.fields[0].split(".") if not part.isdecimal()]
    name = parts[-1] if parts else ""
    return str(words()["dcc"].get(name, name))


def _field(side: Side, language: Language) -> str:
    fields = words()["fields"]
    told = fields.get(_leaf(side) if side.fields else "", fields["other"])
    return str(told[language])


def _unit(unit: str, language: Language) -> str:
    return str(words()["units"][unit][language])


def say(name: str, language: Language, **blanks: object) -> str:
    """Return a sentence of the law's list, with its blanks filled."""
    text: str = words()["sentences"][name][language]
    for blank, filling in blanks.items():
        text = text.replace(f"{{{blank}}}", str(filling))
    return text
