"""`huxin rules simulate`: who of an invented population gets another answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn
from rich.table import Table

from huxin.adapters import clock, output, rule_files
from huxin.adapters.rule_picture import group_name, picture
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import NEW_FILE, json_option, language_option
from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.population import AGE_BANDS, age_band, population
from huxin.trust.rules.simulate import Effect, Move, simulate

__all__ = ["show_moves", "simulation"]

PEOPLE: Final = 100_000
_STEP: Final = 500
_BAR: Final = 24
_EPILOG: Final = """\b
Examples 例:
  huxin rules simulate rules.json new.json --purpose school
  huxin rules simulate none new.json --purpose visit/hospital --people 10000
  huxin rules simulate rules.json new.json --purpose school --picture who-moves.svg

\b
Exit status 退出码: 0 done 完成 · 3 so few move that the federation has to sign 变动的人太少，须联盟会签
"""


@click.command("simulate", epilog=_EPILOG, short_help="Who would get another answer. 模拟")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--purpose", required=True, help="The purpose whose rules change.")
@click.option("--people", type=click.IntRange(100, 1_000_000), default=PEOPLE, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Other people.")
@click.option("--at", type=Instant(lived=True), help="Ask as at this instant instead of now.")
@click.option(
    "--picture", "file", type=NEW_FILE, metavar="FILE.svg", help="Draw it too, as a new SVG file."
)
@json_option
@language_option
def simulation(**asked: Any) -> None:
    """Try a change of rules on an invented population: who moves from what to what.

    BEFORE and AFTER are files or folders of rules; `none` means that nothing is asked.
    Nobody in the population is anybody; the same seed gives the same people everywhere.

    在虚构的人群上试一遍规则的改动：谁的答案会变。
    """
    before, after = _book(asked["before"], "BEFORE"), _book(asked["after"], "AFTER")
    purposes = before.purposes() | after.purposes()
    if asked["purpose"] not in purposes:
        raise RefusalError("no-rules", f"{asked['purpose']} ({', '.join(sorted(purposes)) or '-'})")
    now: datetime = asked["at"] or clock.now()
    file: Path | None = asked["file"]
    _look_at(file)
    effect = _simulated(before, after, asked, now)
    words = speech.current()
    if file is not None:
        output.write_new(file, picture(effect, words.language, alone=True).encode())
    if asked["as_json"]:
        speech.print_json(_data(effect, asked["seed"], now))
    else:
        _show(effect, words)
    click.get_current_context().exit(3 if effect.targets_few else 0)


def _look_at(file: Path | None) -> None:
    """Refuse a picture's file before the work rather than after it."""
    if file is None:
        return
    if file.name == "-":
        raise click.BadParameter("a file is needed; - is none", param_hint="--picture")
    if file.exists():
        raise RefusalError("exists", file.name)


def _book(name: str, argument: str) -> RuleBook:
    if name == "none":
        return RuleBook(())
    path = Path(name)
    if not name or not path.exists():
        raise click.BadParameter(f"no such file: {name}", param_hint=argument)
    return rule_files.read_book(path)


def _simulated(
    before: RuleBook, after: RuleBook, asked: Mapping[str, Any], now: datetime
) -> Effect:
    console = speech.console(errors=True)
    people = population(seed=asked["seed"], size=asked["people"], today=now.date())
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=asked["people"])

        def told(number: int) -> None:
            if number % _STEP == 0:
                bar.update(task, completed=number)

        return simulate(before, after, asked["purpose"], people, now=now, told=told)


def _changed(moves: Mapping[Move, int]) -> int:
    return sum(count for (before, after), count in moves.items() if before != after)


def _show(effect: Effect, words: speech.Speech) -> None:
    console = speech.console()
    show_moves(effect, words)
    console.print()
    for group in (effect.by_age, effect.by_sex, effect.by_kinds):
        _show_group(group, console, words)
    if effect.targets_few:
        name = "move-few" if effect.smallest else "move-none-like"
        console.print(f"! {words.say(name, smallest=effect.smallest)}")


def show_moves(effect: Effect, words: speech.Speech) -> None:
    """Write how many people get another answer, and from what to what."""
    console = speech.console()
    console.print(words.say("move", moved=f"{effect.moved:,}", people=f"{effect.people:,}"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("move-before", "move-after", "move-people"):
        table.add_column(words.say(head), justify="right" if head == "move-people" else "left")
    for (before, after), count in sorted(effect.moves.items(), key=lambda one: -one[1]):
        mark = "→ " if before != after else "  "
        table.add_row(
            words.say(f"answer-{before}"), mark + words.say(f"answer-{after}"), f"{count:,}"
        )
    console.print(table)


def _show_group(
    group: Mapping[str, Mapping[Move, int]], console: Any, words: speech.Speech
) -> None:
    """Draw how many of each group move, as a bar of its share."""
    order = {age_band(first): number for number, first in enumerate(AGE_BANDS)}
    rows = sorted(group, key=lambda name: (order.get(name, 99), -sum(group[name].values())))[:10]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("move-group", "move-share", "move-people"):
        table.add_column(words.say(head), justify="right" if head == "move-people" else "left")
    for name in rows:
        total, moved = sum(group[name].values()), _changed(group[name])
        bar = "█" * round(_BAR * moved / total)
        told = group_name(name, words.language)
        table.add_row(told, f"{bar:<{_BAR}} {100 * moved / total:5.1f} %", f"{moved:,} / {total:,}")
    console.print(table)
    console.print()


def _data(effect: Effect, seed: int, now: datetime) -> dict[str, Any]:
    return {
        "purpose": effect.purpose,
        "people": effect.people,
        "seed": seed,
        "at": now.isoformat(),
        "moved": effect.moved,
        "smallest": effect.smallest,
        "needs_federation": effect.targets_few,
        "only_admits": effect.only_admits,
        "moves": _rows(effect.moves),
        "by_age": {name: _rows(moves) for name, moves in effect.by_age.items()},
        "by_sex": {name: _rows(moves) for name, moves in effect.by_sex.items()},
        "by_kinds": {name: _rows(moves) for name, moves in effect.by_kinds.items()},
    }


def _rows(moves: Mapping[Move, int]) -> list[dict[str, Any]]:
    return [
        {"before": before, "after": after, "people": count}
        for (before, after), count in sorted(moves.items())
    ]
