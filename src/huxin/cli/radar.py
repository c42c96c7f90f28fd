"""`huxin trust radar`: what stands in a list of keys, before anybody signs or loads it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from huxin.adapters import clock, key_lists
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import json_option, language_option
from huxin.trust.federation.radar import Finding, Radar, scan

__all__ = ["radar"]

_MOST: Final = 50
_BAR: Final = 30
_EPILOG: Final = """\b
Examples 例:
  huxin trust radar regions.json
  huxin trust radar did.json --at 2027-01-01T00:00:00Z --all
  huxin trust radar did.json --json

\b
Exit status 退出码: 0 nothing found 没有发现 · 1 something found, or refused 有发现，或读不了
"""


@click.command("radar", epilog=_EPILOG, short_help="What stands in a list of keys. 看清单")
@click.argument(
    "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--at", type=Instant(), help="As at this instant instead of now.")
@click.option("--all", "every", is_flag=True, help=f"Tell every finding, not the first {_MOST}.")
@json_option
@language_option
def radar(path: Path, at: datetime | None, every: bool, as_json: bool) -> None:
    """Look at a list of keys: expired, ending soon, for tests, twice, unusable, and when keys end.

    FILE is a Huxin trust file, or a list of others that is one DID document.  Nothing in it is believed.

    看一份密钥清单：过期的、快到期的、测试用的、重复的、用不了的，以及各月到期数。只看，不信。
    """
    now = at or clock.now()
    found = scan(key_lists.read(path), now=now)
    if as_json:
        speech.print_json(_data(found, now))
    else:
        _show(found, None if every else _MOST)
    click.get_current_context().exit(1 if found.findings else 0)


def _show(found: Radar, most: int | None) -> None:
    console, words = speech.console(), speech.current()
    console.print(words.say("radar-keys", keys=f"{found.keys:,}", usable=f"{found.usable:,}"))
    for code, count in found.counts.items():
        if count:
            console.print(f"  {count:>6,}  {words.say(f'radar-{code}')}")
    console.print()
    _show_participants(found)
    _show_calendar(found)
    for one in found.findings[:most]:
        console.print(f"! {_line(one, words)}")
    if most is not None and len(found.findings) > most:
        console.print(words.say("radar-more", number=f"{len(found.findings) - most:,}"))
    if not found.findings:
        console.print(f"✓ {words.say('radar-nothing')}")


def _line(one: Finding, words: speech.Speech) -> str:
    key = one.key
    whose = " ".join(part for part in (key.participant, key.domain, key.usage, key.kid) if part)
    note = f" · {one.note}" if one.note else ""
    told = f"{words.say(f'radar-{one.code}')}: {whose} ({key.place}){note}"
    return speech.harmless(told)


def _show_participants(found: Radar) -> None:
    words = speech.current()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(words.say("radar-participant"))
    heads = ("radar-all", "radar-usable", "radar-expired", "radar-test-key")
    for head in heads:
        table.add_column(words.say(head), justify="right")
    for one in found.participants:
        numbers = (one.keys, one.usable, one.expired, one.test)
        table.add_row(speech.harmless(one.name or "—"), *(f"{number:,}" for number in numbers))
    speech.console().print(table)
    speech.console().print()


def _show_calendar(found: Radar) -> None:
    """Draw how many usable keys end in each month."""
    if not found.calendar:
        return
    console, words = speech.console(), speech.current()
    console.print(words.say("radar-calendar"))
    most = max(count for _, count in found.calendar)
    for month, count in found.calendar:
        console.print(f"  {month}  {'█' * max(1, round(_BAR * count / most))} {count:,}")
    console.print()


def _data(found: Radar, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(),
        "keys": found.keys,
        "usable": found.usable,
        "counts": dict(found.counts),
        "participants": [
            {
                "name": one.name,
                "keys": one.keys,
                "usable": one.usable,
                "expired": one.expired,
                "test": one.test,
            }
            for one in found.participants
        ],
        "calendar": dict(found.calendar),
        "findings": [
            {
                "code": one.code,
                "place": one.key.place,
                "participant": one.key.participant,
                "domain": one.key.domain,
                "usage": one.key.usage,
                "kid": one.key.kid,
                "note": one.note,
            }
            for one in found.findings
        ],
    }
