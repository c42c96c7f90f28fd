"""`huxin trust refresh`: the federation's list from a folder, a bundle or an address into a state."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import clock, intake
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.list_age import told_age
from huxin.cli.options import EXISTING_FILE, json_option, language_option
from huxin.cli.refreshed import refreshed_data
from huxin.kernel.errors import Refusal, RefusalError
from huxin.trust.federation.layout import MOST_METADATA

__all__ = ["refresh"]

_EXIT: Final = {"fresh": 0, "stale": 3, "refused": 1}
_EPILOG: Final = """\b
Examples 例:
  huxin trust refresh --from https://node.example.org/trust/v1 --state trust --root root.json
  huxin trust refresh --from /media/stick/list.bundle --state trust
  huxin verify card.png --trust-state trust
  huxin trust refresh --jsonl cases.jsonl > answers.jsonl

\b
Exit status 退出码: 0 fresh 新 · 1 refused, the state is as it was 没有采用，原样 · 3 stale, and taken 旧，仍采用
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person asked for."""

    where: str | None
    state: Path | None
    root: Path | None
    at: datetime | None
    jsonl_file: str | None
    as_json: bool


@click.command("refresh", epilog=_EPILOG, short_help="Bring a trust list up to date. 更新清单")
@click.option(
    "--from",
    "where",
    metavar="DIR|FILE|URL",
    help="The repository: a folder, a bundle, or an http(s) address of a folder.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="What this place holds; made if it is not there.",
)
@click.option(
    "--root",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The first root, had from elsewhere; an address is not believed without it.",
)
@click.option("--at", type=Instant(lived=True), help="As at this instant instead of now.")
@click.option(
    "--jsonl",
    "jsonl_file",
    metavar="FILE",
    help="Conformance door: one case a line in, one answer a line out; '-' is standard input.",
)
@json_option
@language_option
def refresh(**asked: Any) -> None:
    """Bring what this place holds of the federation's list up to date, or leave it as it was.

    The list is taken if enough of the right keys signed it and nothing in it goes back behind what is held.

    更新本处的信任清单：签名够、比手里的新才采用，否则一个字节也不动。
    """
    wish = _Asked(**asked)
    if wish.jsonl_file is not None:
        _answer_lines(wish.jsonl_file, wish)
        return
    if wish.where is None or wish.state is None:
        raise click.UsageError("From where, and into which state? Give --from and --state.")
    try:
        told, code = _refreshed(wish.where, wish.state, wish.root, wish.at)
    except RefusalError as error:
        told, code = _refused(error.refusal), _EXIT["refused"]
    if wish.as_json:
        speech.print_json(told)
    else:
        _show(told, moved=wish.at)
    click.get_current_context().exit(code)


def _answer_lines(name: str, wish: _Asked) -> None:
    if any(one is not None for one in (wish.where, wish.state, wish.root, wish.at)):
        raise click.UsageError(
            "--jsonl: lists, roots and instants stand in its lines, not beside it."
        )
    from huxin.cli import refresh_lines

    refresh_lines.run(name)


def _refreshed(
    where: str, state: Path, root: Path | None, at: datetime | None
) -> tuple[dict[str, Any], int]:
    # The TUF library is only loaded for this; verifying begins quicker without it.
    from huxin.adapters import trust_refresh, trust_source

    first = intake.read(root, limit=MOST_METADATA) if root is not None else None
    with contextlib.closing(trust_source.open_place(where)) as place:
        found = trust_refresh.refresh(
            place, state, root=first, now=at or clock.now(), moved=at is not None
        )
    told = refreshed_data(found) | {
        "detail": "",
        "age": told_age(found.freshness, speech.current()),
    }
    return told, _EXIT[found.freshness.decision]


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {
        "decision": "refused",
        "code": refusal.code,
        "versions": {},
        "keys": 0,
        "detail": refusal.detail,
    }


def _show(told: dict[str, Any], *, moved: datetime | None) -> None:
    words, code = speech.current(), told["code"]
    console = speech.console(errors=told["decision"] == "refused")
    if told["decision"] == "refused":
        console.print(f"✕ {words.sentence(code)}  [{code}]", style="bold")
        if told["detail"]:
            console.print(f"  {speech.harmless(told['detail'])}")
        console.print(f"  → {words.next_step(code)}")
        return
    mark = "✓" if told["decision"] == "fresh" else "!"
    console.print(f"{mark} {told['age']}")
    if code:
        console.print(f"  → {words.next_step(code)}")
    regions = sum(role.startswith("region-") for role in told["versions"])
    keys = f"{told['keys']:,}"
    console.print(f"  {words.say('list-holds', keys=keys, regions=regions)}")
    if told["ended"]:
        console.print(f"! {words.say('list-ended', regions=', '.join(told['ended']))}")
    if told["status_sets"]:
        console.print(f"  {words.say('list-sets', number=told['status_sets'])}")
    for one in told["status_sets_refused"]:
        console.print(f"! {words.say('list-set-refused', **one)}")
    if told["first"]:
        # In one piece: a digest that is broken over two lines is compared badly.
        console.print(f"! {words.say('list-first', root=told['root'])}", soft_wrap=True)
    if moved is not None:
        console.print(f"! {words.say('as-at', at=words.time(moved))}")
