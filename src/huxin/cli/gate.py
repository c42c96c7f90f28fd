"""`huxin gate`: a kiosk or a turnstile that judges on the spot, for whoever connects one.

    a scanner that types like a keyboard → a line each → an answer on this screen → a command that opens, on *accepted*

Responsible for lines in, words out, and the command.  Leaves judging to the front door of `huxin.trust`.

- the answer stays here: no server is asked, nothing is sent, nothing of a card is kept, and the command is told nothing;
- no name, no code and no time is written, so that whoever keeps what it prints has counts and no diary;
- it opens for a rule that is met, and for nothing else; whatever cannot be known leads to the staffed lane;
- the list is read anew when it was refreshed; one that is too old opens for nobody.
"""

from __future__ import annotations

import contextlib
import shlex
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from huxin.adapters import clock, status_files, trust_state
from huxin.adapters.trust_state import Held
from huxin.cli import speech
from huxin.cli.answer import EXIT, SYMBOLS
from huxin.cli.list_age import told_age
from huxin.cli.options import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    environment_option,
    json_option,
    language_option,
    place_rules_options,
    rules_asked,
)
from huxin.cli.speech import Language, Speech
from huxin.kernel.errors import Refusal, RefusalError
from huxin.trust import reading
from huxin.trust.federation.freshness import Freshness
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.reading import Reading
from huxin.trust.rules.book import RuleBook
from huxin.trust.status.status_sets import StatusSets
from huxin.trust.verdict import Outcome
from huxin.trust.verify import Basis
from huxin.trust.verify import verify as judge

__all__ = ["gate"]

_LONGEST: Final = 8_192
"""Bytes of a line: more than the largest code holds."""
_MOST_PARTS: Final = 8
_PATIENCE: Final = 10.0
"""Seconds that the opening command may take."""
_STOPS: Final = (signal.SIGINT, signal.SIGTERM)
_EPILOG: Final = """\b
Examples 例:
  huxin gate --trust-state door
  huxin gate --trust-state door --rules rules.json --purpose event/forum --open-command "relay on 3"

\b
Exit status of --once 退出码: 0 accepted 通过 · 1 rejected 不符合 · 3 cross-check 再看一项 · 4 unknown 无法判断
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person who set it up asked for."""

    trust_state: Path
    status: tuple[Path, ...]
    rules: tuple[Path, ...]
    region: str | None
    purpose: str | None
    open_command: str | None
    environment: str
    once: bool
    as_json: bool


@click.command(epilog=_EPILOG, short_help="A gate that judges on the spot. 闸机")
@click.option(
    "--trust-state",
    required=True,
    type=EXISTING_FOLDER,
    help="The federation's list as `huxin trust refresh` keeps it.",
)
@click.option(
    "--status", type=EXISTING_FILE, multiple=True, help="Signed status set of a region; may be given several times."
)  # fmt: skip
@place_rules_options
@click.option("--purpose", help="What is asked here; without it, only whether a card is genuine.")
@click.option(
    "--open-command",
    metavar="COMMAND",
    help="Run this where the answer is accepted; no shell, and nothing of the card is told.",
)
@environment_option
@click.option("--once", is_flag=True, help="Judge one card, and end with its exit status.")
@json_option
@language_option
def gate(**asked: Any) -> None:
    """Read codes line by line from standard input, judge them here, and open a gate.

    从标准输入逐行读码，在本机判断，通过就开门。答案只留在这里。
    """
    wish = _Asked(**asked)
    book = rules_asked(wish.rules, wish.region)
    command = _command(wish, book)
    post = _Post(wish, book, command, _Screen(wish))
    bell = _Bell()
    with bell.heard(), contextlib.suppress(_StopError):
        post.stand(sys.stdin.buffer, bell)
    post.screen.counts(post.counts)
    click.get_current_context().exit(EXIT[post.last] if wish.once else 0)


def _command(wish: _Asked, book: RuleBook | None) -> tuple[str, ...]:
    """Return the words of the opening command; a gate without a rule that may turn somebody away opens nothing."""
    if _only_informs(book, wish.purpose, clock.now()):
        raise click.UsageError(
            f"--purpose {wish.purpose}: its rules inform and turn nobody away; no gate may ask them."
        )
    if wish.open_command is None:
        return ()
    if wish.purpose is None or book is None:
        raise click.UsageError(
            "--open-command needs --purpose and --rules: genuine is not the same as accepted."
        )
    try:
        words = tuple(shlex.split(wish.open_command))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--open-command") from error
    if not words:
        raise click.BadParameter("an empty command", param_hint="--open-command")
    return words


