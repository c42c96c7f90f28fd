"""`huxin explain --from A --to B`: what a neighbour asks, side by side with what is asked at home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from huxin.adapters import clock, rule_files
from huxin.cli import speech
from huxin.cli.explain_words import Sides, of_side, person_words, why
from huxin.cli.instant_type import Instant
from huxin.cli.options import json_option, writing_option
from huxin.cli.rules_explain import purpose_name
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.rules.asks import kind_words
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.explain import in_language
from huxin.trust.rules.neighbours import Comparison, Pair, Typical, compare
from huxin.trust.rules.population import population
from huxin.trust.rules.rule import KINDS

__all__ = ["explain"]

_PEOPLE: Final = 2_000
_SEED: Final = 1
_MOST_REASONS: Final = 2
_REFUSED_THERE: Final = 3
_EPILOG: Final = """\b
Examples 例:
  huxin explain --from ours.json --to theirs.json
  huxin explain --from ours.json --to theirs.json --purpose travel --credential vaccination
  huxin packs adopt school-entry --region QV --from 2026-09-01 --until 2027-08-31 > ours.json

\b
Exit status 退出码:
  0  nobody who comes through at home fails there   在本地符合的人，到那边都符合
  1  refused, or no rule for that purpose           读不了，或没有这个用途的规则
  3  somebody does                                  有人在本地符合，到那边不符合
