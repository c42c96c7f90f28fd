"""Says to a person before they go what the rules will answer: one plain sentence, why, and what to do.

The words are those of `explain`; here they become the answer to "Will I get in?".

- a card that is over on that day is said first, whatever the rules would have made of it;
- who is only informed is never told that they cannot come;
- an answer holds until the rules turn or the first card ends, whichever comes before.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from huxin.kernel.value import value
from huxin.trust.last_day import printed_day
from huxin.trust.rules.book import Decision
from huxin.trust.rules.explain import Explanation, Language, explain, say, shown_day, words

__all__ = ["Outlook", "outlook"]


@value()
class Outlook:
    """What is said before a visit.

    `outcome` is `yes`, `not-yet` (a day is known), `due` (informed, not refused), `no`, or `unknown`;
    `told` has a row for each rule that is not met; `turns` says when the rules answer otherwise.
    """

    outcome: Literal["yes", "not-yet", "due", "no", "unknown"]
    sentence: str
    told: tuple[Explanation, ...] = ()
    turns: str = ""


def outlook(
    decision: Decision, ends: datetime | None, language: Language, *, zone: tzinfo
) -> Outlook:
    """Return what a decision means to the person; `ends` is the last instant of the first card to end."""
    if ends is not None and ends < decision.now:
        return Outlook("no", _dated("card-over", language, _last(ends, zone)))
    if decision.answer == "no-rules":
        return Outlook("unknown", say("no-rules", language))
    told, turns = explain(decision, language, zone=zone)
    if decision.answer == "fault":
        return Outlook("unknown", say("fault", language), told)
    turn = decision.turns_at()
    informs = bool(decision.results) and all(
        result.rule.effect == "informs" for result in decision.results
    )
    if decision.met:
        return _met(turn, ends, language, zone, word="complete" if informs else "yes")
    if not told:  # rules about EU certificates, and none is there: there is no rule to name
        told = (Explanation("", say("no-kind", language), (), ""),)
    if informs:
        return Outlook("due", say("due", language), told, turns)
    if turn is None:
        return Outlook("no", say("no", language), told)
    return Outlook("not-yet", _dated("not-yet", language, shown_day(turn, zone)), told)


def _met(
    turn: datetime | None, ends: datetime | None, language: Language, zone: tzinfo, *, word: str
) -> Outlook:
    if turn is not None and (ends is None or turn <= ends):
        last = shown_day(turn, zone, last=True)
        return Outlook("yes", _dated(f"{word}-until", language, last))
    if ends is not None:
        return Outlook("yes", _dated(f"{word}-until", language, _last(ends, zone)))
    return Outlook("yes", say(word, language))


def _dated(name: str, language: Language, when: str) -> str:
    """Return a sentence about a day with its weekday, which people plan by."""
    weekday = date.fromisoformat(when[:10]).weekday()
    return say(name, language, when=words()["weekdays"][str(weekday)][language], day=when)


def _last(ends: datetime, zone: tzinfo) -> str:
    """Return the last day of a card as its paper has it; other people's end at an hour of their own."""
    if (printed := printed_day(ends)) is not None:
        return printed.isoformat()
    try:
        return shown_day(ends, zone)
    except OverflowError:  # the last day of the calendar stands for "without end"
        return ends.astimezone(UTC).date().isoformat()