def _only_informs(book: RuleBook | None, purpose: str | None, now: datetime) -> bool:
    """Tell whether the rules that are in force turn nobody away; others may have ended, or be yet to come."""
    if book is None or purpose is None:
        return False
    asked = (one for one in book.asked(purpose, now) if not one.of_issuer)
    return {one.effect for one in asked} == {"informs"}


# ---------------------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: nothing in it is about a person."""

    outcome: Outcome
    code: str
    age: Freshness | None = None
    specimen: bool = False


@dataclass(slots=True)
class _Post:
    """Whoever stands at the gate, instead of a person."""

    wish: _Asked
    book: RuleBook | None
    command: tuple[str, ...]
    screen: _Screen
    counts: Counter[str] = field(default_factory=Counter)
    last: Outcome = "unknown"
    parts: list[str] = field(default_factory=list)
    kept: tuple[tuple[int, datetime], Basis, Held, LocalPolicy | None] | None = None

    def stand(self, stream: BinaryIO, bell: _Bell) -> None:
        """Answer line by line until there are none."""
        self.screen.ready(self._age())
        for line in _lines(stream):
            with bell.waits():
                whole = self._line(line)
            if whole and self.wish.once:
                return

    def _age(self) -> Freshness | None:
        with contextlib.suppress(RefusalError):
            return self._trust(clock.now())[1]
        return None

    def _line(self, line: str | None) -> bool:
        """Answer a line; tells whether it was a whole card, and not a part of one."""
        cards: Sequence[Reading] = (Reading(None, (), refusal=Refusal("too-big")),)
        if line is not None:
            cards = reading.open_texts((line,))
            if not _is_part(cards):
                self.parts.clear()
            elif len(self.parts) < _MOST_PARTS:
                self.parts.append(line)
                cards = reading.open_texts(tuple(self.parts))
                if _is_part(cards):
                    self.screen.next_part()
                    return False
        self.parts.clear()
        self._answer(self._judged(cards, clock.now()))
        return True

    def _judged(self, cards: Sequence[Reading], now: datetime) -> _Answer:
        try:
            basis, age = self._trust(now)
        except RefusalError as error:
            return _Answer("unknown", error.refusal.code)
        if _only_informs(self.book, self.wish.purpose, now):
            # A gate stands for months: what it asked for may have ended in the meantime.
            return _Answer("unknown", "no-rules", age)
        verdict = judge(cards, basis, purpose=self.wish.purpose, now=now)
        return _Answer(verdict.outcome, verdict.code, age, specimen=verdict.specimen)

    def _trust(self, now: datetime) -> tuple[Basis, Freshness]:
        """Return whom to believe now; refuses with `trust-old`, or what is wrong with the files."""
        path = self.wish.trust_state / trust_state.ACCEPTED
        # A suspension lapses at an instant, without anything being written; a refreshed list is another file.
        stamp = (
            path.stat().st_mtime_ns if path.exists() else 0,
            now.replace(minute=0, second=0, microsecond=0),
        )
        if self.kept is None or self.kept[0] != stamp:
            self.kept = (stamp, *self._read(now))
        _, basis, held, policy = self.kept
        age = trust_state.age_of(held, now=now, policy=policy)
        if age.decision == "refused":
            raise RefusalError(age.code, "the held list")
        return basis, age

    def _read(self, now: datetime) -> tuple[Basis, Held, LocalPolicy | None]:
        state, environment = self.wish.trust_state, self.wish.environment
        store, _, held = trust_state.read_with_sets(state, environment=environment, now=now)
        sets = status_files.read_sets(self.wish.status, trust=store, now=now, kept=held.sets())
        # Its officers' signatures are looked at once, not for each card.
        return Basis(store, StatusSets(sets), self.book), held, held.policy()

    def _answer(self, answer: _Answer) -> None:
        self.last = answer.outcome
        self.counts[answer.outcome] += 1
        opens = bool(self.command) and answer.outcome == "accepted"
        opened = opens and _run(self.command)
        self.counts["opened"] += opened
        self.screen.answer(answer, stuck=opens and not opened)


