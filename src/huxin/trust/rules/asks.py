"""Says in people's words what a rule looks at, before anybody shows a card: one thing a line.

    asks(rule, "en", value_sets)  →  (Asked("vaccination", ("disease: icd-11:1F03", "number of entries: 2 or more")), …)

Words come from `spec/explanations.json`, as those of a refusal do.  Codes are not translated, since lists of names
are not ours; a list is told with its first codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from huxin.kernel.value import value
from huxin.trust.rules.explain import Language, words
from huxin.trust.rules.looks import Look, looks
from huxin.trust.rules.rule import Rule

__all__ = ["Asked", "asks", "kind_words", "line"]

_MOST_CODES: Final = 6
_FIELDS: Final = ("at-least-field", "at-most-field", "other-field")


@value()
class Asked:
    """What is looked at in the entries of a kind; `of` is empty for what stands in no entry."""

    of: str
    lines: tuple[str, ...]


def asks(
    rule: Rule, language: Language, value_sets: Mapping[str, Sequence[str]]
) -> tuple[Asked, ...]:
    """Return what a rule looks at, by the kinds of entries, in the order of the rule."""
    seen = looks(rule.logic.expression)
    compared = {(one.kinds, one.field) for one in seen if one.relation != "present"}
    found: dict[tuple[str, ...], list[str]] = {}
    for look in seen:
        # That there is one goes without saying where it is compared with something.
        if look.relation == "present" and look.field and (look.kinds, look.field) in compared:
            continue
        found.setdefault(look.kinds, []).append(line(look, language, value_sets))
    return tuple([Asked(kind_words(kinds, language), tuple(told)) for kinds, told in found.items()])


def kind_words(kinds: Sequence[str], language: Language) -> str:
    """Return kinds of entries in words, joined."""
    return _joined([_field(one, language) for one in kinds], language)


def line(look: Look, language: Language, value_sets: Mapping[str, Sequence[str]]) -> str:
    """Return one thing that is looked at, in a line."""
    name = look.relation
    if name in ("from", "until"):
        name += "-then" if not look.amount else "-before" if look.amount < 0 else ""
    field = look.field
    if not field:
        field = "entries" if look.bounds else look.kinds[0]
    of_age = look.relation in ("older", "younger")
    unit = f"{look.unit}-of-age" if of_age else look.unit
    return _say(
        name,
        language,
        field=_field(field, language),
        bounds=_bounds(look, language, value_sets),
        amount=abs(look.amount),
        unit=words()["units"][unit][language] if unit else "",
    )


def _bounds(look: Look, language: Language, value_sets: Mapping[str, Sequence[str]]) -> str:
    if look.relation in _FIELDS:
        return _joined([_field(str(one), language) for one in look.bounds], language)
    if look.relation in ("listed", "not-listed"):
        name = str(look.bounds[0])
        codes = value_sets.get(name, ())
        return f"{name} ({_codes(codes, language)})" if codes else name
    return _codes(look.bounds, language)


def _codes(codes: Sequence[str | int | bool], language: Language) -> str:
    told = [
        _say("yes" if one else "no", language) if isinstance(one, bool) else str(one)
        for one in codes[:_MOST_CODES]
    ]
    if len(codes) > _MOST_CODES:
        told.append(_say("more", language, amount=len(codes) - _MOST_CODES))
    return ", ".join(told)


def _joined(names: Sequence[str], language: Language) -> str:
    return (", " if language == "en" else "、").join(names)


def _field(name: str, language: Language) -> str:
    """Return what a field is called; one that has no words by its own name."""
    told = words()
    known = told["fields"].get(told["dcc"].get(name, name)) or told["looks"].get(name)
    return str(known[language]) if known else name


def _say(name: str, language: Language, **blanks: object) -> str:
    text: str = words()["looks"][name][language]
    # One pass, so that nothing that a rule says is taken for a blank.
    return text.format(**blanks)