"""


@click.command("explain", epilog=_EPILOG, short_help="What a neighbour asks, side by side. 对照")
@click.option("--from", "here", type=click.Path(exists=True, path_type=Path), required=True,
              help="Rules at home: a file, or a folder of files.")  # fmt: skip
@click.option("--to", "there", type=click.Path(exists=True, path_type=Path), required=True,
              help="Rules of the neighbour: a file, or a folder of files.")  # fmt: skip
@click.option("--purpose", help="Only this purpose.")
@click.option(
    "--credential",
    "kind",
    type=click.Choice(KINDS),
    help="Only the rules for this kind of card, and people who show nothing else.",
)
@click.option("--at", type=Instant(lived=True), help="Ask as at this instant instead of now.")
@click.option("--people", type=click.IntRange(100, 100_000), default=_PEOPLE, show_default=True,
              help="How many invented people are asked about.")  # fmt: skip
@json_option
@writing_option
def explain(**asked: Any) -> None:
    """Say what a neighbour asks of people from here, and what is asked here of people from there.

    Which rules are the same, which differ and how, and what both sides answer to the same invented people: who
    comes through at home and not there, and why. The two directions are told apart, because they differ.

    对照两个区域的规则：哪些相同、哪些不同；同样的人在两边各得什么答案、为什么。两个方向分开说。
    """
    books = rule_files.read_book(asked["here"]), rule_files.read_book(asked["there"])
    names = _names(books, (asked["here"], asked["there"]))
    sides = Sides(books, names, asked["language"], asked["at"] or clock.now())
    people = tuple(population(seed=_SEED, size=asked["people"], today=sides.now.date()))
    bar = speech.console(errors=True)
    quiet = len(people) <= _PEOPLE or not bar.is_terminal
    found = [
        compare(
            *books,
            purpose,
            track(people, description="", console=bar, transient=True, disable=quiet),
            now=sides.now,
            kind=asked["kind"],
        )
        for purpose in _purposes(books, asked["purpose"])
    ]
    if asked["as_json"]:
        told = [_data(one, sides) for one in found]
        head = {"from": names[0], "to": names[1], "at": rfc3339(sides.now), "seed": _SEED}
        speech.print_json(head | {"purposes": told})
    else:
        console = speech.console()
        for one in found:
            _show(one, sides, console)
    lost = any(one.only_here for one in found)
    click.get_current_context().exit(_REFUSED_THERE if lost else 0)


def _names(books: Sequence[RuleBook], paths: Sequence[Path]) -> tuple[str, str]:
    """Return what to call the sides: their regions, or their files where those are one."""
    found = [", ".join(sorted({rule.region for rule in book.rules})) for book in books]
    if found[0] == found[1] or not all(found):
        found = [path.name for path in paths]
    here, there = map(speech.harmless, found)
    return here, there


def _purposes(books: Sequence[RuleBook], purpose: str | None) -> list[str]:
    there = sorted({one for book in books for one in book.purposes()})
    found = [one for one in there if purpose in (None, one)]
    if not found:
        raise RefusalError("no-rules", f"{purpose or ''} ({', '.join(there[:12]) or '-'})".strip())
    return found


# ---------------------------------------------------------------------------------------------- in words


def _show(one: Comparison, sides: Sides, console: Console) -> None:
    console.print(Text(speech.harmless(purpose_name(one.purpose, sides.language)), "bold"))
    for number, name in enumerate(sides.names):
        console.print(f"  {_side(one, number, name, sides)}")
    console.print()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for pair in one.pairs:
        for label, text in _of_pair(pair, sides):
            table.add_row(Text(f"  {speech.harmless(label)}"), Text(speech.harmless(text)))
    console.print(table)
    console.print()
    for text in _lost(one, sides):
        console.print(f"  {text}")
    if one.typical:
        console.print(_people(one, sides))
    console.print()


def _side(one: Comparison, number: int, name: str, sides: Sides) -> str:
    rules = [rule for pair in one.pairs if (rule := (pair.here, pair.there)[number]) is not None]
    if not rules:
        return sides.say("nothing", name=name)
    kinds = dict.fromkeys(kind for rule in rules for kind in rule.kinds)
    gates = any(rule.effect == "admits" for rule in rules)
    effect = sides.say("admits" if gates else "informs")
    shown = kind_words(tuple(kinds), sides.language)
    return sides.say("asked-by", name=name, effect=effect, kinds=shown)


def _of_pair(pair: Pair, sides: Sides) -> Iterator[tuple[str, str]]:
    rules = [(rule, side) for side, rule in enumerate((pair.here, pair.there)) if rule is not None]
    label = " / ".join(dict.fromkeys(rule.id for rule, _ in rules))
    if len(rules) == 1:
        ((rule, side),) = rules
        asks = in_language(rule.description, sides.language)
        yield label, sides.say("only", name=sides.names[side], asks=asks)
        return
    if not pair.differs:
        yield label, sides.say("same")
        return
    what = [sides.say(f"what-{name}") for name in pair.differs]
    yield (
        label,
        sides.say("differs", what="、".join(what) if sides.language != "en" else ", ".join(what)),
    )
    for rule, side in rules:
        for text in of_side(rule, (pair.only_here, pair.only_there)[side], pair, side, sides):
            yield "", sides.say("of-side", name=sides.names[side], text=text)


def _lost(one: Comparison, sides: Sides) -> list[str]:
    if not one.people:
        return [sides.say("nobody")]
    here, there = sides.names
    numbers = ((here, there, one.only_here), (there, here, one.only_there))
    return [
        sides.say("lost", a=a, b=b, people=f"{one.people:,}", number=f"{number:,}")
        for a, b, number in numbers
    ]


def _people(one: Comparison, sides: Sides) -> Table:
    here, there = sides.names
    table = Table(box=None, pad_edge=True, padding=(0, 1, 0, 1))
    table.add_column(sides.say("people"), overflow="fold")
    table.add_column(sides.say("number"), justify="right")
    table.add_column(sides.say("to-side", a=there, b=here), no_wrap=True)
    table.add_column(sides.say("to-side", a=here, b=there), no_wrap=True)
    table.add_column(sides.say("why"), overflow="fold")
    for typical in one.typical:
        told = [
            sides.say("of-side", name=f"{name}/{rule}" if rule else name, text=text)
            for name, reasons in zip(sides.names, why(one, typical, sides), strict=True)
            for rule, text in reasons[:_MOST_REASONS]
        ]
        table.add_row(
            Text(person_words(typical.person, sides)),
            f"{typical.people:,}",
            *(sides.say(answer) for answer in typical.answers),
            Text("\n".join(map(speech.harmless, told))),
        )
    return table


# ---------------------------------------------------------------------------------------------- as data


def _data(one: Comparison, sides: Sides) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "name": purpose_name(one.purpose, sides.language),
        "rules": [_pair_data(pair, sides) for pair in one.pairs],
        "people": one.people,
        "met_at_home_not_there": {"from_to": one.only_here, "to_from": one.only_there},
        "answers": [
            {"from": here, "to": there, "people": count}
            for (here, there), count in sorted(one.answers.items())
        ],
        "typical": [_typical_data(one, typical, sides) for typical in one.typical],
    }


def _pair_data(pair: Pair, sides: Sides) -> dict[str, Any]:
    told: dict[str, Any] = {
        "from": pair.here.id if pair.here else None,
        "to": pair.there.id if pair.there else None,
        "differs": list(pair.differs),
    }
    for name, rule, only, side in (
        ("only_from", pair.here, pair.only_here, 0),
        ("only_to", pair.there, pair.only_there, 1),
    ):
        lines = list(of_side(rule, only, pair, side, sides)) if rule and pair.differs else []
        told[name] = lines
    return told


def _typical_data(one: Comparison, typical: Typical, sides: Sides) -> dict[str, Any]:
    here, there = why(one, typical, sides)
    return {
        "person": person_words(typical.person, sides),
        "people": typical.people,
        "from": {"answer": typical.answers[0], "because": list(map(_reason_data, here))},
        "to": {"answer": typical.answers[1], "because": list(map(_reason_data, there))},
    }


def _reason_data(reason: tuple[str, str]) -> dict[str, str]:
    return {"rule": reason[0], "text": reason[1]}