def _is_part(cards: Sequence[Reading]) -> bool:
    refusal = cards[-1].refusal
    return refusal is not None and refusal.code == "chunks"


def _run(command: tuple[str, ...]) -> bool:
    """Run the opening command; tells whether it did its work.  It gets no input, and nobody reads what it says."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _lines(stream: BinaryIO) -> Iterator[str | None]:
    """Yield lines that say something; `None` for one that is too long to be a code."""
    while line := stream.readline(_LONGEST + 1):
        if len(line) > _LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST)
            yield None
        elif text := line.decode("utf-8", "replace").strip():
            yield text


# ------------------------------------------------------------------------------------ being told


class _StopError(Exception):
    """Somebody asked it to end."""


class _Bell:
    """A signal ends the gate between two cards: nobody is left half-judged before a gate that half opens."""

    def __init__(self) -> None:
        self._busy = self._rung = False

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Listen for signals; outside of work each raises `_StopError`."""
        before = {one: signal.signal(one, self._ring) for one in _STOPS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    @contextlib.contextmanager
    def waits(self) -> Iterator[None]:
        """Do some work to its end first."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
        if self._rung:
            raise _StopError

    def _ring(self, _number: int, _frame: object) -> None:
        self._rung = True
        if not self._busy:
            raise _StopError


# ---------------------------------------------------------------------------------------- screen


class _Screen:
    """What people see: a word, a sentence, what to do; in both languages, the chosen one first."""

    def __init__(self, wish: _Asked) -> None:
        self._as_json = wish.as_json
        self._asks = wish.purpose is not None
        first = speech.current().language
        tongues: tuple[Language, ...] = ("zh", "en") if first == "zh" else ("en", "zh")
        self._tongues = tuple(map(Speech, tongues))
        self._console = speech.console()

    def ready(self, age: Freshness | None) -> None:
        if self._as_json:
            return
        for words in self._tongues:
            told = "" if age is None else f" · {self._list(age, words)}"
            self._console.print(f"{words.say('gate-ready')}{told}")

    def next_part(self) -> None:
        if self._as_json:
            speech.print_json({"part": True}, indent=None)
            return
        for words in self._tongues:
            self._console.print(f"… {words.say('gate-next-part')}")

    def answer(self, answer: _Answer, *, stuck: bool) -> None:
        if self._as_json:
            self._data(answer, stuck=stuck)
            return
        if self._console.is_terminal:
            # What the last person was told is not for the next one.
            self._console.clear()
        self._console.rule()
        for words in self._tongues:
            self._console.print()
            self._console.print(
                f"  {SYMBOLS[answer.outcome]}  {self._word(answer, words)}", style="bold"
            )
            self._console.print(f"     {self._sentence(answer, words, stuck=stuck)}")
            if answer.age is not None:
                self._console.print(f"     {self._list(answer.age, words)}", style="dim")
        self._console.rule()

    def _word(self, answer: _Answer, words: Speech) -> str:
        genuine = answer.outcome == "accepted" and not self._asks
        word = words.say("genuine" if genuine else answer.outcome)
        return f"{word} · SPECIMEN 样张" if answer.specimen else word

    def _sentence(self, answer: _Answer, words: Speech, *, stuck: bool) -> str:
        if stuck:
            return f"{words.say('gate-stuck')} → {words.say('gate-lane')}"
        said = words.sentence(answer.code)
        return said if answer.outcome == "accepted" else f"{said} → {words.say('gate-lane')}"

    def _list(self, age: Freshness, words: Speech) -> str:
        return words.say("gate-list", age=told_age(age, words))

    def _data(self, answer: _Answer, *, stuck: bool) -> None:
        told: dict[str, Any] = {
            "outcome": answer.outcome,
            "code": answer.code,
            "lane": answer.outcome != "accepted" or stuck,
            "specimen": answer.specimen,
            "list": None if answer.age is None else answer.age.decision,
        }
        speech.print_json(told, indent=None)

    def counts(self, counts: Counter[str]) -> None:
        names = (*EXIT, "opened")
        if self._as_json:
            speech.print_json({"counts": {one: counts[one] for one in names}}, indent=None)
            return
        for words in self._tongues:
            said = [
                f"{words.say('gate-opened' if one == 'opened' else one)} {counts[one]}"
                for one in names
            ]
            self._console.print(f"{words.say('gate-counts')}: {' · '.join(said)}")
