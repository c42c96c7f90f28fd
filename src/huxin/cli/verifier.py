"""`huxin verifier folder`: the offline verifier as a folder for a USB stick or any server of plain files."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

import click

from huxin.adapters import clock, intake, rule_files, trust_state, verifier_folder
from huxin.adapters.listed_rules import listed_rules
from huxin.adapters.trust_state import Held
from huxin.adapters.verifier_folder import (
    LIST,
    RULES,
    SETUP,
    WORDS,
    PlaceRules,
    Practice,
    Purpose,
    Setup,
)
from huxin.cli import speech
from huxin.cli.door_words import README
from huxin.cli.instant_type import Instant
from huxin.cli.list_age import told_age
from huxin.cli.options import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    environment_option,
    json_option,
    language_option,
    rules_option,
)
from huxin.cli.sources import MAX_BYTES, Source, open_together
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.packs.reader import Words
from huxin.trust.anchors import TrustStore
from huxin.trust.federation.effective import effective
from huxin.trust.federation.freshness import Freshness
from huxin.trust.federation.layout import MOST_METADATA
from huxin.trust.rules.book import RuleBook
from huxin.trust.status.status_sets import StatusSets
from huxin.trust.verify import Basis
from huxin.trust.verify import verify as judge

__all__ = ["verifier"]

_ADDRESS: Final = re.compile(r"https?://[!-~]{3,200}")
_EPILOG: Final = """\b
Examples 例:
  huxin verifier folder stick --region QV --trust-state door --rules rules.json
  huxin verifier folder stick --region QV --from list.bundle --root root.json
  python3 -m http.server -d stick
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person asked for."""

    out: Path
    region: str
    where: str | None
    trust_state: Path | None
    root: Path | None
    rules: tuple[Path, ...]
    practice: tuple[Path, ...]
    zone: str
    appeals: str
    environment: str
    at: datetime | None
    as_json: bool


@click.group(short_help="The offline verifier. 离线查验页面")
def verifier() -> None:
    """Make the offline verifier for somebody without a node.

    给没有节点的人做一份离线查验页面。
    """


@verifier.command("folder", epilog=_EPILOG, short_help="Write it as a folder. 写成文件夹")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--region", required=True, help="The region of the place.")
@click.option(
    "--from", "where", metavar="DIR|FILE|URL", help="The federation's list: a folder, a bundle, or an address."
)  # fmt: skip
@click.option(
    "--trust-state",
    type=EXISTING_FOLDER,
    help="The list as `huxin trust refresh` keeps it, instead of --from.",
)
@click.option("--root", type=EXISTING_FILE, help="The first root, had from elsewhere; with --from.")
@rules_option(
    "Rules: a file, or a folder of files; may be given several times. Of several regions' rules, the checker chooses whose."
)
@click.option(
    "--practice", type=EXISTING_FILE, multiple=True,
    help="A specimen to try the page with, as text, PNG or JPEG; may be given several times.",
)  # fmt: skip
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the place.")
@click.option(
    "--appeals", default="", metavar="URL", help="Where people appeal; the page tells it beside the staffed lane."
)  # fmt: skip
@environment_option
@click.option("--at", type=Instant(), help="As at this instant instead of now; it is said.")
@json_option
@language_option
def folder(**asked: Any) -> None:
    """Write the offline verifier into the new folder OUT: the page, the list, the rules.

    把离线查验页面写进新文件夹 OUT：页面、清单、规则。任何静态网站或 U 盘都能用。
    """
    wish = _Asked(**asked)
    if (wish.where is None) == (wish.trust_state is None):
        raise click.UsageError("Which list? Give --from or --trust-state, one of the two.")
    if wish.zone not in available_timezones():
        raise click.BadParameter("not a time zone, such as Asia/Shanghai", param_hint="--zone")
    if wish.appeals and not _ADDRESS.fullmatch(wish.appeals):
        raise click.BadParameter(
            "not an address such as https://example.org/appeals", param_hint="--appeals"
        )
    now = wish.at or clock.now()
    held = _held(wish, now)
    age = trust_state.age_of(held, now=now, policy=held.policy())
    if age.decision == "refused":
        raise RefusalError(age.code, "the list is too old to be handed on")
    book = rule_files.read_book(*wish.rules) if wish.rules else RuleBook(())
    rules = PlaceRules(book, listed_rules(held, environment=wish.environment, now=now))
    setup = _setup(wish, held, rules, now)
    data = {
        SETUP: setup.to_bytes(),
        LIST: verifier_folder.bundle(held),
        RULES: rules.to_bytes(),
        WORDS: _json(verifier_folder.spoken_words()),
        "README.txt": README.encode("utf-8"),
    }
    verifier_folder.write(wish.out, data)
    _tell(wish, setup, age)


def _held(wish: _Asked, now: datetime) -> Held:
    """Return the list that is handed on: accepted here first, wherever it comes from."""
    if wish.trust_state is not None:
        found = trust_state.read_held(wish.trust_state)
    else:
        # They bring TUF's library along, which other commands do without.
        from huxin.adapters.trust_refresh import refresh
        from huxin.adapters.trust_source import open_place

        root = intake.read(wish.root, limit=MOST_METADATA) if wish.root is not None else None
        with (
            tempfile.TemporaryDirectory() as state,
            contextlib.closing(open_place(str(wish.where))) as place,
        ):
            refresh(place, Path(state), root=root, now=now, moved=wish.at is not None)
            found = trust_state.read_held(Path(state))
    if found is None:
        raise RefusalError("trust-missing", "no list was accepted here yet")
    return found


def _setup(wish: _Asked, held: Held, rules: PlaceRules, now: datetime) -> Setup:
    region = parse_region(wish.region)
    listed = held.trust_list()
    names = {one.region: Words(one.name["zh"], one.name["en"]) for one in listed.members}
    anchors = effective(listed, policy=held.policy(), now=now)
    store = TrustStore(anchors, environment=wish.environment, as_of=held.memory.signed_at)
    basis = Basis(store, StatusSets(held.sets()), rules.of(region))
    asked = rules.purposes(now)
    practised = tuple(one.name for one in asked if one.region == region)
    return Setup(
        region,
        {region: Words(region, region), **names},
        wish.environment,
        held.memory.pinned,
        wish.zone,
        asked,
        tuple(_practice(path, basis, practised, now) for path in wish.practice),
        wish.appeals,
        policy=held.packed_policy or b"",
    )


def _practice(path: Path, basis: Basis, purposes: tuple[str, ...], now: datetime) -> Practice:
    """Return a specimen with what it is answered: for the first purpose that accepts it, else alone."""
    cards = open_together([Source(path.name, intake.read(path, limit=MAX_BYTES))])
    texts = [one.credential.text for one in cards if one.credential is not None]
    if len(texts) != 1:
        raise RefusalError("format", f"{path.name}: not one card")
    for purpose in purposes:
        if judge(cards, basis, purpose=purpose, now=now).outcome == "accepted":
            return Practice(texts[0], "accepted", purpose)
    return Practice(texts[0], judge(cards, basis, now=now).outcome)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def _called(one: Purpose, own: str, words: speech.Speech) -> str:
    said = one.words.zh if words.language == "zh" else one.words.en
    return said if one.region == own else f"{said} ({one.region})"


def _tell(wish: _Asked, setup: Setup, age: Freshness) -> None:
    words = speech.current()
    if wish.as_json:
        told = {
            "folder": wish.out.name,
            "root": setup.root,
            "decision": age.decision,
            "purposes": [{"region": one.region, "id": one.name} for one in setup.purposes],
            "practice": [one.outcome for one in setup.practice],
        }
        speech.print_json(told)
        return
    console = speech.console()
    console.print(f"✓ {words.say('folder-made', name=wish.out.name)}", style="bold")
    called = [_called(one, setup.region, words) for one in setup.purposes]
    lines = (
        ("folder-list", told_age(age, words)),
        ("folder-asks", " · ".join(called) or words.say("folder-asks-none")),
        ("folder-root", setup.root),
    )
    for label, said in lines:
        console.print(f"  {words.say(label)}: {speech.harmless(said)}")
    console.print(f"  → {words.say('folder-serve', name=wish.out.name)}")
