"""How old the federation's list is, in words."""

from __future__ import annotations

from datetime import timedelta

from huxin.cli.speech import Speech
from huxin.trust.federation.freshness import Freshness

__all__ = ["age_in_words", "told_age"]


def told_age(age: Freshness, words: Speech) -> str:
    """Return in words how old a list is, and what that means where it is not fresh."""
    told = [words.say("list-signed", age=age_in_words(age.age, words))]
    if age.code:
        told.append(words.sentence(age.code))
    if age.warn and age.code == "trust-stale":
        told.append(words.say("list-warn"))
    return " · ".join(told)


def age_in_words(age: timedelta, words: Speech) -> str:
    """Return an age as people say it: minutes, hours, or from two days on days."""
    minutes = max(0, age // timedelta(minutes=1))
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes >= 2 * size:
            return words.say(f"age-{unit}", number=minutes // size)
    return words.say("age-minutes", number=minutes)
